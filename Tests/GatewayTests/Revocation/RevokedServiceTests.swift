// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Testing

/// What operators revoke, at the service proxy: whatever is open ends in the manner of its protocol.
@Suite struct RevokedServiceTests {
    private static let grants =
        "[{name: tickets, service: tickets, methods: [GET, POST], paths: [/tickets, /stream]}, "
        + "{name: web, hosts: [web.test], ports: any}, {name: tools, service: tools, tools: {search: {}}}]"

    /// A service that streams, an MCP server that does, and a forward proxy beside them.
    private static func text(to port: UInt16, attest: String = "{source: [127.0.0.1]}", identify: String = "source")
        -> String
    {
        """
        agents:
          bot:
            attest: [\(attest)]
            grants: \(grants)
        services:
          tickets: {host: tickets.test, port: \(port)}
          tools: {host: tickets.test, port: \(port), protocol: mcp}
        service_proxy:
          listeners: [{address: "127.0.0.1:0", identify: [\(identify)]}]
        egress:
          listeners: [{address: "127.0.0.1:0", identify: [\(identify)]}]
          resolver: {hosts: {tickets.test: [127.0.0.1], web.test: [127.0.0.1]}}
          exceptions:
            - {host: tickets.test, port: \(port), cidr: 127.0.0.1/32}
            - {host: web.test, port: \(port), cidr: 127.0.0.1/32}
        """
    }

    private static func port(_ gate: RunningGate, _ index: Int) -> UInt16 {
        gate.listeners[index].split(separator: ":").last.flatMap { UInt16($0) } ?? 0
    }

