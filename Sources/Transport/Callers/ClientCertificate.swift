// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Identity
package import PKI

/// A TLS client's certificate over the life of its connection: looked at again for each request, and lost for good once
/// it does not stand any more.
package struct ClientCertificate: Sendable {
    private let peer: TLSPeer
    private let tls: SVIDServerTLS
    private var known: TLSPeerIdentity?
    private var basis: ProofBasis?
    /// Whether it stopped standing.
    package private(set) var isLost = false
    /// How often its chain was verified again after the handshake.
    package private(set) var verifications = 0

    /// The certificate that the handshake of a connection will bring.
    package init(_ peer: TLSPeer, of tls: SVIDServerTLS) {
        self.peer = peer
        self.tls = tls
    }

    /// The SPIFFE ID while the certificate holds and its chain leads to an authority that is trusted now; nil, too, when
    /// there is no certificate.
    ///
    /// - Parameter now: Unix seconds.
    package mutating func identity(at now: Int64) -> SPIFFEID? {
        guard !isLost, let presented = known ?? peer.identity else { return nil }
        known = tls.standing(of: presented, now: now)
        isLost = known == nil
        if known?.isVerified(with: presented) != true {
            verifications &+= 1
            basis = nil
        }
        return known?.id
    }

    /// Who the certificate names and what that rests on, as long as it stands.
    ///
    /// - Parameter now: Unix seconds.
    package mutating func standing(at now: Int64) -> Standing? {
        guard let id = identity(at: now) else { return nil }
        let basis = basis ?? known?.svid.basis ?? ProofBasis()
        self.basis = basis
        return Standing(id: id, basis: basis)
    }

    /// What a certificate amounts to that stands.
    package struct Standing: Sendable {
        /// Whom it names.
        package let id: SPIFFEID
        /// How old it is and who issued it.
        package let basis: ProofBasis
    }

    /// SHA-256 of the certificate, as long as it stands.
    ///
    /// - Parameter now: Unix seconds.
    package mutating func thumbprint(at now: Int64) -> [UInt8]? {
        identity(at: now) == nil ? nil : known?.thumbprint
    }
}
