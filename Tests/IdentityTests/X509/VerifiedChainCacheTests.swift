// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing
import X509

@Suite struct VerifiedChainCacheTests {
    private static let now = CertificateTemplate.now

    private struct World {
        let root: TestAuthority
        let chain: [[UInt8]]

        init() throws {
            root = try TestAuthority()
            chain = [try root.issue(.leaf("spiffe://example.org/agent/a")).der]
        }

        func bundles(_ version: UInt64, isTrusted: Bool = true) throws -> TrustBundles {
            try .only("example.org", isTrusted ? [root] : [], version: version)
        }
    }

    private func verify(
        _ cache: VerifiedChainCache, _ chain: [[UInt8]], _ bundles: TrustBundles, now: Int64 = Self.now,
        for purpose: CertificatePurpose = .clientAuthentication
    ) -> X509SVIDError? {
        do throws(X509SVIDError) {
            _ = try cache.verify(chain, bundles: bundles, purpose: purpose, now: now)
            return nil
        } catch {
            return error
        }
    }

    @Test("an entry ends when the bundles change")
    func bundles() throws {
        let world = try World()
        let cache = VerifiedChainCache()
        #expect(verify(cache, world.chain, try world.bundles(1)) == nil)
        #expect(cache.count == 1)
        #expect(verify(cache, world.chain, try world.bundles(2, isTrusted: false)) == .path(.noIssuer))
        #expect(verify(cache, world.chain, try world.bundles(3)) == nil)
        #expect(cache.count == 1)
        // A verification with bundles that were replaced meanwhile is not remembered.
        let other = [try world.root.issue(.leaf("spiffe://example.org/agent/b")).der]
        #expect(verify(cache, other, try world.bundles(2)) == nil)
        #expect(cache.count == 1)
    }

    @Test("an entry ends when a certificate of its path does")
    func expiry() throws {
        let world = try World()
        let cache = VerifiedChainCache()
        let bundles = try world.bundles(1)
        #expect(verify(cache, world.chain, bundles) == nil)
        #expect(verify(cache, world.chain, bundles, now: Self.now + 3601) == .path(.expired))
        #expect(verify(cache, world.chain, bundles, now: Self.now - 3601) == .path(.notYetValid))
    }

    @Test("purposes and chains are kept apart")
    func keys() throws {
        let world = try World()
        let cache = VerifiedChainCache()
        let bundles = try world.bundles(1)
        var template = CertificateTemplate.leaf("spiffe://example.org/agent/a")
        template.purposes = [.clientAuth]
        let chain = [try world.root.issue(template).der]
        #expect(verify(cache, chain, bundles) == nil)
        #expect(verify(cache, chain, bundles, for: .serverAuthentication) == .purpose(.serverAuthentication))
        var longer = chain
        longer[0].append(0)
        #expect(verify(cache, longer, bundles) == .certificate(.unreadable))
    }

    @Test("it never holds more than its capacity")
    func capacity() throws {
        let world = try World()
        let cache = VerifiedChainCache(capacity: 4)
        let bundles = try world.bundles(1)
        for number in 0..<10 {
            let chain = [try world.root.issue(.leaf("spiffe://example.org/agent/\(number)")).der]
            #expect(verify(cache, chain, bundles) == nil)
            #expect(cache.count == min(number + 1, 4))
        }
    }
}