    @Test func `Streams, WebSockets, subscriptions and HTTP/2 streams of before end, each in its manner`() async throws
    {
        let upstream = try StreamingServer()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port)) { gate throws in
            let (egress, service) = (Self.port(gate, 0), Self.port(gate, 1))
            let stream = try RawSocket.connect(port: service)
            try stream.write("GET /s/tickets/stream HTTP/1.1\r\nHost: g\r\n\r\n")
            let socket = try RawSocket.connect(port: egress)
            try socket.write(
                "GET http://web.test:\(upstream.port)/chat HTTP/1.1\r\nHost: web.test:\(upstream.port)\r\n"
                    + "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
            let subscription = try RawSocket.connect(port: service)
            try subscription.write(
                "GET /s/tools HTTP/1.1\r\nHost: g\r\nAccept: text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n"
                    + "\r\n")
            let plain = try RawSocket.connect(port: egress)
            try plain.write(
                "GET http://web.test:\(upstream.port)/x HTTP/1.1\r\nHost: web.test:\(upstream.port)\r\n\r\n")
            for open in [stream, socket, subscription, plain] {
                let head = HTTPText.parseHead(try open.read(through: "\r\n\r\n"))
                #expect([101, 200].contains(head.status), "\(head.startLine)")
            }
            let multiplexed = try RawSocket.connect(port: service)
            let fields = [(":method", "GET"), (":scheme", "http"), (":path", "/s/tickets/stream"), (":authority", "g")]
            try multiplexed.write(
                PlainHTTP2.preface + PlainHTTP2.acknowledgement + PlainHTTP2.request(stream: 1, fields)
                    + PlainHTTP2.request(stream: 3, fields))
            var bytes: [UInt8] = []
            var answered: Set<UInt32> = []
            while answered.count < 2 {
                bytes += try multiplexed.readSome()
                for frame in PlainHTTP2.frames(&bytes) where frame.kind == 0 { answered.insert(frame.stream) }
            }
            #expect(try comesTrue { try gate.connections().count == 6 })

            let answer = try gate.ask("POST", "revocations", body: #"{"agent":"bot","why":"w"}"#)
            #expect(try AdminJSON.decoder.decode(RevocationReport.self, from: Data(answer.body)).cut == 6)
            // A chunked answer that ends without its last chunk is broken, and a client sees that.
            for open in [stream, subscription, plain] {
                let end = open.readToEnd()
                #expect(end.ending != .stillOpen && end.bytes.suffix(5) != Array("0\r\n\r\n".utf8))
            }
            #expect(socket.readToEnd().ending != .stillOpen)
            var resets: Set<UInt32> = []
            while resets.count < 2 {
                bytes += try multiplexed.readSome()
                for frame in PlainHTTP2.frames(&bytes) where frame.kind == 3 { resets.insert(frame.stream) }
            }
            #expect(resets == [1, 3])
            // What comes over the old connection is refused, and the client is told to open another one.
            try multiplexed.write(PlainHTTP2.request(stream: 5, fields))
            var kinds: Set<UInt8> = []
            while let more = try? multiplexed.readSome(), !more.isEmpty {
                bytes += more
                for frame in PlainHTTP2.frames(&bytes) { kinds.insert(frame.kind) }
            }
            #expect(kinds.contains(1) && kinds.contains(7))
            let fresh = try RawSocket.connect(port: service)
            try fresh.write("GET /s/tickets/stream HTTP/1.1\r\nHost: g\r\n\r\n")
            #expect(HTTPText.parseHead(try fresh.read(through: "\r\n\r\n")).status == 200)
            let reasons = try gate.records("kind=connection_end&limit=100").map { $0.text("cause") }
            #expect(reasons == Array(repeating: "agent_revoked", count: 6))
        }
    }

    @Test func `A kept connection of before is refused and closed`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port)) { gate throws in
            let kept = try RawSocket.connect(port: Self.port(gate, 1))
            #expect(try gate.ask("GET", service: "/s/tickets/tickets", fields: "", on: kept).status == 200)
            #expect(try gate.ask("POST", "revocations", body: #"{"agent":"bot","why":"w"}"#).status == 201)
            let refused = try gate.ask("GET", service: "/s/tickets/tickets", fields: "", on: kept)
            #expect(refused.status == 403 && refused["yett-reason"] == "agent_revoked", "\(refused.text)")
            #expect(refused.text.contains("connect anew") && refused.text.contains("operator"), "\(refused.text)")
            #expect(kept.readToEnd().ending != .stillOpen)
            let decision = try #require(refused["yett-decision"])
            let explained = try gate.ask("GET", "decisions/\(decision)", for: DecisionExplanation.self)
            #expect(explained.now?.reason == "agent_revoked")
            #expect(explained.now?.steps.contains { $0.hasPrefix("no  revocation:") } == true)
        }
    }

    @Test func `A configured token of before is void until the configuration has another one`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = Self.text(to: upstream.port, attest: ServiceGate.tokenAttestation, identify: "token")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            func ask(_ token: String) throws -> HTTPText {
                try gate.ask(
                    "GET", service: "/s/tickets/tickets", fields: "Authorization: Bearer \(token)\r\n",
                    on: try RawSocket.connect(port: Self.port(gate, 1)))
            }
            #expect(try ask(ServiceGate.token).status == 200)
            let answer = try gate.ask("POST", "revocations", body: #"{"agent":"bot"}"#)
            // Nobody knows when such a token ends.
            #expect(try AdminJSON.decoder.decode(RevocationReport.self, from: Data(answer.body)).rememberedUntil == nil)
            #expect(try ask(ServiceGate.token)["yett-reason"] == "agent_revoked")
            let other = "agent-token-of-later-77"
            try FileManager.default.removeItem(atPath: gate.directory + "/token")
            try ServiceGate.write(other, as: "token", in: gate.directory)
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try ask(other).status == 200)
            // The old one would not come back with the old file.
            try FileManager.default.removeItem(atPath: gate.directory + "/token")
            try ServiceGate.write(ServiceGate.token, as: "token", in: gate.directory)
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try ask(ServiceGate.token)["yett-reason"] == "agent_revoked")
        }
    }

    @Test func `A call that waits for a person, and a consent that was not used, end with the agent`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let held = try gate.postAndWait("held")
            let waiting = try gate.question()
            let id = try #require(try gate.post("agreed")["yett-approval"])
            try gate.answer(id)
            #expect(try gate.ask("POST", "revocations", body: #"{"agent":"bot","why":"w"}"#).status == 201)
            let refused = try HTTPText.readResponse(from: held)
            #expect(refused["yett-reason"] == "agent_revoked", "\(refused.startLine) \(refused.text)")
            let states = try gate.approvals()
            #expect(states.count == 2 && states.allSatisfy { $0.state == "withdrawn" })
            #expect(try gate.answer(waiting.id).status == 409)
            #expect(!upstream.text.contains("held") && !upstream.text.contains("agreed"))
        }
    }
}
