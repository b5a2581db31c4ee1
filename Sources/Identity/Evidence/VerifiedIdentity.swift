// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Who is asking, after it was proved.
///
/// A plane makes one only from a validated certificate chain, a verified token, the kernel's word or, weakest, the
/// network a connection came from; never from a header. `package` keeps the initialiser inside the program.
public struct VerifiedIdentity: Hashable, Sendable {
    /// The workload's SPIFFE ID.
    public let id: SPIFFEID
    /// How it was proved.
    public let proof: Proof
    /// What attestation saw, such as `unix:uid:1001` or `yett:launch:7f3a`.
    public let selectors: [String]
    /// What the agent is for, as the configuration says.
    public let role: String?
    /// How old the proof is and what it rests on; revocations are about it.
    public let basis: ProofBasis

    /// Records that the caller proved to be `id`.
    package init(
        proved id: SPIFFEID, by proof: Proof, selectors: [String] = [], role: String? = nil,
        basis: ProofBasis = ProofBasis()
    ) {
        self.id = id
        self.proof = proof
        self.selectors = selectors
        self.role = role
        self.basis = basis
    }

    /// The same identity, whose proof rests on something else as well.
    package func resting(on further: ProofBasis) -> VerifiedIdentity {
        VerifiedIdentity(proved: id, by: proof, selectors: selectors, role: role, basis: basis.joined(with: further))
    }

    /// The rank of the proof; see ``Proof/strength``.
    public var strength: Int { proof.strength }
}
