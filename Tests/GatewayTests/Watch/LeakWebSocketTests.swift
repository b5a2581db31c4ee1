// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Testing

/// WebSockets through both proxies, whose messages are looked through.
@Suite struct LeakWebSocketTests {
    private static let secret = LeakTests.registered
    private static let switching =
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
    private static let upgrade =
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

    /// Agrees to a WebSocket, says something, and takes what comes.
    private static func server(saying text: String = "") -> UpstreamServer {
        UpstreamServer { connection in
            _ = try HTTPText.readRequest(from: connection, within: 60)
            try connection.write(switching)
            if !text.isEmpty { try connection.write([0x81, UInt8(text.utf8.count)] + Array(text.utf8)) }
            while try !connection.readSome(within: 60).isEmpty {}
        }
    }

    private static func frame(_ text: some StringProtocol, first: UInt8 = 0x81) -> [UInt8] {
        [first, 0x80 | UInt8(text.utf8.count), 5, 6, 7, 8]
            + text.utf8.enumerated().map { $1 ^ [5, 6, 7, 8][$0 & 3] }
    }

    private static func service(_ port: UInt16) -> String {
        ServiceGate.text(
            to: port, grants: "[{name: tickets, service: tickets, methods: [GET], paths: [/tickets]}]",
            sections: LeakTests.sections())
    }

    private static func proxy(_ port: UInt16) -> String {
        Sample.tunnels(to: port, grants: "[{name: all, hosts: [web.test], ports: [\(port)]}]") + "\n"
            + LeakTests.sections()
    }

    private static func open(_ gate: RunningGate, _ port: UInt16, isProxy: Bool) throws -> RawSocket {
        let socket = try RawSocket.connect(port: gate.port)
        try socket.write(
            isProxy
                ? "GET http://web.test:\(port)/ HTTP/1.1\r\nHost: web.test:\(port)\r\n\(upgrade)"
                : "GET /s/tickets/tickets HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer \(ServiceGate.token)\r\n\(upgrade)"
        )
        let answer = try HTTPText.readResponse(from: socket)
        #expect(answer.status == 101, "\(answer.startLine)")
        return socket
    }

    @Test("a secret over fragments of a message closes the socket with 1008", arguments: [false, true])
    func up(isProxy: Bool) async throws {
        let upstream = Self.server()
        defer { upstream.stop() }
        let text = isProxy ? Self.proxy(upstream.port) : Self.service(upstream.port)
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            let socket = try Self.open(gate, upstream.port, isProxy: isProxy)
            let hello = Self.frame("hello")
            try socket.write(hello)
            #expect(comesTrue { upstream.holds(hello) })
            #expect(!upstream.text.lowercased().contains("permessage-deflate"))
            let begin = Self.frame("key \(Self.secret.prefix(9))", first: 0x01)
            try socket.write(begin + Self.frame(Self.secret.dropFirst(9), first: 0x80))
            #expect(try socket.read(exactly: 4) == [0x88, 0x02, 0x03, 0xF0])
            #expect(!upstream.holds(begin))
            let isRecorded = try comesTrue {
                try gate.records("limit=100").contains {
                    $0.text("detail")?.contains("crm-key") == true && $0.text("cause") == "leak_found"
                }
            }
            #expect(isRecorded)
        }
    }

    @Test("a secret that the server says does not arrive", arguments: [false, true])
    func down(isProxy: Bool) async throws {
        let upstream = Self.server(saying: "key \(Self.secret)")
        defer { upstream.stop() }
        let text = isProxy ? Self.proxy(upstream.port) : Self.service(upstream.port)
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            let socket = try Self.open(gate, upstream.port, isProxy: isProxy)
            #expect(try socket.read(exactly: 4) == [0x88, 0x02, 0x03, 0xF0])
        }
    }

    @Test("a canary over a socket is a touch")
    func canary() async throws {
        let upstream = Self.server()
        defer { upstream.stop() }
        try await RunningGate.run(Self.service(upstream.port), prepare: LeakTests.prepare) { gate throws in
            let socket = try Self.open(gate, upstream.port, isProxy: false)
            try socket.write(Self.frame(LeakTests.planted))
            let isStopped = try comesTrue {
                try gate.ask("GET", service: "/s/tickets/tickets")["yett-reason"] == "quarantined"
            }
            #expect(isStopped)
        }
    }
}

extension UpstreamServer {
    /// Whether these bytes came, one behind the other.
    fileprivate func holds(_ bytes: [UInt8]) -> Bool {
        let received = Array(transcripts.joined())
        return received.firstRange(of: bytes) != nil
    }
}
