// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import X509

/// Issues certificates to workloads on other machines.
public protocol RemoteIssuer: Sendable {
    /// A certificate in exchange for a join token, which is used up by it.
    func join(token: String, key: Certificate.PublicKey) async throws(JoinError) -> RemoteIdentity

    /// Another certificate for somebody who has one and shows it.
    func renew(_ client: ExchangeClient, key: Certificate.PublicKey) async throws(JoinError) -> RemoteIdentity
}

/// What a workload on another machine gets.
public struct RemoteIdentity: Sendable, Hashable {
    /// Its identity.
    public let id: SPIFFEID
    /// Its certificate, then the intermediate.
    public let chain: [EncodedCertificate]
    /// The authorities of its trust domain.
    public let authorities: [EncodedCertificate]

    /// Collects the parts.
    public init(id: SPIFFEID, chain: [EncodedCertificate], authorities: [EncodedCertificate]) {
        self.id = id
        self.chain = chain
        self.authorities = authorities
    }
}

/// Why a workload gets no certificate.
public enum JoinError: Error, Hashable, Sendable {
    /// The request makes no sense.
    case malformed(String)
    /// The caller may not have it.
    case refused(String)
    /// It cannot be issued now.
    case unavailable(String)
}
