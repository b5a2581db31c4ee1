// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import ServicePlane
import Testing

@Suite("Calls of gRPC through the gate") struct GRPCTests {
    private static let fields = [("content-type", "application/grpc+proto"), ("te", "trailers")]
    /// A message of gRPC: no compression, three bytes.
    private static let message = "\0\0\0\0\u{3}abc"

    @Test("pass both ways as they come, with the status behind the body")
    func call() async throws {
        let upstream = UpstreamServer { connection in
            let peer = try HTTP2Peer(serving: connection)
            guard case .headers(let stream, let head, end: false)? = try peer.next() else { return }
            #expect(head.contains("te: trailers"))
            #expect(head.contains("content-type: application/grpc+proto"))
            // Each message is answered before the next one comes.
            try peer.send(
                RawFrames.headers(stream, [(":status", "200"), ("content-type", "application/grpc")], end: false))
            while let frame = try peer.next() {
                guard case .data(_, let text, let end) = frame else { continue }
                if !text.isEmpty { try peer.send(RawFrames.data(stream, text)) }
                if end { break }
            }
            try peer.send(RawFrames.headers(stream, [("grpc-status", "0"), ("grpc-message", "done")]))
            while try peer.next() != nil {}
        }
        defer { upstream.stop() }
        try await withGate(try HTTP2UpstreamTests.options(upstream)) { gate in
            let agent = try HTTP2Peer(asking: gate)
            try agent.send(RawFrames.headers(1, RawFrames.request("POST", "/s/tickets/v1", Self.fields), end: false))
            let first = try #require(try agent.next())
            guard case .headers(1, let head, end: false) = first else {
                Issue.record("no head but \(first)")
                return
            }
            #expect(head.contains("content-type: application/grpc"))
            for index in 0..<3 {
                try agent.send(RawFrames.data(1, Self.message, end: index == 2))
                #expect(try agent.next() == .data(1, Self.message, end: false))
            }
            #expect(try agent.next() == .headers(1, ["grpc-status: 0", "grpc-message: done"], end: true))
            agent.close()
        }
    }

    @Test("that fail at once have their status in the head")
    func headersOnly() async throws {
        let upstream = UpstreamServer.http2 { peer, request in
            try peer.answer(
                request.stream, [("content-type", "application/grpc"), ("grpc-status", "5"), ("grpc-message", "no")],
                body: nil)
        }
        defer { upstream.stop() }
        try await withGate(try HTTP2UpstreamTests.options(upstream)) { gate in
            let agent = try HTTP2Peer(asking: gate)
            try agent.ask(1, method: "POST", Self.fields, body: Self.message)
            let answer = try #require(try agent.message())
            #expect(answer["grpc-status"] == "5")
            #expect(answer.body.isEmpty && answer.trailers.isEmpty)
            agent.close()
        }
    }

    @Test("that are refused say so in words of gRPC", arguments: [("/s/tickets/admin", "7"), ("/s/nothing/x", "5")])
    func refused(path: String, status: String) async throws {
        let upstream = UpstreamServer.http2()
        defer { upstream.stop() }
        try await withGate(try HTTP2UpstreamTests.options(upstream)) { gate in
            let agent = try HTTP2Peer(asking: gate)
            try agent.ask(1, path, method: "POST", Self.fields, body: Self.message)
            let answer = try #require(try agent.message())
            #expect(answer[":status"] == "200")
            #expect(answer["content-type"] == "application/grpc")
            #expect(answer["grpc-status"] == status)
            let reason = try #require(answer["yett-reason"])
            #expect(answer["grpc-message"]?.hasPrefix(reason + ": ") ?? false)
            #expect(answer.body.isEmpty)
            #expect(upstream.connectionCount == 0)
            agent.close()
        }
    }

    @Test("to a service that is not there are unavailable")
    func unavailable() async throws {
        let upstream = UpstreamServer.http2()
        defer { upstream.stop() }
        var options = try HTTP2UpstreamTests.options(upstream)
        // Nobody listens on the first port.
        options.route = { _ in 1 }
        try await withGate(options) { gate in
            let agent = try HTTP2Peer(asking: gate)
            try agent.ask(1, method: "POST", Self.fields, body: Self.message)
            let answer = try #require(try agent.message())
            #expect(answer["grpc-status"] == "14")
            agent.close()
        }
    }
}
