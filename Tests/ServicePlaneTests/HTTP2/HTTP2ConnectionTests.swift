// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOEmbedded
import Protocols
import Testing

@testable import ServicePlane

@Suite("The front for HTTP/2") struct HTTP2ConnectionTests {
    static let okHead = [":status: 200", "content-length: 2", "via: 1.1 yett"]

    @Test("hands a request over as a head of HTTP/1, and answers it in two frames")
    func get() throws {
        let front = try FrontHarness()
        front.send(RawFrames.headers(1, RawFrames.request("GET", "/a?b=c", [("accept", "*/*")])))
        #expect(try front.exchange.events == [.begin("GET /a?b=c HTTP/1.1|host: app.test|accept: */*||"), .end([])])
        #expect(try front.answers() == [.headers(1, Self.okHead, end: false), .data(1, "ok", end: true)])
        #expect(front.connection.streamCount == 0)
        front.send(RawFrames.headers(3, RawFrames.request()))
        #expect(try front.answers() == [.headers(3, Self.okHead, end: false), .data(3, "ok", end: true)])
        front.finish()
    }

    @Test("says in its settings what it takes")
    func settings() throws {
        let front = try FrontHarness(opens: false)
        let frames = try front.frames()
        #expect(frames == [.settings, .window(0, (1 << 20) - 65_535)])
        front.finish()
    }

