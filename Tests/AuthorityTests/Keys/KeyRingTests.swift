// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Authority

@Suite struct KeyRingTests {
    private static let schedule = KeySchedule(lifetime: 6000, retention: 100)

    private func key(
        _ id: String, _ stage: KeyStage, from start: Int64 = 0, isTainted: Bool = false
    ) -> AuthorityKey {
        AuthorityKey(
            kind: .jwt, id: id, stage: stage, isTainted: isTainted, notBefore: start, notAfter: start + 6000,
            published: start)
    }

    private func ring(_ keys: AuthorityKey...) -> KeyRing {
        KeyRing(kind: .jwt, schedule: Self.schedule, keys: keys)
    }

    @Test func `an empty ring needs a key that signs`() {
        #expect(ring().due(at: 0, isClockSettled: true) == .create(.active))
    }

    @Test(
        arguments: [
            (0, nil), (2999, nil), (3000, KeyRing.Change.create(.prepared)), (5999, .create(.prepared)),
            (6000, .create(.active)), (-1, .create(.active)),
        ] as [(Int64, KeyRing.Change?)])
    func `the next key is published when half of a life is left`(now: Int64, due: KeyRing.Change?) {
        #expect(ring(key("a", .active)).due(at: now, isClockSettled: true) == due)
    }

    @Test(
        arguments: [(4999, nil), (5000, KeyRing.Change.activate("b")), (7000, .activate("b"))]
            as [(Int64, KeyRing.Change?)])
    func `the next key signs when a sixth of a life is left`(now: Int64, due: KeyRing.Change?) {
        let ring = ring(key("a", .active), key("b", .prepared, from: 3000))
        #expect(ring.due(at: now, isClockSettled: true) == due)
    }

    @Test func `long lives are cut to SPIRE's 30 and 7 days`() {
        #expect(KeySchedule.roots.prepareAhead == 30 * 86_400)
        #expect(KeySchedule.roots.activateAhead == 7 * 86_400)
        #expect(KeySchedule.jwtKeys.prepareAhead == 43_200)
        #expect(KeySchedule.jwtKeys.activateAhead == 14_400)
    }

    @Test func `an old key is forgotten only after it has expired and the retention is over`() {
        let ring = ring(key("a", .old), key("b", .active, from: 5000))
        #expect(ring.due(at: 6100, isClockSettled: true) == nil)
        #expect(ring.due(at: 6101, isClockSettled: true) == .remove("a"))
    }

    @Test func `nothing is forgotten while the clock has jumped`() {
        #expect(ring(key("a", .old), key("b", .active, from: 5000)).due(at: 6101, isClockSettled: false) == nil)
    }

    @Test func `a clock that was set back behind every key asks for a new one`() {
        let ring = ring(key("a", .active, from: 5000))
        #expect(ring.due(at: 4000, isClockSettled: false) == .create(.active))
    }

    @Test func `a prepared key that never came to be valid is forgotten`() {
        let ring = ring(key("a", .active, from: 9000), key("b", .prepared, from: 9500))
        #expect(ring.due(at: 4000, isClockSettled: false) == .remove("b"))
    }

    @Test func `only a prepared key can be activated, and the one that signed becomes old`() throws {
        var ring = ring(key("a", .active), key("b", .prepared), key("c", .old))
        for id in ["a", "c", "x"] { #expect(throws: AuthorityError.self) { try ring.activate(id) } }
        try ring.activate("b")
        #expect(ring.keys.map(\.stage) == [.old, .active, .old])
    }

    @Test func `the key that signs can be neither tainted nor revoked`() {
        var ring = ring(key("a", .active))
        #expect(throws: AuthorityError.self) { try ring.taint("a") }
        #expect(throws: AuthorityError.self) { try ring.revoke("a") }
    }

    @Test func `a tainted key that was prepared never signs`() throws {
        var ring = ring(key("a", .active), key("b", .prepared))
        try ring.taint("b")
        #expect(throws: AuthorityError.self) { try ring.activate("b") }
        #expect(ring.due(at: 3000, isClockSettled: true) == .create(.prepared))
    }

    @Test func `only a tainted key can be revoked, once`() throws {
        var ring = ring(key("a", .old), key("b", .active))
        #expect(throws: AuthorityError.self) { try ring.revoke("a") }
        try ring.taint("a")
        #expect(ring.published.map(\.id) == ["a", "b"])
        try ring.revoke("a")
        #expect(ring.published.map(\.id) == ["b"])
        #expect(throws: AuthorityError.self) { try ring.revoke("a") }
        #expect(throws: AuthorityError.self) { try ring.taint("a") }
    }
}

@Suite struct ClockWatchTests {
    private func looks(_ times: [(wall: Int64, monotonic: Int64)]) -> [Bool] {
        var watch = ClockWatch()
        return times.map { watch.observe(wall: $0.wall, monotonic: $0.monotonic) }
    }

    @Test func `a clock that goes steadily is settled`() {
        #expect(looks([(100, 5), (160, 65), (195, 70)]) == [true, true, true])
    }

    @Test(arguments: [86_400, -86_400] as [Int64])
    func `a clock that jumped is settled only after ten minutes`(jump: Int64) {
        let times: [(Int64, Int64)] = [
            (100_000, 0), (100_010 + jump, 10), (100_609 + jump, 609), (100_610 + jump, 610),
        ]
        #expect(looks(times) == [true, false, false, true])
    }
}
