// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOEmbedded
import Protocols
import Testing
import Transport

@testable import ServicePlane

@Suite("Clients that wear an HTTP/2 connection out") struct HTTP2AbuseTests {
    private static let calm: UInt32 = 11

    /// The code of the GOAWAY that ended the connection.
    private static func failure(_ front: FrontHarness) throws -> UInt32? {
        for case .goAway(_, let code) in try front.answers() where code != 0 { return code }
        return nil
    }

    private static func number(_ index: Int) -> UInt32 { UInt32(index) * 2 + 1 }

    @Test("streams that are opened and given up end the connection")
    func rapidReset() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        for index in 0..<2000 where front.isOpen {
            front.send(RawFrames.headers(Self.number(index), RawFrames.request()) + RawFrames.reset(Self.number(index)))
        }
        #expect(front.all.count == 101)
        #expect(front.all.allSatisfy { $0.events.last == .closed })
        #expect(try Self.failure(front) == Self.calm)
        #expect(!front.isOpen)
        front.finish()
    }

    @Test("all of them in one read end it as well")
    func rapidResetAtOnce() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        var bytes: [UInt8] = []
        for index in 0..<2000 {
            bytes += RawFrames.headers(Self.number(index), RawFrames.request()) + RawFrames.reset(Self.number(index))
        }
        front.send(bytes)
        #expect(front.all.count == 101)
        #expect(!front.isOpen)
        front.finish()
    }

    @Test("streams that came to their end make up for some that did not")
    func fairReset() throws {
        let front = try FrontHarness { client in
            ScriptedExchange.answering(client)
        }
        for index in 0..<180 {
            let stream = Self.number(index * 2)
            let list = RawFrames.request("POST")
            front.send(RawFrames.headers(stream, list, end: false) + RawFrames.reset(stream))
            front.send(RawFrames.headers(stream + 2, RawFrames.request()))
        }
        #expect(front.isOpen)
        #expect(front.all.count == 360)
        front.finish()
    }

    @Test("a client that has its answer may keep the rest of its request")
    func answeredReset() throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.onBegin = { $0.answer(ScriptedExchange.ok, body: "ok") }
            return exchange
        }
        for index in 0..<180 {
            let stream = Self.number(index)
            front.send(RawFrames.headers(stream, RawFrames.request("POST"), end: false))
            front.send(RawFrames.reset(stream))
        }
        #expect(front.isOpen)
        #expect(front.connection.streamCount == 0)
        front.finish()
    }

    @Test("resets that the client makes the gate send are counted as its own")
    func madeYouReset() throws {
        for frame in [RawFrames.window(1, 0), RawFrames.data(1, "too much", end: true)] {
            let front = try FrontHarness { ScriptedExchange($0) }
            let list = RawFrames.request("POST", "/", [("content-length", "1")])
            for index in 0..<2000 where front.isOpen {
                var frame = frame
                frame.replaceSubrange(5..<9, with: RawFrames.window(Self.number(index), 0)[5..<9])
                front.send(RawFrames.headers(Self.number(index), list, end: false) + frame)
            }
            #expect(front.all.count <= 101)
            #expect(try Self.failure(front) == Self.calm)
            #expect(!front.isOpen)
            front.finish()
        }
    }

    @Test(
        "frames that cost more than they bring end the connection",
        arguments: [
            RawFrames.frame(6, Array("12345678".utf8)), RawFrames.settings(), RawFrames.settings([(1, 0), (1, 4096)]),
            RawFrames.frame(2, stream: 3, [0, 0, 0, 0, 1]),
        ])
    func floods(_ frame: [UInt8]) throws {
        let front = try FrontHarness()
        var sent = 0
        while front.isOpen, sent < 10_000 {
            front.send(frame)
            sent += 1
        }
        #expect(sent <= 300)
        #expect(try Self.failure(front) == Self.calm)
        front.finish()
    }

    @Test("windows that are opened byte by byte end the connection, those that bring something do not")
    func dribble() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(RawFrames.headers(1, RawFrames.request()))
        let exchange = try front.exchange
        exchange.send(head: HTTP2FlowTests.streamed)
        for _ in 0..<2000 {
            exchange.client.send(body: ByteBuffer(repeating: 0x78, count: 16 << 10))
            exchange.client.flush()
            for stream in [0, 1] as [UInt32] {
                for _ in 0..<8 { front.send(RawFrames.window(stream, 2 << 10)) }
            }
            _ = try front.channel.readOutbound(as: IOData.self)
        }
        #expect(front.isOpen)
        var sent = 0
        while front.isOpen, sent < 100_000 {
            front.send(RawFrames.window(1, 1))
            sent += 1
        }
        #expect(sent <= 10_001)
        front.finish()
    }

    @Test("a client that takes no answers may not ask for more, and is left after a while")
    func takesNothing() throws {
        final class Reads: ChannelDuplexHandler {
            typealias InboundIn = ByteBuffer
            typealias OutboundIn = IOData
            var count = 0
            func read(context: ChannelHandlerContext) { count += 1 }
        }
        let front = try FrontHarness()
        let reads = Reads()
        try front.channel.pipeline.syncOperations.addHandler(reads, position: .first)
        front.channel.read()
        #expect(reads.count == 1)
        front.channel.isWritable = false
        front.channel.pipeline.fireChannelWritabilityChanged()
        front.channel.read()
        front.channel.read()
        #expect(reads.count == 1)
        front.channel.isWritable = true
        front.channel.pipeline.fireChannelWritabilityChanged()
        #expect(reads.count == 2)
        front.channel.isWritable = false
        front.send(RawFrames.headers(1, RawFrames.request()))
        front.sweep(seconds: 100)
        front.sweep(seconds: 160)
        #expect(front.isOpen)
        front.sweep(seconds: 161)
        #expect(!front.isOpen)
        front.finish()
    }

    @Test("what follows a refused head is not given to anybody")
    func afterRefusal() throws {
        final class Late: StreamExchange {
            var events: [String] = []
            func begin(_ head: borrowing HTTP1RequestHead, in message: ByteBuffer) { events.append("begin") }
            var wantsBody: Bool { true }
            func receive(body: ByteBuffer) { events.append("body") }
            func receiveEnd(trailers: [TrailerField]) { events.append("end") }
            func refuse(_ refusal: HTTP1Refusal) { events.append("refuse") }
            func clientClosed() { events.append("closed") }
            func writabilityChanged() { events.append("writable") }
        }
        let late = Late()
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/client")).wait()
        try HTTP2Connection.install(on: channel, loop: nil, clock: Clock(monotonic: { 1 }, wall: { 1 })) { _ in late }
        let bytes =
            RawFrames.preface + RawFrames.settings()
            + RawFrames.headers(1, RawFrames.request("POST", "/", [("connection", "close")]), end: false)
            + RawFrames.data(1, "0\r\n\r\nGET /SMUGGLED HTTP/1.1\r\n\r\n") + RawFrames.headers(1, [("x-t", "1")])
        try channel.writeInbound(ByteBuffer(bytes: bytes))
        #expect(late.events == ["refuse"])
        _ = try? channel.finish(acceptAlreadyClosed: true)
        #expect(late.events == ["refuse", "closed"])
    }

    @Test("empty pieces of a body end the connection")
    func emptyData() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(RawFrames.headers(1, RawFrames.request("POST"), end: false))
        for _ in 0..<100 where front.isOpen { front.send(RawFrames.data(1, "")) }
        #expect(!front.isOpen)
        #expect(try front.exchange.events.last == .closed)
        front.finish()
    }

    @Test("a header block without end is not kept")
    func continuations() throws {
        let front = try FrontHarness()
        front.send(RawFrames.frame(1, flags: 1, stream: 1, RawFrames.block(RawFrames.request())))
        let piece = RawFrames.block([("x", String(repeating: "y", count: 90))])
        var sent = 0
        while front.isOpen, sent < 3000 {
            front.send(RawFrames.frame(9, stream: 1, piece))
            sent += 1
        }
        #expect(sent <= 10)
        #expect(front.all.isEmpty)
        front.finish()
    }

    @Test("a header list that grows when it is unpacked is not kept")
    func headerBomb() throws {
        let front = try FrontHarness()
        // One field of 3 KiB goes into the table, and is then named by one byte a thousand times.
        let value = String(repeating: "v", count: 3000)
        var entry = RawFrames.block([("x", value)])
        entry[0] = 0x40
        let list = RawFrames.block(RawFrames.request()) + entry + [UInt8](repeating: 0xbe, count: 1000)
        front.send(RawFrames.frame(1, flags: 5, stream: 1, list))
        #expect(front.all.isEmpty || front.all.allSatisfy { $0.events == [.refused(.headTooLarge)] })
        #expect(!front.isOpen)
        front.finish()
    }

    @Test("a head above the limits is answered with 431")
    func largeHead() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(RawFrames.headers(1, RawFrames.request("GET", "/", (0..<120).map { ("x\($0)", "y") })))
        #expect(try front.exchange.events == [.refused(.tooManyFields)])
        #expect(
            try front.answers() == [.headers(1, [":status: 431", "content-length: 0", "via: 1.1 yett"], end: true)])
        front.finish()
    }

    @Test("more streams at once than allowed are refused")
    func concurrency() throws {
        var limits = HTTP2Limits()
        limits.concurrentStreams = 4
        let front = try FrontHarness(limits: limits) { ScriptedExchange($0) }
        for index in 0..<5 { front.send(RawFrames.headers(Self.number(index), RawFrames.request())) }
        #expect(front.all.count == 4)
        front.finish()
    }

    @Test("bytes mean the same in pieces of every size", arguments: [1, 2, 7, 64])
    func pieces(_ size: Int) throws {
        let front = try FrontHarness(opens: false)
        let bytes =
            RawFrames.preface + RawFrames.settings() + RawFrames.settingsAck
            + RawFrames.headers(1, RawFrames.request("POST", "/p", [("content-length", "11")]), end: false)
            + RawFrames.data(1, "hello ") + RawFrames.headers(3, RawFrames.request())
            + RawFrames.data(1, "world") + RawFrames.headers(1, [("x-t", "1")])
        for start in stride(from: 0, to: bytes.count, by: size) {
            front.send(Array(bytes[start..<min(start + size, bytes.count)]))
        }
        #expect(
            front.all[0].events == [
                .begin("POST /p HTTP/1.1|host: app.test|content-length: 11||"), .body("hello world"), .end(["x-t: 1"]),
            ])
        #expect(front.all[1].events == [.begin("GET / HTTP/1.1|host: app.test||"), .end([])])
        #expect(try front.answers().count == 4)
        front.finish()
    }

    @Test("random frames neither bring the front down nor leave anything behind", arguments: 0..<200 as Range<UInt64>)
    func noise(_ seed: UInt64) throws {
        var state = seed &* 0x9e37_79b9_7f4a_7c15
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            switch random(5) {
            case 0: exchange.onBegin = { $0.answer(ScriptedExchange.ok, body: "ok") }
            case 1: exchange.onEnd = { $0.answer(ScriptedExchange.ok, body: "ok") }
            case 2: exchange.onBody = { exchange, _ in exchange.client.abort() }
            case 3: exchange.wantsBody = false
            default:
                exchange.onBody = { exchange, body in
                    exchange.send(head: HTTP2FlowTests.streamed)
                    exchange.client.send(body: body)
                    exchange.client.flush()
                }
            }
            return exchange
        }
        for _ in 0..<200 where front.isOpen {
            let stream = UInt32(random(12)) * 2 + 1
            switch random(10) {
            case 0...3:
                let list = RawFrames.request(random(2) == 0 ? "GET" : "POST")
                front.send(RawFrames.headers(stream, list, end: random(2) == 0))
            case 4...6:
                front.send(RawFrames.data(stream, String(repeating: "z", count: random(3000)), end: random(4) == 0))
            case 7: front.send(RawFrames.reset(stream))
            case 8: front.send(RawFrames.window(random(2) == 0 ? 0 : stream, UInt32(random(100_000))))
            default: front.send(RawFrames.settings([(4, UInt32(random(100_000)))]))
            }
        }
        front.connection.close()
        #expect(front.connection.heldBytes == 0 && front.connection.unsentBytes == 0)
        #expect(front.connection.streamCount == 0)
        front.finish()
    }
}