    @Test("serves many streams at once, each with its own body")
    func interleaved() throws {
        let front = try FrontHarness()
        let post = RawFrames.request("POST", "/", [])
        var bytes: [UInt8] = []
        for stream in [1, 3, 5] as [UInt32] { bytes += RawFrames.headers(stream, post, end: false) }
        for stream in [5, 1, 3] as [UInt32] { bytes += RawFrames.data(stream, "a\(stream)") }
        for stream in [3, 5, 1] as [UInt32] { bytes += RawFrames.data(stream, "b\(stream)", end: true) }
        front.send(bytes)
        for (index, stream) in [1, 3, 5].enumerated() {
            #expect(
                front.all[index].events == [
                    .begin("POST / HTTP/1.1|host: app.test|transfer-encoding: chunked||"),
                    .body("a\(stream)b\(stream)"), .end([]),
                ])
        }
        #expect(try front.answers().map(\.stream).sorted() == [1, 1, 3, 3, 5, 5])
        front.finish()
    }

    @Test("passes trailers in both directions")
    func trailers() throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.onEnd = {
                $0.answer(
                    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Type: application/grpc\r\n\r\n",
                    body: "m",
                    trailers: [
                        TrailerField(name: "grpc-status", value: "0"), TrailerField(name: "content-length", value: "9"),
                        TrailerField(name: "yett-x", value: "1"),
                    ])
            }
            return exchange
        }
        front.send(
            RawFrames.headers(1, RawFrames.request("POST", "/p.S/M", [("te", "trailers")]), end: false)
                + RawFrames.data(1, "hello")
                + RawFrames.headers(1, [("x-t", "1"), ("x-agent-id", "root")]))
        #expect(try front.exchange.events.suffix(2) == [.body("hello"), .end(["x-t: 1"])])
        #expect(
            try front.answers() == [
                .headers(1, [":status: 200", "content-type: application/grpc", "via: 1.1 yett"], end: false),
                .data(1, "m", end: false), .headers(1, ["grpc-status: 0"], end: true),
            ])
        front.finish()
    }

    @Test(
        "writes an answer of a head alone in one frame",
        arguments: [
            ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", [":status: 200", "content-length: 7"]),
            ("GET", "HTTP/1.1 204 No Content\r\n\r\n", [":status: 204"]),
            ("GET", "HTTP/1.1 304 Not Modified\r\nETag: \"a\"\r\n\r\n", [":status: 304", "etag: \"a\""]),
            ("GET", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", [":status: 200", "content-length: 0"]),
        ])
    func headsAlone(_ method: String, _ head: String, _ fields: [String]) throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.onEnd = { $0.answer(head, body: "ignored", method: method == "HEAD" ? .head : .get) }
            return exchange
        }
        front.send(RawFrames.headers(1, RawFrames.request(method)))
        let via = head.hasPrefix("HTTP/1.0") ? "via: 1.0 yett" : "via: 1.1 yett"
        #expect(try front.answers() == [.headers(1, fields + [via], end: true)])
        front.finish()
    }

    @Test("drops the fields of one hop from a response, and those that only the gate says")
    func responseFields() throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.onEnd = {
                $0.answer(
                    "HTTP/1.1 200 OK\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nYett-Reason: x\r\n"
                        + "Set-Cookie: a\r\nSet-Cookie: b\r\nUpgrade: h2c\r\nContent-Length: 0\r\n\r\n")
            }
            return exchange
        }
        front.send(RawFrames.headers(1, RawFrames.request()))
        let fields = [":status: 200", "set-cookie: a", "set-cookie: b", "content-length: 0", "via: 1.1 yett"]
        #expect(try front.answers() == [.headers(1, fields, end: true)])
        front.finish()
    }

    @Test("sends informational heads at once, and never a switch of protocols")
    func informational() throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.onBegin = {
                $0.send(head: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")
                $0.send(head: "HTTP/1.1 100 Continue\r\n\r\n")
                $0.client.flush()
            }
            exchange.onEnd = { $0.answer(ScriptedExchange.ok, body: "ok") }
            return exchange
        }
        let request = RawFrames.request("POST", "/", [("expect", "100-continue"), ("content-length", "1")])
        front.send(RawFrames.headers(1, request, end: false))
        #expect(try front.answers() == [.headers(1, [":status: 100", "via: 1.1 yett"], end: false)])
        front.send(RawFrames.data(1, "x", end: true))
        #expect(try front.answers() == [.headers(1, Self.okHead, end: false), .data(1, "ok", end: true)])
        front.finish()
    }

    @Test("streams a response as it comes, and ends it with a frame of its own")
    func streamed() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(RawFrames.headers(1, RawFrames.request()))
        let exchange = try front.exchange
        exchange.send(head: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        exchange.client.flush()
        #expect(try front.answers() == [.headers(1, [":status: 200", "via: 1.1 yett"], end: false)])
        exchange.client.send(body: ByteBuffer(string: "one"))
        exchange.client.flush()
        exchange.client.send(body: ByteBuffer(string: "two"))
        exchange.client.send(body: ByteBuffer(string: "three"))
        exchange.client.flush()
        #expect(
            try front.answers() == [
                .data(1, "one", end: false), .data(1, "two", end: false), .data(1, "three", end: false),
            ])
        exchange.client.finish(trailers: [])
        #expect(try front.answers() == [.data(1, "", end: true)])
        #expect(exchange.events.last == .end([]))
        front.finish()
    }

    @Test("resets what it cannot complete, and tells the exchange when the client does")
    func resets() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(RawFrames.headers(1, RawFrames.request()) + RawFrames.headers(3, RawFrames.request()))
        front.all[0].send(head: ScriptedExchange.ok)
        front.all[0].client.send(body: ByteBuffer(string: "o"))
        front.all[0].client.flush()
        front.all[0].client.abort()
        #expect(
            try front.answers() == [
                .headers(1, Self.okHead, end: false), .reset(1, 2),
            ])
        #expect(front.all[0].events.last == .end([]))
        front.send(RawFrames.reset(3))
        #expect(front.all[1].events.last == .closed)
        front.all[1].answer(ScriptedExchange.ok, body: "ok")
        #expect(try front.answers().isEmpty)
        #expect(front.connection.streamCount == 0)
        front.finish()
    }

    @Test("answers before the request has ended, and drops the rest of it")
    func earlyAnswer() throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.onBegin = { $0.answer(ScriptedExchange.ok, body: "ok") }
            return exchange
        }
        let answer = [ReceivedFrame.headers(1, Self.okHead, end: false), .data(1, "ok", end: true)]
        front.send(RawFrames.headers(1, RawFrames.request("POST"), end: false) + RawFrames.data(1, "more"))
        #expect(try front.answers() == answer)
        front.send(HTTP2FlowTests.data(1, count: 200_000))
        #expect(try front.frames().contains { $0.isWindow && $0.stream == 1 })
        front.send(RawFrames.data(1, "late", end: true))
        #expect(front.connection.streamCount == 0)
        #expect(try front.exchange.events.count == 1)
        #expect(front.isOpen)
        front.finish()
    }

    @Test("waits for the rest of an answered request only for a while, and takes only so much of it")
    func lingering() throws {
        var limits = HTTP2Limits()
        limits.lingeringBytes = 1 << 20
        let front = try FrontHarness(limits: limits) { client in
            let exchange = ScriptedExchange(client)
            exchange.onBegin = { $0.answer(ScriptedExchange.ok, body: "ok") }
            return exchange
        }
        for stream in [1, 3, 5] as [UInt32] {
            front.send(RawFrames.headers(stream, RawFrames.request("POST"), end: false))
        }
        _ = try front.answers()
        var granted = 256 << 10
        for _ in 0..<64 {
            front.send(HTTP2FlowTests.data(1, count: 16 << 10))
            for case .window(1, let increment) in try front.frames() { granted += increment }
        }
        #expect(granted <= (1 << 20) + (256 << 10))
        for second in 1...40 as ClosedRange<Int64> {
            if second < 38 { front.send(RawFrames.data(3, "x")) }
            front.sweep(seconds: second)
            let resets = try front.answers()
            switch second {
            case 6: #expect(resets == [.reset(1, 0), .reset(5, 0)])
            case 31: #expect(resets == [.reset(3, 0)])
            default: #expect(resets.isEmpty)
            }
        }
        front.finish()
    }

    @Test("waits for nothing that is dropped when it drains")
    func drainLingering() throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.onBegin = { $0.answer(ScriptedExchange.ok, body: "ok") }
            return exchange
        }
        front.send(RawFrames.headers(1, RawFrames.request("POST"), end: false))
        front.connection.drain()
        #expect(front.isOpen)
        front.sweep(seconds: 1)
        #expect(!front.isOpen)
        front.finish()
    }

    @Test("tells every exchange when the connection is gone")
    func gone() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(
            RawFrames.headers(1, RawFrames.request()) + RawFrames.headers(3, RawFrames.request("POST"), end: false))
        front.connection.close()
        #expect(front.all.map { $0.events.last } == [.closed, .closed])
        front.all[0].answer(ScriptedExchange.ok, body: "ok")
        front.all[1].client.abort()
        front.finish()
    }

    @Test("refuses streams while there is too much to do")
    func overload() throws {
        let front = try FrontHarness { _ in nil }
        front.send(RawFrames.headers(1, RawFrames.request()))
        #expect(try front.answers() == [.reset(1, 7)])
        #expect(front.isOpen)
        front.finish()
    }

    @Test("lets the streams there are come to their end when it drains")
    func drain() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(RawFrames.headers(1, RawFrames.request()))
        front.connection.drain()
        #expect(try front.answers() == [.goAway(last: 1, code: 0)])
        front.send(RawFrames.headers(3, RawFrames.request()))
        #expect(front.all.count == 1)
        try front.exchange.answer(ScriptedExchange.ok, body: "ok")
        let frames = try front.answers()
        #expect(
            frames == [
                .headers(1, Self.okHead, end: false), .data(1, "ok", end: true), .goAway(last: 1, code: 0),
            ])
        #expect(!front.isOpen)
        front.finish()
    }

    @Test("closes at once when it drains without streams")
    func drainIdle() throws {
        let front = try FrontHarness()
        front.connection.drain()
        #expect(try front.answers() == [.goAway(last: 0, code: 0)])
        #expect(!front.isOpen)
        front.finish()
    }

    @Test("answers what was asked before the client ended its direction")
    func halfClosed() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(RawFrames.headers(1, RawFrames.request()))
        front.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        try front.exchange.answer(ScriptedExchange.ok, body: "ok")
        #expect(try front.answers().contains(.data(1, "ok", end: true)))
        #expect(!front.isOpen)
        front.finish()
    }
}
