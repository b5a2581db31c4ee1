// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import ServicePlane
import Synchronization
import Testing

@Suite("Requests that a service did not answer") struct RetryTests {
    /// Answers one request on its first connection, and does with the second one there what `second` says; all others get
    /// an answer.
    private static func server(_ second: @escaping @Sendable (RawSocket) throws -> Void) -> UpstreamServer {
        let isFirst = Mutex(true)
        return UpstreamServer { connection in
            let breaks = isFirst.withLock { first in
                defer { first = false }
                return first
            }
            var count = 0
            while let request = try HTTPText.readRequest(from: connection, within: 60) {
                count += 1
                if breaks, count == 2 { return try second(connection) }
                let body = "\(request.startLine)|\(request.text)"
                try connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            }
        }
    }

    private static func run(
        _ upstream: UpstreamServer, _ options: GateOptions? = nil, _ body: (GateHarness, RawSocket) async throws -> Void
    ) async throws {
        defer { upstream.stop() }
        var options = try options ?? ServiceGate.options(upstream)
        options.workers = 1
        try await withGate(options) { gate in
            let socket = try gate.connectToServices()
            let first = try gate.ask("/s/tickets/v1/first", on: socket)
            #expect(first.status == 200)
            try await body(gate, socket)
        }
    }

    @Test("are sent once more when a kept connection closes, with their body", arguments: ["GET", "PUT", "DELETE"])
    func kept(method: String) async throws {
        let upstream = Self.server { $0.close() }
        try await Self.run(upstream) { gate, socket in
            let answer = try gate.ask(
                "/s/tickets/v1/second", method: method, body: method == "PUT" ? "body" : nil, on: socket)
            #expect(answer.text == "\(method) /v1/second HTTP/1.1|\(method == "PUT" ? "body" : "")")
            #expect(upstream.connectionCount == 2)
            // Nothing was decided anew.
            let decisions = try await gate.decisions()
            #expect(decisions.count == 2)
        }
    }

    @Test("are not when they may have had an effect")
    func effect() async throws {
        let upstream = Self.server { $0.close() }
        try await Self.run(upstream) { gate, socket in
            let answer = try gate.ask("/s/tickets/v1/second", method: "POST", body: "body", on: socket)
            #expect(answer.status == 502)
            #expect(upstream.connectionCount == 1)
        }
    }

    @Test("are not when a part of an answer came", arguments: ["H", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 103 E\r\n\r\n"])
    func partial(bytes: String) async throws {
        let upstream = Self.server { connection in
            try connection.write(bytes)
            connection.close()
        }
        try await Self.run(upstream) { gate, socket in
            try socket.write("GET /s/tickets/v1/second HTTP/1.1\r\nHost: gate.test\r\n\r\n")
            var answer = try HTTPText.readResponse(from: socket)
            if answer.status == 103 { answer = try HTTPText.readResponse(from: socket) }
            #expect(answer.status == 502)
            #expect(upstream.connectionCount == 1)
        }
    }

    @Test("are not when the connection was new")
    func fresh() async throws {
        let upstream = UpstreamServer { connection in _ = try HTTPText.readRequest(from: connection) }
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { gate in
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer.status == 502)
            #expect(upstream.connectionCount == 1)
        }
    }

    @Test("are not a second time")
    func twice() async throws {
        let count = Mutex(0)
        let upstream = UpstreamServer { connection in
            while try HTTPText.readRequest(from: connection, within: 60) != nil {
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                guard number == 1 else { return }
                try connection.write(UpstreamServer.hello)
            }
        }
        try await Self.run(upstream) { gate, socket in
            let answer = try gate.ask("/s/tickets/v1/second", on: socket)
            #expect(answer.status == 502)
            #expect(count.withLock { $0 } == 3)
        }
    }

    /// What an HTTP/2 service says of a request that it did not look at.
    enum Refusal: CaseIterable { case refused, goAway }

    @Test("because it did not look at them are, whatever the method", arguments: Refusal.allCases)
    func refused(how: Refusal) async throws {
        let count = Mutex(0)
        let upstream = UpstreamServer.http2 { peer, request in
            let number = count.withLock { count in
                count += 1
                return count
            }
            guard number == 2 else { return try peer.answer(request.stream, body: "\(number): \(request.body)") }
            switch how {
            case .refused: try peer.send(RawFrames.reset(request.stream, 7))
            case .goAway: try peer.send(RawFrames.goAway(request.stream - 2, 0))
            }
        }
        try await Self.run(upstream, try HTTP2UpstreamTests.options(upstream)) { gate, socket in
            let answer = try gate.ask("/s/tickets/v1/second", method: "POST", body: "body", on: socket)
            #expect(answer.text == "3: body")
            #expect(upstream.connectionCount == (how == .refused ? 1 : 2))
            let decisions = try await gate.decisions()
            #expect(decisions.count == 2)
        }
    }

    @Test("on a connection of HTTP/2 that breaks are, when they are idempotent", arguments: ["GET", "POST"])
    func broken(method: String) async throws {
        let count = Mutex(0)
        let upstream = UpstreamServer { connection in
            let peer = try HTTP2Peer(serving: connection)
            while let request = try peer.message() {
                let number = count.withLock { count in
                    count += 1
                    return count
                }
                guard number != 2 else { return }
                try peer.answer(request.stream)
            }
        }
        try await Self.run(upstream, try HTTP2UpstreamTests.options(upstream)) { gate, socket in
            let answer = try gate.ask("/s/tickets/v1/second", method: method, on: socket)
            #expect(answer.status == (method == "GET" ? 200 : 502))
        }
    }
}
