// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing

/// What is remembered has bounds, and at the bound the answer is no.
@Suite struct BoundedTablesTests {
    @Test func `A full replay cache refuses what is new and forgets nothing that still counts`() {
        var cache = ReplayCache(capacity: 2)
        func admit(_ key: ReplayCache.Key, until: Int64, limit: Int = 1, now: Int64) -> Bool {
            cache.admit(key, until: until, limit: limit, now: now)
        }
        let keys = (0..<4).map { ReplayCache.Key(issuer: "k", tokenID: "\($0)") }
        #expect(admit(keys[0], until: 10, now: 0))
        #expect(admit(keys[1], until: 20, now: 0))
        #expect(!admit(keys[2], until: 20, now: 0))
        #expect(!admit(keys[0], until: 10, now: 9))
        #expect(admit(keys[2], until: 20, now: 10))
        #expect(!admit(keys[3], until: 30, now: 11))
        #expect(!admit(keys[1], until: 20, now: 19))
    }

    @Test func `A token may be used as often as it says`() {
        var cache = ReplayCache()
        func admit(_ key: ReplayCache.Key, until: Int64, limit: Int = 1, now: Int64) -> Bool {
            cache.admit(key, until: until, limit: limit, now: now)
        }
        let key = ReplayCache.Key(issuer: "gate", tokenID: "j")
        #expect((0..<5).map { _ in admit(key, until: 10, limit: 3, now: 0) } == [true, true, true, false, false])
        #expect(!admit(ReplayCache.Key(issuer: "gate", tokenID: "x"), until: 0, now: 0))
    }

    @Test func `Spellings that only look the same are different uses`() {
        var cache = ReplayCache()
        func admit(_ key: ReplayCache.Key, until: Int64, limit: Int = 1, now: Int64) -> Bool {
            cache.admit(key, until: until, limit: limit, now: now)
        }
        #expect(admit(ReplayCache.Key(issuer: "k", tokenID: "\u{e9}"), until: 10, now: 0))
        #expect(admit(ReplayCache.Key(issuer: "k", tokenID: "e\u{301}"), until: 10, now: 0))
    }

    @Test func `A full revocation table says so`() {
        var table = RevocationTable(capacity: 2)
        func insert(_ entry: RevocationTable.Entry, until: Int64, now: Int64) -> Bool {
            table.insert(entry, until: until, now: now)
        }
        #expect(insert(.init(.tokenID, "a"), until: 10, now: 0))
        #expect(insert(.init(.tokenID, "b"), until: 20, now: 0))
        #expect(!insert(.init(.tokenID, "c"), until: 20, now: 0))
        #expect(insert(.init(.tokenID, "b"), until: 15, now: 0))
        #expect(insert(.init(.tokenID, "c"), until: 20, now: 10))
        table.purge(at: 19)
        #expect(table.count == 2)
    }

    @Test func `Rates are held for each client, and an idle one is forgotten`() throws {
        var limits = RateLimits(burst: 2, perSecond: 1, capacity: 1)
        func admit(_ client: SPIFFEID, now: Int64) -> Bool { limits.admit(client, now: now) }
        let (one, two) = (
            try SPIFFEID(parsing: "spiffe://gate.test/agent/one"), try SPIFFEID(parsing: "spiffe://gate.test/agent/two")
        )
        #expect((0..<3).map { _ in admit(one, now: 0) } == [true, true, false])
        #expect(!admit(two, now: 0))
        #expect(admit(one, now: 1_000_000))
        #expect(admit(two, now: 9_000_000))
    }
}
