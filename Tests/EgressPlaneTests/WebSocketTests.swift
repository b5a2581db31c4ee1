// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import EgressPlane
import GateSupport
import Testing

@Suite("WebSockets through absolute-form") struct WebSocketTests {
    private static let upgrade =
        "GET http://allowed.test/chat HTTP/1.1\r\nHost: allowed.test\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

    private static func options(_ upstream: UpstreamServer, methods: MethodSet = .any) throws -> GateOptions {
        var options = GateOptions(grants: [try Grant.test("allowed.test").with { $0.methods = methods }])
        options.lead(to: upstream)
        return options
    }

    @Test("become a tunnel once the destination agrees, early bytes included")
    func agrees() async throws {
        let upstream = UpstreamServer { connection in
            let head = HTTPText.parseHead(try connection.read(through: "\r\n\r\n"))
            #expect(head["upgrade"] == "websocket")
            #expect(head["sec-websocket-key"] == "dGhlIHNhbXBsZSBub25jZQ==")
            try connection.write(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\nfirst")
            while true {
                let bytes = try connection.readSome(within: 60)
                guard !bytes.isEmpty else { return }
                try connection.write(bytes)
            }
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write(Self.upgrade + "early")
            let head = HTTPText.parseHead(try socket.read(through: "\r\n\r\n"))
            #expect(head.status == 101)
            #expect(head["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
            #expect(try socket.read(exactly: 10) == Array("firstearly".utf8))
            try socket.write("more")
            #expect(try socket.read(exactly: 4) == Array("more".utf8))
            #expect(try await gate.decisions().map { $0.text("operation") } == ["websocket"])
            socket.close()
            #expect(await gate.becomesIdle())
        }
    }

    @Test("stay a plain exchange when the destination does not agree")
    func declines() async throws {
        let upstream = UpstreamServer.http()
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write(Self.upgrade)
            #expect(try HTTPText.readResponse(from: socket).text == "hello")
            #expect(try gate.get("http://allowed.test/", on: socket).text == "hello")
        }
    }

    @Test("an upgrade to anything else is not passed on", arguments: ["h2c", "TLS/1.0", "websocket, h2c"])
    func otherUpgrades(_ name: String) async throws {
        let upstream = UpstreamServer.http()
        try await withGate(Self.options(upstream)) { gate in
            let fields = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: \(name)\r\nHTTP2-Settings: AAMAAABk\r\n"
            _ = try? gate.get("http://allowed.test/", fields: fields)
            #expect(!upstream.text.lowercased().contains("upgrade:"))
            #expect(!upstream.text.lowercased().contains("http2-settings"))
        }
    }
}
