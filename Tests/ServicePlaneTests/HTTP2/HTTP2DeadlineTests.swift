// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Testing

@testable import ServicePlane

@Suite("Deadlines of an HTTP/2 connection") struct HTTP2DeadlineTests {
    @Test("a connection without any request is closed")
    func firstRequest() throws {
        for opens in [true, false] {
            let front = try FrontHarness(opens: opens)
            front.sweep(seconds: 10)
            #expect(front.isOpen)
            front.sweep(seconds: 11)
            // One that did not even begin is not said goodbye to, and closed a little later.
            front.sweep(seconds: 17)
            #expect(!front.isOpen)
            front.finish()
        }
    }

    @Test("a connection without a stream is closed after a while, whatever else it sends")
    func idle() throws {
        let front = try FrontHarness()
        front.send(RawFrames.headers(1, RawFrames.request()))
        _ = try front.answers()
        front.sweep(seconds: 299)
        front.send(RawFrames.frame(6, Array("12345678".utf8)))
        #expect(try front.answers() == [.ping(ack: true)])
        front.sweep(seconds: 301)
        #expect(try front.answers() == [.goAway(last: 1, code: 0)])
        #expect(!front.isOpen)
        front.finish()
    }

    @Test("an exchange that takes its time is waited for")
    func slowService() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(RawFrames.headers(1, RawFrames.request()))
        front.sweep(seconds: 3600)
        #expect(front.connection.streamCount == 1)
        try front.exchange.answer(ScriptedExchange.ok, body: "ok")
        front.sweep(seconds: 3700)
        #expect(front.isOpen)
        front.finish()
    }

    @Test("a body that does not come on is not waited for, unless it is the exchange that waits")
    func bodyStall() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(RawFrames.headers(1, RawFrames.request("POST"), end: false))
        front.sweep(seconds: 200)
        front.send(RawFrames.data(1, "x"))
        try front.exchange.wantsBody = false
        front.sweep(seconds: 800)
        #expect(front.connection.streamCount == 1)
        try front.exchange.wantsBody = true
        front.sweep(seconds: 801)
        #expect(try front.answers() == [.reset(1, 8)])
        #expect(try front.exchange.events.last == .closed)
        front.finish()
    }

    @Test("a client that takes nothing of its answer loses it")
    func sendStall() throws {
        let front = try FrontHarness(opens: false) { ScriptedExchange($0) }
        front.send(RawFrames.preface + RawFrames.settings([(4, 1)]) + RawFrames.settingsAck)
        front.send(RawFrames.headers(1, RawFrames.request()))
        front.sweep(seconds: 1)
        try front.exchange.answer(ScriptedExchange.ok, body: "ok")
        #expect(try front.answers().last == .data(1, "o", end: false))
        front.sweep(seconds: 60)
        #expect(front.connection.streamCount == 1)
        front.sweep(seconds: 62)
        #expect(try front.answers().last == .reset(1, 8))
        #expect(front.connection.unsentBytes == 0)
        front.finish()
    }

    @Test("streams given up long ago are forgiven")
    func budget() {
        var budget = AbuseBudget(limit: 100)
        func take() -> Int {
            var count = 0
            while budget.spend() { count += 1 }
            return count
        }
        budget.refill(now: 5)
        #expect(take() == 100)
        budget.refund()
        #expect(take() == 1)
        budget.refill(now: 1_000_000_005)
        #expect(take() == 10)
        budget.refill(now: 3_600_000_000_000)
        #expect(take() == 100)
    }
}
