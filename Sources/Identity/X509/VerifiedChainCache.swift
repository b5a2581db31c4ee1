// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import Synchronization

/// Remembers chains that were verified, so that a peer which comes again costs one hash instead of several signatures.
///
/// An entry is found by the SHA-256 of every byte of the chain together with the purpose. It ends when the bundles change
/// or a certificate of its path expires. Refusals are not remembered.
public final class VerifiedChainCache: Sendable {
    private struct Key: Hashable {
        let digest: SHA256.Digest
        let purpose: CertificatePurpose
    }

    private struct Contents {
        var entries: [Key: VerifiedX509SVID] = [:]
        /// Keys in the order in which they came; the oldest is overwritten when it is full.
        var ring: [Key] = []
        var next = 0
        var version: UInt64?
    }

    private let capacity: Int
    private let limits: SVIDLimits
    private let contents = Mutex(Contents())

    /// A cache for at most this many chains.
    public init(capacity: Int = 4096, limits: SVIDLimits = .standard) {
        self.capacity = max(capacity, 1)
        self.limits = limits
    }

    /// How many chains are remembered.
    public var count: Int { contents.withLock { $0.entries.count } }

    /// Verifies a chain or finds it verified; see ``X509SVIDVerifier/verify(_:bundles:purpose:now:limits:)``.
    ///
    /// - Throws: ``X509SVIDError``.
    public func verify(
        _ chain: [[UInt8]], bundles: TrustBundles, purpose: CertificatePurpose, now: Int64
    ) throws(X509SVIDError) -> VerifiedX509SVID {
        guard chain.count <= limits.certificates else { throw .tooManyCertificates }
        guard chain.reduce(0, { $0 &+ $1.count }) <= limits.bytes else { throw .tooManyBytes }
        let key = Key(digest: Self.digest(chain), purpose: purpose)
        if let known = find(key, version: bundles.version), known.isValid(at: now) { return known }
        let verified = try X509SVIDVerifier.verify(
            chain, bundles: bundles, purpose: purpose, now: now, limits: limits)
        insert(verified, under: key)
        return verified
    }

    private static func digest(_ chain: [[UInt8]]) -> SHA256.Digest {
        var hash = SHA256()
        for der in chain {
            // The lengths keep apart chains whose bytes run together.
            withUnsafeBytes(of: UInt64(truncatingIfNeeded: der.count).bigEndian) { hash.update(bufferPointer: $0) }
            der.withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        return hash.finalize()
    }

    private func find(_ key: Key, version: UInt64) -> VerifiedX509SVID? {
        contents.withLock { contents in
            guard contents.version == version else { return nil }
            return contents.entries[key]
        }
    }

    private func insert(_ verified: VerifiedX509SVID, under key: Key) {
        contents.withLock { contents in
            if contents.version != verified.bundleVersion {
                // A verification that was overtaken by a newer bundle is not remembered.
                if let version = contents.version, version > verified.bundleVersion { return }
                contents = Contents()
                contents.version = verified.bundleVersion
            }
            guard contents.entries.updateValue(verified, forKey: key) == nil else { return }
            if contents.ring.count < capacity {
                contents.ring.append(key)
            } else if contents.ring.indices.contains(contents.next) {
                contents.entries[contents.ring[contents.next]] = nil
                contents.ring[contents.next] = key
                contents.next = (contents.next &+ 1) % capacity
            }
        }
    }
}
