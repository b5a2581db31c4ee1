// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import NIOSSL

/// Verifies the chains that peers present, and verifies them again while they are connected.
struct PeerTrust: Sendable {
    /// Tells apart what was verified before and after other material was put in place.
    let epoch: UInt64
    private let purpose: CertificatePurpose
    private let expected: Set<SPIFFEID>?
    private let bundles: @Sendable () throws(IdentitySourceError) -> TrustBundles
    private let cache = VerifiedChainCache()

    /// - Parameters:
    ///   - purpose: What peers present their leaves for.
    ///   - expected: Whom the peer must be; nil for anybody whose trust domain is trusted.
    ///   - bundles: Whom to trust at this moment.
    init(
        for purpose: CertificatePurpose, expected: Set<SPIFFEID>? = nil, epoch: UInt64 = 0,
        bundles: @escaping @Sendable () throws(IdentitySourceError) -> TrustBundles
    ) {
        self.purpose = purpose
        self.expected = expected
        self.epoch = epoch
        self.bundles = bundles
    }

    /// Verifies a chain that was just presented.
    func verify(_ chain: [[UInt8]], now: Int64) throws(TLSPeerRefusal) -> TLSPeerIdentity {
        try verify(chain, bundles: try present(), now: now)
    }

    /// The identity if its chain still leads to a trusted certificate; verified again where the bundles changed.
    func standing(of identity: TLSPeerIdentity, now: Int64) -> TLSPeerIdentity? {
        guard let bundles = try? present(), identity.svid.isValid(at: now) else { return nil }
        if identity.epoch == epoch, identity.svid.bundleVersion == bundles.version { return identity }
        return try? verify(identity.chain, bundles: bundles, now: now)
    }

    /// The bytes of what was presented, unless there is too much of it.
    static func chain(_ certificates: [NIOSSLCertificate]) throws(TLSPeerRefusal) -> [[UInt8]] {
        guard certificates.count <= SVIDLimits.standard.certificates else {
            throw .certificate(.tooManyCertificates)
        }
        do {
            return try certificates.map { try $0.toDERBytes() }
        } catch {
            throw .certificate(.certificate(.unreadable))
        }
    }

    private func present() throws(TLSPeerRefusal) -> TrustBundles {
        do throws(IdentitySourceError) {
            return try bundles()
        } catch {
            throw .source(error)
        }
    }

    private func verify(
        _ chain: [[UInt8]], bundles: TrustBundles, now: Int64
    ) throws(TLSPeerRefusal) -> TLSPeerIdentity {
        let svid: VerifiedX509SVID
        do throws(X509SVIDError) {
            svid = try cache.verify(chain, bundles: bundles, purpose: purpose, now: now)
        } catch {
            throw .certificate(error)
        }
        if let expected, !expected.contains(svid.id) { throw .unexpected(svid.id) }
        return TLSPeerIdentity(svid: svid, chain: chain, epoch: epoch)
    }
}
