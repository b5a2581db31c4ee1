// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Behavior

/// A second, a minute and an hour in microseconds.
let second: Int64 = 1_000_000
let minute: Int64 = 60 * second
let hour: Int64 = 60 * minute
/// When the tests begin: a Sunday in November 2026, on a whole window of ten seconds.
let start: Int64 = 1_795_312_800 * second

/// Makes events with ids that count up.
struct EventFixture {
    var agent = "spiffe://example.test/agent/support"
    var role = "support"
    var task: String?
    var session: String?
    private(set) var next: UInt64 = 1

    init() {}

    /// An allowed read of a tool, so many microseconds after the start.
    mutating func event(at offset: Int64, _ change: (inout BehaviorEvent) -> Void = { _ in }) -> BehaviorEvent {
        var event = BehaviorEvent(id: next, time: start + offset, agent: agent, role: role)
        next += 1
        event.task = task
        event.session = session
        event.plane = "service"
        event.service = "tickets"
        event.tool = "ticket_search"
        event.effect = .read
        change(&event)
        return event
    }

    /// A refused call.
    mutating func denied(at offset: Int64, _ kind: BehaviorEvent.DenialClass) -> BehaviorEvent {
        event(at: offset) { $0.outcome = .denied(kind) }
    }
}

/// Numbers that look random and are the same in every run: SplitMix64.
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ mixed >> 27) &* 0x94d0_49bb_1331_11eb
        return mixed ^ mixed >> 31
    }
}
