// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Protocols
import Testing

@testable import ServicePlane

@Suite("What may be under way on an HTTP/2 connection") struct HTTP2FlowTests {
    static let streamed = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    static let post = RawFrames.headers(1, RawFrames.request("POST"), end: false)

    /// Frames of DATA of 16 KiB at most.
    static func data(_ stream: UInt32, count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = count
        while rest > 0 {
            let size = min(rest, 16 << 10)
            bytes += RawFrames.data(stream, [UInt8](repeating: 0x78, count: size))
            rest -= size
        }
        return bytes
    }

    static func windows(_ front: FrontHarness) throws -> [ReceivedFrame] { try front.frames().filter(\.isWindow) }

    @Test("lets the client send on as what it sent is taken")
    func taken() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(Self.post + Self.data(1, count: 128 << 10))
        let frames = try Self.windows(front)
        #expect(frames.contains(.window(1, 128 << 10)))
        front.send(Self.data(1, count: 1 << 20))
        #expect(try Self.windows(front).contains { $0.stream == 0 })
        #expect(try front.exchange.events.last == .body(String(repeating: "x", count: (1 << 20) + (128 << 10))))
        #expect(front.connection.heldBytes == 0)
        front.finish()
    }

    @Test("holds what is not wanted yet, and lets the client send no more than its window")
    func held() throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.wantsBody = false
            return exchange
        }
        front.send(Self.post + Self.data(1, count: 256 << 10))
        #expect(try Self.windows(front).isEmpty)
        let exchange = try front.exchange
        #expect(exchange.events.count == 1)
        #expect(front.connection.heldBytes == 256 << 10)
        exchange.client.resumeBody()
        #expect(exchange.events.count == 1)
        exchange.wantsBody = true
        exchange.client.resumeBody()
        #expect(exchange.events.count == 2)
        #expect(front.connection.heldBytes == 0)
        #expect(try Self.windows(front).contains(.window(1, 256 << 10)))
        exchange.wantsBody = false
        front.send(RawFrames.data(1, "tail", end: true))
        #expect(exchange.events.count == 2)
        exchange.wantsBody = true
        exchange.client.resumeBody()
        #expect(exchange.events.last == .end([]))
        front.finish()
    }

    @Test("ends what sends more than its window")
    func overrun() throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.wantsBody = false
            return exchange
        }
        front.send(Self.post + Self.data(1, count: (256 << 10) + 1))
        #expect(front.connection.heldBytes <= 256 << 10)
        #expect(try front.exchange.events.last == .closed)
        #expect(front.connection.heldBytes == 0)
        front.finish()
    }

    @Test("lets go of the bytes of all streams together that nobody wants")
    func heldByAll() throws {
        let front = try FrontHarness { client in
            let exchange = ScriptedExchange(client)
            exchange.wantsBody = false
            return exchange
        }
        for stream in [1, 3, 5, 7] as [UInt32] {
            front.send(RawFrames.headers(stream, RawFrames.request("POST"), end: false))
            front.send(Self.data(stream, count: 256 << 10))
        }
        #expect(front.connection.heldBytes == 1 << 20)
        #expect(try Self.windows(front).isEmpty)
        for stream in [1, 3, 5, 7] as [UInt32] { front.send(RawFrames.reset(stream)) }
        #expect(front.connection.heldBytes == 0)
        front.send(RawFrames.headers(9, RawFrames.request("POST"), end: false))
        let exchange = try front.exchange
        exchange.wantsBody = true
        exchange.client.resumeBody()
        #expect(front.isOpen)
        front.finish()
    }

    @Test("counts padding as what it is")
    func padding() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(Self.post)
        let padded = RawFrames.frame(0, flags: 8, stream: 1, [255, 0x79] + [UInt8](repeating: 0, count: 255))
        for _ in 0..<512 { front.send(padded) }
        #expect(try front.exchange.events.last == .body(String(repeating: "y", count: 512)))
        #expect(try Self.windows(front).contains { $0.stream == 1 })
        front.finish()
    }

    @Test("asks the exchange to wait while the client takes nothing, and to go on when it does")
    func unsent() throws {
        let front = try FrontHarness(opens: false) { ScriptedExchange($0) }
        front.send(RawFrames.preface + RawFrames.settings([(4, 10)]) + RawFrames.settingsAck)
        front.send(RawFrames.headers(1, RawFrames.request()))
        _ = try front.frames()
        let exchange = try front.exchange
        exchange.send(head: Self.streamed)
        var sent = 0
        while exchange.client.isWritable {
            exchange.client.send(body: ByteBuffer(repeating: 0x78, count: 8 << 10))
            exchange.client.flush()
            sent += 8 << 10
        }
        #expect(sent == 64 << 10)
        #expect(front.connection.unsentBytes == sent)
        #expect(try front.answers().suffix(1) == [.data(1, String(repeating: "x", count: 10), end: false)])
        #expect(exchange.events.last != .writable)
        front.send(RawFrames.window(1, 16 << 10))
        #expect(!exchange.client.isWritable)
        front.send(RawFrames.window(1, 32 << 10))
        #expect(exchange.client.isWritable)
        #expect(exchange.events.last == .writable)
        let count = try front.answers().reduce(0) { count, frame in
            guard case .data(_, let text, _) = frame else { return count }
            return count + text.utf8.count
        }
        #expect(count == 48 << 10)
        exchange.client.abort()
        #expect(front.connection.unsentBytes == 0)
        front.finish()
    }

    @Test("gives each stream less once all of them together wait for the client")
    func unsentOfAll() throws {
        var limits = HTTP2Limits()
        limits.unsentBytesOfConnection = 128 << 10
        let front = try FrontHarness(limits: limits, opens: false) { ScriptedExchange($0) }
        front.send(RawFrames.preface + RawFrames.settings([(4, 0)]) + RawFrames.settingsAck)
        for stream in 0..<32 as Range<UInt32> {
            front.send(RawFrames.headers(stream * 2 + 1, RawFrames.request()))
            let exchange = try front.exchange
            exchange.send(head: Self.streamed)
            while exchange.client.isWritable {
                exchange.client.send(body: ByteBuffer(repeating: 0x78, count: 4 << 10))
            }
            exchange.client.flush()
        }
        #expect(front.connection.unsentBytes <= (128 << 10) + 30 * (8 << 10))
        // One whose window opens goes on, whatever the others do.
        front.send(RawFrames.window(63, 64 << 10))
        #expect(try front.exchange.events.last == .writable)
        front.finish()
    }

    @Test("sends a large body in the order in which it came")
    func large() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        front.send(
            RawFrames.headers(1, RawFrames.request()) + RawFrames.window(0, 1 << 20) + RawFrames.window(1, 1 << 20))
        let exchange = try front.exchange
        exchange.send(head: Self.streamed)
        var expected = ""
        for index in 0..<20 {
            let piece = String(repeating: String(index % 10), count: 20_000)
            expected += piece
            exchange.client.send(body: ByteBuffer(string: piece))
            exchange.client.flush()
        }
        exchange.client.finish(trailers: [])
        var body = ""
        var ends = 0
        for case .data(1, let text, let end) in try front.answers() {
            body += text
            ends += end ? 1 : 0
        }
        #expect(body == expected)
        #expect(ends == 1)
        #expect(front.connection.unsentBytes == 0)
        front.finish()
    }

    @Test(
        "ends a request whose body is not as long as it says",
        arguments: [
            (5, [3], true), (5, [3, 3], false), (5, [6], true), (5, [5, 1], true), (5, [5, 0, 1], false),
        ])
    func contentLength(_ length: Int, _ pieces: [Int], _ ends: Bool) throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        var bytes = RawFrames.headers(1, RawFrames.request("POST", "/", [("content-length", "\(length)")]), end: false)
        for (index, piece) in pieces.enumerated() {
            let isLast = ends && index == pieces.count - 1
            bytes += RawFrames.data(1, [UInt8](repeating: 0x78, count: piece), end: isLast)
        }
        front.send(bytes)
        #expect(try front.answers() == [.reset(1, 1)])
        let events = try front.exchange.events
        #expect(events.last == .closed)
        #expect(!events.contains(.end([])))
        front.finish()
    }

    @Test("begins nothing for a request that says it has no body and has one")
    func hiddenBody() throws {
        let front = try FrontHarness { ScriptedExchange($0) }
        let head = RawFrames.headers(1, RawFrames.request("POST", "/", [("content-length", "0")]), end: false)
        front.send(head)
        #expect(try front.exchange.events.isEmpty)
        front.send(RawFrames.data(1, "GET /SMUGGLED HTTP/1.1\r\n\r\n", end: true))
        #expect(try front.exchange.events == [.refused(.badContentLength)])
        #expect(
            try front.answers().first == .headers(1, [":status: 400", "content-length: 0", "via: 1.1 yett"], end: true))
        front.finish()
    }

    @Test("takes the end of a request without body in a frame of its own")
    func separateEnd() throws {
        let front = try FrontHarness()
        front.send(RawFrames.headers(1, RawFrames.request("POST", "/", [("content-length", "0")]), end: false))
        front.send(RawFrames.data(1, "", end: true))
        #expect(
            try front.exchange.events == [.begin("POST / HTTP/1.1|host: app.test|content-length: 0||"), .end([])])
        front.finish()
    }
}
