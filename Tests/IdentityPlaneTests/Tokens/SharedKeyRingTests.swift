// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import IdentityPlane
import Testing

@Suite("Keys that several gates share")
struct SharedKeyRingTests {
    private static func names(_ ring: ToolKeyRing) -> Set<String> {
        Set(ring.own(at: 0).compactMap(\.key.jsonWebKey.keyID))
    }

    @Test("no key signs before the others know it, neither the first one nor any after it")
    func waitsForOthers() throws {
        let ring = try ToolKeyRing(now: 0, isShared: true)
        #expect(throws: SigningError.self) { try ring.signer }
        #expect(ring.keySet.keys.count == 2)
        ring.othersKnow(Self.names(ring))
        let first = try ring.signer.keyID
        ring.maintain(now: ToolKeyRing.life)
        let second = try ring.signer.keyID
        #expect(first != second)
        // The third was made just now, and nobody was told: the second goes on.
        ring.maintain(now: 2 * ToolKeyRing.life)
        #expect(try ring.signer.keyID == second)
        ring.othersKnow(Self.names(ring))
        ring.maintain(now: 2 * ToolKeyRing.life)
        #expect(try ring.signer.keyID != second)
        // Two withdrawn at once leave none that the others know.
        for _ in 0..<2 { #expect(ring.withdraw(ring.own(at: 0)[0].key.jsonWebKey.keyID ?? "", now: 1)) }
        #expect(throws: SigningError.self) { try ring.signer }
    }

    @Test("the keys of other gates verify within their times, and end with a withdrawal")
    func others() throws {
        let (own, other) = (try ToolKeyRing(now: 0), try ToolKeyRing(now: 0))
        let names = Self.names(other)
        #expect(own.take(other.own(at: 0), of: "b", now: 0))
        #expect(names.allSatisfy { own.verificationKeys[$0] != nil })
        #expect(own.keySet.keys.count == 4)
        #expect(own.withdraw(try #require(names.first), now: 1))
        #expect(names.count { own.verificationKeys[$0] != nil } == 1)
        own.maintain(now: 3 * 3_600)
        #expect(names.allSatisfy { own.verificationKeys[$0] == nil })
        #expect(own.keySet.keys.count == 2)
    }

    @Test("a key is not used before its time, and no gate pushes out what another one says")
    func limits() throws {
        let (own, other) = (try ToolKeyRing(now: 0), try ToolKeyRing(now: 1_000))
        let names = Self.names(other)
        #expect(own.take(other.own(at: 1_000), of: "b", now: 0))
        #expect(names.allSatisfy { own.verificationKeys[$0] == nil })
        own.maintain(now: 1_000)
        #expect(names.allSatisfy { own.verificationKeys[$0] != nil })
        // The same keys in another gate's mouth, and this gate's own.
        #expect(own.take(other.own(at: 1_000) + own.own(at: 1_000), of: "c", now: 1_000))
        #expect(names.allSatisfy { own.verificationKeys[$0] != nil })
        let first = try own.signer.keyID
        #expect(own.verificationKeys[first] != nil)
        let many = Array(repeating: other.own(at: 0)[0], count: ToolKeyRing.mostOthers)
        #expect(!own.take(many, of: "d", now: 1_000))
        #expect(own.count(of: "d") == 0)
        #expect(own.keySet.keys.count == 4)
    }
}
