// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Behavior

@Suite("Bounded memory") struct MemoryTests {
    @Test("a full table drops what was used longest ago")
    func leastRecentlyUsed() {
        var table = BoundedTable<Int, String>(capacity: 3)
        for key in 1...3 { #expect(table.insert(key, "\(key)")?.dropped == nil) }
        #expect(table.use(1) != nil)
        #expect(table.insert(4, "4")?.dropped == "2")
        #expect(table.find(2) == nil && table.find(1) != nil && table.count == 3)
        #expect(table.slots.map { table.keys[$0] } == [3, 1, 4])
    }

    @Test("a full table keeps what may not be dropped, and refuses when it finds nothing else")
    func kept() {
        var table = BoundedTable<Int, Bool>(capacity: 3)
        for key in 1...3 { _ = table.insert(key, key == 2) }
        #expect(table.insert(4, false, reach: 1, mayDrop: { $0 }) == nil)
        #expect(table.insert(4, false, reach: 2, mayDrop: { $0 })?.dropped == true)
        #expect(table.slots.map { table.keys[$0] } == [1, 3, 4])
        #expect(table.insert(5, false, reach: 100, mayDrop: { $0 }) == nil)
    }

    @Test("a table behaves like a list in the order of use")
    func model() {
        var generator = SplitMix64(3)
        var table = BoundedTable<UInt64, UInt64>(capacity: 8)
        var model: [UInt64] = []
        for _ in 0..<20_000 {
            let key = generator.next() % 16
            if let position = model.firstIndex(of: key) {
                #expect(table.use(key).map { table.values[$0] } == key)
                model.remove(at: position)
            } else {
                let dropped = table.insert(key, key)?.dropped
                #expect(dropped == (model.count == 8 ? model.removeFirst() : nil))
            }
            model.append(key)
            #expect(table.slots.map { table.keys[$0] } == model)
        }
    }

    @Test("names are equal when their bytes are")
    func names() {
        #expect("e\u{301}" == "\u{e9}")
        #expect(ByteName("e\u{301}") != ByteName("\u{e9}"))
        #expect(ByteName("a\u{323}\u{307}") != ByteName("a\u{307}\u{323}"))
        #expect(Set([ByteName("e\u{301}"), ByteName("\u{e9}"), ByteName("\u{e9}")]).count == 2)
    }

    @Test("a late event counts as of now, and time goes on after the clock was set back")
    func clock() {
        var clock = EventClock()
        #expect(clock.advance(to: start + 1000 * second) == start + 1000 * second)
        #expect(clock.advance(to: start + 970 * second) == start + 1000 * second)
        #expect(clock.advance(to: start + 1001 * second) == start + 1001 * second)
        // One hour back: the next events go on from here.
        #expect(clock.advance(to: start + 1001 * second - hour) == start + 1001 * second)
        #expect(clock.advance(to: start + 1011 * second - hour) == start + 1011 * second)
        #expect(clock.reading(at: start + 1021 * second - hour) == start + 1021 * second)
        #expect(clock.reading(at: start + 1000 * second - hour) == start + 1011 * second)
    }

    @Test("a clock that is thrown about for ever stays within its bounds")
    func thrown() {
        var clock = EventClock()
        var last: Int64 = 0
        for index in 0..<5000 {
            let now = clock.advance(to: index % 2 == 0 ? .max : .min)
            #expect(now >= last && now <= EventClock.end && clock.reading(at: .min) >= now)
            last = now
        }
    }

    @Test("the last ids are kept in order")
    func ring() {
        var ring = EventRing(capacity: 3)
        #expect(ring.all.isEmpty)
        for id in 1...7 { ring.append(UInt64(id)) }
        #expect(ring.all == [5, 6, 7] && ring.last(2) == [6, 7] && ring.last(9) == [5, 6, 7])
    }

    @Test("agents without a mark make room, those with one never do")
    func agents() {
        var settings = BehaviorSettings()
        settings.capacity.agents = 50
        var (monitor, fixture) = (BehaviorMonitor(settings: settings), EventFixture())
        fixture.agent = "spiffe://example.test/agent/hijacked"
        for _ in 0..<3 { _ = monitor.observe(fixture.denied(at: 0, .tool)) }
        for index in 0..<10_000 {
            fixture.agent = "spiffe://example.test/agent/\(index)"
            _ = monitor.observe(fixture.event(at: Int64(index) * second))
        }
        #expect(
            monitor.risk(of: "spiffe://example.test/agent/hijacked", at: start + 9 * hour).level == .critical)
    }

    @Test("agents that find no place are judged together")
    func crowd() {
        var settings = BehaviorSettings()
        settings.capacity.agents = 4
        var (monitor, fixture) = (BehaviorMonitor(settings: settings), EventFixture())
        for index in 0..<4 {
            fixture.agent = "spiffe://example.test/agent/\(index)"
            for _ in 0..<3 { _ = monitor.observe(fixture.denied(at: 0, .tool)) }
        }
        for index in 4..<7 {
            fixture.agent = "spiffe://example.test/agent/\(index)"
            #expect(monitor.risk(of: fixture.agent, at: start).level == [.normal, .elevated, .high][index - 4])
            _ = monitor.observe(fixture.denied(at: 0, .tool))
        }
        #expect(monitor.risk(of: "spiffe://example.test/agent/9", at: start).level == .critical)
        monitor.release("spiffe://example.test/agent/9", at: start)
        #expect(monitor.risk(of: "spiffe://example.test/agent/9", at: start).level == .normal)
    }
}
