// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// What grants say about what is found in requests.
@Suite struct LeakGrantTests {
    private static let secret = LeakTests.registered
    private static let token = "ghp_" + "aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"
    private static let card = "4111 1111 1111 1111"

    private static func tools(to port: UInt16, _ leaks: String) -> String {
        ServiceGate.text(
            to: port, grants: "[{name: tickets, service: tickets, tools: {search: {}}, leaks: \(leaks)}]",
            service: ", protocol: mcp", sections: LeakTests.sections())
    }

    private static func plain(to port: UInt16, _ leaks: String) -> String {
        ServiceGate.text(
            to: port,
            grants: "[{name: tickets, service: tickets, methods: [GET, POST], paths: [/tickets], leaks: \(leaks)}]",
            sections: LeakTests.sections())
    }

    @Test("arguments go on without what is taken out of them, in a message of the right length")
    func arguments() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search")])
        defer { upstream.server.stop() }
        let text = Self.tools(to: upstream.server.port, "{secrets: redact, numbers: redact}")
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            #expect(try gate.shownTools() == ["search"])
            let escaped = Self.secret.utf8.map { "\\u00" + String($0, radix: 16) }.joined()
            for spelling in [Self.secret, escaped, Data(Self.secret.utf8).base64EncodedString()] {
                let refusal = try gate.refusal(of: "search", #"{"id":"a \#(spelling) b, card \#(Self.card)"}"#)
                #expect(refusal == nil, "\(spelling): \(refusal ?? "")")
            }
            #expect(upstream.server.text.contains("a [redacted: crm-key] b, card [redacted: "))
            #expect(!upstream.server.text.contains(Self.secret) && !upstream.server.text.contains("1111"))
            let record = try #require(try gate.record("kind=observation"))
            #expect(record.text("cause") == "leak_redacted")
            #expect(record.text("detail")?.contains("crm-key") == true)
        }
    }

    @Test("what stands in a name is taken out as well; what cannot be taken out is refused")
    func names() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search")])
        defer { upstream.server.stop() }
        let text = Self.tools(to: upstream.server.port, "{secrets: redact}")
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            _ = try gate.shownTools()
            _ = try gate.refusal(of: "search", #"{"id":"7","\#(Self.secret)":"x"}"#)
            let (first, second) = (Self.secret.prefix(10), Self.secret.dropFirst(10))
            let refusal = try gate.refusal(of: "search", #"{"id":"\#(first)","more":"\#(second)"}"#)
            #expect(refusal?.contains("crm-key") == true, "\(refusal ?? "passed")")
            #expect(!upstream.server.text.contains(Self.secret) && !upstream.server.text.contains(second))
        }
    }

    @Test("the names of a value that would be twice there are refused")
    func twice() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search")])
        defer { upstream.server.stop() }
        let other = String(Self.secret.reversed())
        try await RunningGate.run(
            Self.tools(to: upstream.server.port, "{secrets: redact}"), prepare: LeakTests.prepare
        ) { gate throws in
            _ = try gate.shownTools()
            let refusal = try gate.refusal(of: "search", #"{"id":"7","\#(Self.secret)":1,"\#(other)":2}"#)
            #expect(refusal != nil)
            #expect(!upstream.server.text.contains(other))
        }
    }

    @Test("a canary is refused whatever a grant says about secrets")
    func canary() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search")])
        defer { upstream.server.stop() }
        let text = Self.tools(to: upstream.server.port, "{secrets: redact, patterns: allow}")
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            _ = try gate.shownTools()
            #expect(try gate.refusal(of: "search", #"{"id":"\#(LeakTests.planted)"}"#) != nil)
            let answer = try gate.message("tools/call", #"{"name":"search","arguments":{"id":"7"}}"#)
            #expect(answer["error"]?["data"]?["reason"]?.string == "quarantined", "\(answer)")
            #expect(!upstream.server.text.contains(LeakTests.planted))
        }
    }

    @Test("a grant lets pass, and a stricter one that names the call does not let it")
    func loosened() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let body = "token \(Self.token)"
        try await RunningGate.run(
            Self.plain(to: upstream.port, "{patterns: allow}"), prepare: LeakTests.prepare
        ) { gate throws in
            #expect(try gate.ask("POST", service: "/s/tickets/tickets", body: body).status == 200)
            #expect(try gate.ask("POST", service: "/s/tickets/tickets", body: Self.secret).status == 403)
            try gate.rewrite(Self.plain(to: upstream.port, "{patterns: deny}"))
            _ = try gate.ask("POST", "reload")
            #expect(try gate.ask("POST", service: "/s/tickets/tickets", body: body).status == 403)
        }
    }

    @Test("a body that passes as it comes gets stars in the place of what is taken out, and keeps its length")
    func streamed() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(
            Self.plain(to: upstream.port, "{secrets: redact}"), prepare: LeakTests.prepare
        ) { gate throws in
            let body = #"{"note":"my \#(Self.secret) and more"}"#
            #expect(try gate.ask("POST", service: "/s/tickets/tickets", body: body).status == 200)
            let stars = String(repeating: "*", count: Self.secret.utf8.count)
            #expect(upstream.text.contains(body.replacing(Self.secret, with: stars)))
            // A place and a field are never rewritten.
            #expect(try gate.ask("GET", service: "/s/tickets/tickets?q=\(Self.secret)").status == 403)
            // Chunks, extensions and fields behind them are no way around.
            let socket = try RawSocket.connect(port: gate.port)
            try socket.write(
                "POST /s/tickets/tickets HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer \(ServiceGate.token)\r\n"
                    + "Transfer-Encoding: chunked\r\nTrailer: X-Note\r\n\r\n"
                    + Self.secret.map { "1;\(Self.secret)\r\n\($0)\r\n" }.joined()
                    + "0\r\nX-Note: \(Self.secret)\r\n\r\n")
            _ = try? HTTPText.readResponse(from: socket)
            #expect(!upstream.text.contains(Self.secret))
        }
    }

    @Test(
        "a body in a content coding is refused, unless a grant lets it pass", arguments: ["gzip", "br", "zstd, gzip"])
    func coded(coding: String) async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        for (leaks, status) in [("{}", 403), ("{encoded: allow}", 200)] {
            try await RunningGate.run(
                Self.plain(to: upstream.port, leaks), prepare: LeakTests.prepare
            ) { gate throws in
                let fields = "Authorization: Bearer \(ServiceGate.token)\r\nContent-Encoding: \(coding)\r\n"
                let answer = try gate.ask("POST", service: "/s/tickets/tickets", fields: fields, body: "abc")
                #expect(answer.status == status, "\(answer.text)")
            }
        }
    }

    @Test("nobody is asked about a body that is refused in the end")
    func held() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = Self.plain(to: upstream.port, "{}").replacing("leaks: {}", with: "approval: required")
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            let fields = "Authorization: Bearer \(ServiceGate.token)\r\nPrefer: respond-async\r\n"
            let refused = try gate.ask("POST", service: "/s/tickets/tickets", fields: fields, body: Self.secret)
            #expect(refused.status == 403 && refused["yett-reason"] == "leak_found", "\(refused.startLine)")
            let asked = try gate.ask("POST", service: "/s/tickets/tickets", fields: fields, body: "harmless")
            #expect(asked.status == 202, "\(asked.startLine)")
        }
    }
}
