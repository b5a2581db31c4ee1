// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto

/// Verifies chains that peers present, in the order in which nothing costs more than the step before allowed.
///
/// Source: SPIFFE X509-SVID, section 5; the SPIFFE ID is the only thing that identifies a peer.
public enum X509SVIDVerifier {
    /// Verifies a chain.
    ///
    /// - Parameters:
    ///   - chain: DER certificates, leaf first.
    ///   - bundles: what is trusted; only the bundle of the leaf's own trust domain is looked at.
    ///   - purpose: what the peer presents the leaf for.
    ///   - now: Unix seconds.
    /// - Throws: ``X509SVIDError``.
    public static func verify(
        _ chain: [[UInt8]], bundles: TrustBundles, purpose: CertificatePurpose, now: Int64,
        limits: SVIDLimits = .standard
    ) throws(X509SVIDError) -> VerifiedX509SVID {
        guard !chain.isEmpty else { throw .emptyChain }
        guard chain.count <= limits.certificates else { throw .tooManyCertificates }
        guard chain.reduce(0, { $0 &+ $1.count }) <= limits.bytes else { throw .tooManyBytes }
        let certificates = try read(chain)
        guard let leaf = certificates.first else { throw .emptyChain }
        let id = try LeafProfile.identity(of: leaf, for: purpose)
        guard let bundle = bundles[id.trustDomain] else { throw .untrustedDomain(id.trustDomain) }
        let path: [EncodedCertificate]
        do throws(PathError) {
            path = try PathFinder.path(
                from: leaf, through: Array(certificates.dropFirst()), to: bundle.x509.authorities, now: now,
                trustDomain: id.trustDomain, purpose: purpose, limits: limits)
        } catch {
            throw .path(error)
        }
        return VerifiedX509SVID(id: id, path: path, bundleVersion: bundles.version)
    }

    private static func read(_ chain: [[UInt8]]) throws(X509SVIDError) -> [EncodedCertificate] {
        var certificates: [EncodedCertificate] = []
        for der in chain {
            do throws(CertificateError) {
                certificates.append(try EncodedCertificate(der: der))
            } catch {
                throw .certificate(error)
            }
        }
        return certificates
    }
}

/// A peer's X509-SVID after it was verified.
public struct VerifiedX509SVID: Sendable, Hashable {
    /// Who the peer is.
    public let id: SPIFFEID
    /// The leaf and what it was issued by, up to a trusted certificate.
    public let path: [EncodedCertificate]
    /// SHA-256 of the leaf, as `cnf.x5t#S256` has it.
    public let thumbprint: [UInt8]
    /// Unix seconds from which every certificate of the path holds.
    public let notBefore: Int64
    /// Unix seconds until which every certificate of the path holds; the last second belongs to it.
    public let notAfter: Int64
    /// The version of the bundles it was verified with; it holds no longer than they do.
    public let bundleVersion: UInt64

    fileprivate init(id: SPIFFEID, path: [EncodedCertificate], bundleVersion: UInt64) {
        self.id = id
        self.path = path
        thumbprint = path.first?.thumbprint ?? []
        notBefore = path.map(\.notBefore).max() ?? .max
        notAfter = path.map(\.notAfter).min() ?? .min
        self.bundleVersion = bundleVersion
    }

    /// Whether it holds at `now`, as long as the bundles do not change.
    public func isValid(at now: Int64) -> Bool { notBefore <= now && now <= notAfter }
}

extension VerifiedX509SVID: CustomStringConvertible {
    /// The identity.
    public var description: String { "X509-SVID \(id)" }
}
