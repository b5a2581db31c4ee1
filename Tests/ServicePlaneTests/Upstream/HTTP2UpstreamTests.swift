// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import ServicePlane
import Synchronization
import Testing

@Suite("Services that are asked by HTTP/2") struct HTTP2UpstreamTests {
    static func options(
        _ upstream: UpstreamServer, _ change: (inout ServiceDescription) throws -> Void = { _ in }
    ) throws -> GateOptions {
        try ServiceGate.options(upstream) { service in
            service.http = .http2(.off)
            try change(&service)
        }
    }

    /// Answers with what it saw.
    private static func mirror() -> UpstreamServer {
        .http2 { peer, request in
            let text = request.head.joined(separator: "|") + "|" + request.body
            try peer.answer(request.stream, [("content-length", "\(text.utf8.count)")], body: text)
        }
    }

    @Test("get the request as it was judged, with the gate's credential and nothing of one hop")
    func request() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try Self.options(upstream, ServiceGate.secure)) { gate in
            let fields =
                "Authorization: Bearer mine\r\nYett-Identity: me\r\nX-Kept: Yes\r\nTE: gzip\r\n"
                + "Connection: x-hop\r\nX-Hop: 1\r\n"
            let seen = try gate.ask("/s/tickets/v1/a/../b?x=1", method: "POST", fields: fields, body: "body")
            let secret = String(repeating: "*", count: ServiceGate.secret.utf8.count)
            #expect(
                seen.text == ":method: POST|:scheme: http|:authority: tickets.test|:path: /v1/b?x=1|x-kept: Yes|"
                    + "content-length: 4|via: 1.1 yett|authorization: Bearer \(secret)|body")
        }
    }

    @Test("carry many requests of an agent on one connection")
    func connection() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        var options = try Self.options(upstream)
        options.workers = 1
        try await withGate(options) { gate in
            let socket = try gate.connectToServices()
            for index in 0..<5 {
                let answer = try gate.ask("/s/tickets/v1/\(index)", on: socket)
                #expect(answer.text.contains(":path: /v1/\(index)|"))
                #expect(answer["content-length"] == "\(answer.text.utf8.count)")
            }
            #expect(upstream.connectionCount == 1)
            let decisions = try await gate.decisions()
            #expect(decisions.count == 5)
        }
    }

    @Test("are dialled once for requests that come at the same time")
    func opening() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        var options = try Self.options(upstream)
        options.workers = 1
        try await withGate(options) { gate in
            let agent = try HTTP2Peer(asking: gate)
            for stream in stride(from: UInt32(1), to: 21, by: 2) { try agent.ask(stream) }
            var answered = 0
            while answered < 10, let frame = try agent.next() {
                if case .headers(_, let fields, _) = frame { #expect(fields.first == ":status: 200") }
                if case .data(_, _, end: true) = frame { answered += 1 }
            }
            #expect(answered == 10)
            #expect(upstream.connectionCount == 1)
            agent.close()
        }
    }

    @Test("take bodies whose length nobody knows, piece by piece")
    func chunks() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try Self.options(upstream)) { gate in
            let socket = try gate.connectToServices()
            try socket.write(
                "POST /s/tickets/v1 HTTP/1.1\r\nHost: gate.test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            try socket.write("2\r\nde\r\n0\r\n\r\n")
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.text.hasSuffix("|via: 1.1 yett|abcde"))
            #expect(!answer.text.contains("transfer-encoding"))
        }
    }

    @Test("get and send fields behind the body, but none that belong in the head")
    func trailers() async throws {
        let upstream = UpstreamServer.http2 { peer, request in
            let seen = request.trailers.joined(separator: "|")
            try peer.answer(
                request.stream, body: seen,
                trailers: [
                    ("grpc-status", "0"), ("set-cookie", "a=b"), ("yett-reason", "x"), ("x-sum", ServiceGate.secret),
                ])
        }
        defer { upstream.stop() }
        try await withGate(try Self.options(upstream, ServiceGate.secure)) { gate in
            let agent = try HTTP2Peer(asking: gate)
            try agent.ask(
                1, method: "POST", [("te", "trailers")], body: "x",
                trailers: [("x-end", "1"), ("authorization", "Bearer mine"), ("content-type", "text/html")])
            let answer = try #require(try agent.message())
            #expect(answer.body == "x-end: 1")
            let secret = String(repeating: "*", count: ServiceGate.secret.utf8.count)
            #expect(answer.trailers == ["grpc-status: 0", "x-sum: \(secret)"])
            agent.close()
        }
    }

    @Test("tell a client that goes away, and an agent whose grant is gone")
    func cancelled() async throws {
        let seen = Mutex<[UInt32]>([])
        let upstream = UpstreamServer { connection in
            let peer = try HTTP2Peer(serving: connection)
            while let frame = try peer.next() {
                switch frame {
                case .headers(let stream, _, _):
                    try peer.send(RawFrames.headers(stream, [(":status", "200")], end: false))
                case .reset(_, let code): seen.withLock { $0.append(code) }
                default: break
                }
            }
        }
        defer { upstream.stop() }
        let options = try Self.options(upstream)
        try await withGate(options) { gate in
            let agent = try HTTP2Peer(asking: gate)
            try agent.ask(1)
            #expect(try agent.next() != nil)
            try agent.send(RawFrames.reset(1))
            #expect(await eventually { seen.withLock { $0 } == [8] })
            let socket = try gate.connectToServices()
            try socket.write("GET /s/tickets/v1 HTTP/1.1\r\nHost: gate.test\r\n\r\n")
            _ = try socket.read(through: "\r\n\r\n")
            gate.registry.cut(where: { _ in true }, CutReason(.operatorCut))
            #expect(await eventually { seen.withLock { $0 } == [8, 8] })
            agent.close()
        }
    }

    @Test("hold back what a client does not take, and go on when it does")
    func backpressure() async throws {
        let total = 4 << 20
        let sent = Mutex(0)
        let upstream = UpstreamServer { connection in
            let peer = try HTTP2Peer(serving: connection)
            guard let request = try peer.message() else { return }
            try peer.send(RawFrames.headers(request.stream, [(":status", "200")], end: false))
            var room = 256 << 10
            while sent.withLock({ $0 }) < total {
                while room < 16 << 10 {
                    guard let frame = try peer.next(windows: true) else { return }
                    if case .window(request.stream, let more) = frame { room += more }
                }
                try peer.send(RawFrames.data(request.stream, [UInt8](repeating: 0x61, count: 16 << 10)))
                room -= 16 << 10
                sent.withLock { $0 += 16 << 10 }
            }
            try peer.send(RawFrames.data(request.stream, [], end: true))
            while try peer.next() != nil {}
        }
        defer { upstream.stop() }
        try await withGate(try Self.options(upstream)) { gate in
            // An agent whose window is 65,535 bytes and who opens it no further.
            let agent = try HTTP2Peer(asking: gate)
            try agent.ask(1)
            var received = 0
            while received < 65_535 {
                if case .data(_, let text, _)? = try agent.next() { received += text.utf8.count }
            }
            try await gate.passSweep()
            #expect(sent.withLock { $0 } < 1 << 20)
            try agent.send(RawFrames.window(0, 8 << 20) + RawFrames.window(1, 8 << 20))
            var isOver = false
            while !isOver, let frame = try agent.next() {
                if case .data(_, let text, let end) = frame {
                    received += text.utf8.count
                    isOver = end
                }
            }
            #expect(received == total)
            agent.close()
        }
    }

    @Test("take no more of a body than they open their window for")
    func upload() async throws {
        let upstream = UpstreamServer { connection in
            let peer = try HTTP2Peer(serving: connection, settings: [(4, 1_000)])
            guard case .headers(let stream, _, _)? = try peer.next() else { return }
            var count = 0
            while let frame = try peer.next() {
                guard case .data(_, let text, let end) = frame else { continue }
                count += text.utf8.count
                if end { break }
                try peer.send(RawFrames.window(stream, 60_000) + RawFrames.window(0, 60_000))
            }
            try peer.answer(stream, body: "\(count)")
            while try peer.next() != nil {}
        }
        defer { upstream.stop() }
        try await withGate(try Self.options(upstream)) { gate in
            let body = String(repeating: "x", count: 1 << 20)
            let answer = try gate.ask("/s/tickets/v1", method: "POST", body: body)
            #expect(answer.text == "\(1 << 20)")
        }
    }

    @Test("answer before they have read the request, and the rest of it is given up")
    func early() async throws {
        let resets = Mutex(0)
        let upstream = UpstreamServer { connection in
            let peer = try HTTP2Peer(serving: connection, settings: [(4, 100)])
            while let frame = try peer.next() {
                if case .headers(let stream, _, _) = frame { try peer.answer(stream, status: "413", body: "no") }
                if case .reset = frame { resets.withLock { $0 += 1 } }
            }
        }
        defer { upstream.stop() }
        try await withGate(try Self.options(upstream)) { gate in
            let socket = try gate.connectToServices()
            try socket.write(
                "POST /s/tickets/v1 HTTP/1.1\r\nHost: gate.test\r\nContent-Length: 100000\r\n\r\n"
                    + String(repeating: "x", count: 5_000))
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 413)
            #expect(await eventually { resets.withLock { $0 } == 1 })
        }
    }
}
