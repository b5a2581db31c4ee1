// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Glibc
import Identity
import Protocols
import Testing

/// The gate's own tool tokens, shown by agents at the service proxy.
@Suite struct OwnAccessTokenTests {
    private static let resource = "https://localhost/mcp/tickets"

    /// Agents with certificates, a listener with TLS and one without.
    private static func text(to port: UInt16, service: String = "") -> String {
        let grants = "[{name: tickets, service: tickets, tools: {search: {}, delete: {}}}]"
        return ServiceGate.text(
            to: port, grants: grants, service: ", protocol: mcp\(service)",
            listener: "identify: [x509, token], tls: svid}, {address: \"127.0.0.1:0\", identify: [token]",
            attest: "{x509: true}",
            sections: ServiceGate.identity(("/agent/bot", "agent"), ("/agent/other", "other"))
        ).replacing(
            "services:\n", with: "  other:\n    attest: [{x509: true}]\n    grants: \(grants)\nservices:\n")
    }

    private static func tools() -> ToolUpstream {
        ToolUpstream([ToolUpstream.tool("search"), ToolUpstream.tool("delete")])
    }

    /// A token for a call within a task of the agent `bot`.
    private static func token(
        _ gate: IdentityGate, handle: String, tool: String = "search", more: String = "", proof: TokenForge? = nil,
        resource: String = resource
    ) throws -> String {
        let details = #"[{"type":"mcp_tool_call","server":"tickets","tool":"\#(tool)"\#(more)}]"#
        var arguments = [
            "--data-urlencode", "grant_type=urn:ietf:params:oauth:grant-type:token-exchange",
            "--data-urlencode", "subject_token=\(handle)",
            "--data-urlencode", "subject_token_type=urn:yett:params:oauth:token-type:task-handle",
            "--data-urlencode", "resource=\(resource)", "--data-urlencode", "authorization_details=\(details)",
        ]
        if let proof { arguments += ["-H", "DPoP: \(try proof.proof("POST", "https://localhost/token"))"] }
        let answer = try gate.ask("/token", as: "agent", arguments)
        let reply = try JSONValue(parsing: Array(answer.text.utf8))
        return try #require(reply["access_token"]?.string, "\(answer.text)")
    }

    private static func body(_ tool: String, _ arguments: String = #"{"id":"7"}"#) -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)}}"#
    }

    /// Calls over the listener without TLS.
    private static func call(
        _ gate: RunningGate, _ tool: String = "search", scheme: String = "DPoP", token: String, proofs: [String] = [],
        arguments: String = #"{"id":"7"}"#, more: String = "", path: String = "/s/tickets",
        method: String = "tools/call"
    ) throws -> HTTPText {
        let port = gate.listeners.last?.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
        let fields = proofs.map { "DPoP: \($0)\r\n" }.joined()
        return try gate.ask(
            "POST", service: path,
            fields: "Authorization: \(scheme) \(token)\r\n\(fields)\(more)Content-Type: application/json\r\n"
                + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n",
            body: body(tool, arguments).replacing("tools/call", with: method),
            on: try RawSocket.connect(port: port))
    }

    /// Calls over the listener with TLS, with the certificate that was written as `name`.
    private static func secured(
        _ gate: RunningGate, as name: String, token: String, _ tool: String = "search"
    ) throws -> (code: Int, text: String) {
        let outcome = try Program(
            "curl",
            [
                "-sS", "--max-time", "20", "--cacert", gate.directory + "/bundle.pem", "--cert",
                "\(gate.directory)/\(name).pem", "--key", "\(gate.directory)/\(name).key", "-w", "\n%{http_code}",
                "-H", "Authorization: Bearer \(token)", "-H", "Content-Type: application/json", "-H",
                "Accept: application/json, text/event-stream", "-H", "MCP-Protocol-Version: 2025-06-18", "-d",
                body(tool), "https://localhost:\(gate.port)/s/tickets",
            ], keepsErrors: true
        ).outcome()
        let lines = outcome.text.components(separatedBy: "\n")
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    /// The newest decision about a call.
    private static func decision(_ gate: RunningGate) throws -> AuditRecord {
        var found: AuditRecord?
        _ = try comesTrue {
            found = try gate.records("kind=decision").last { $0.text("plane") == "service" && $0.text("tool") != nil }
            return found != nil
        }
        return try #require(found)
    }

    private static func reason(_ text: String) -> String? {
        (try? JSONValue(parsing: Array(text.utf8)))?["reason"]?.string
    }

    private static let target = "http://gate.test/s/tickets"

    @Test func `A token with its proof says agent, task, person and chain, for one call`() async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        try await RunningGate.run(Self.text(to: upstream.server.port), prepare: ServiceGate.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            let answer = try running.ask(
                "POST", "tasks",
                body:
                    #"{"agent":"bot","purpose":"test","person":"https://idp.test#8812","grants":[{"name":"tickets"}]}"#)
            let report = try JSONValue(parsing: answer.body)
            let handle = try #require(report["handle"]?.string)
            let task = try #require(report["task"]?["id"]?.string)
            let key = try TokenForge()
            let token = try Self.token(gate, handle: handle, proof: key)
            let proof = try key.proof("POST", Self.target, token: token)
            let called = try Self.call(running, token: token, proofs: [proof])
            #expect(called.status == 200 && called.text.contains("found"), "\(called.text)")
            let seen = upstream.server.text
            #expect(!seen.contains(token.prefix(40)) && !seen.contains(proof.prefix(40)))
            #expect(!seen.lowercased().contains("authorization") && !seen.lowercased().contains("dpop"))
            let decision = try Self.decision(running)
            #expect(decision.text("agent") == "spiffe://gate.test/agent/bot")
            #expect(decision.number("strength") == 1)
            #expect(decision.text("task") == task)
            #expect(decision.text("person") == "https://idp.test#8812")

            // The same proof again, and proofs that are not for this request.
            let wrong: [(String, [String], String)] = [
                ("DPoP", [proof], "token_replayed"), ("DPoP", [], "token_binding"),
                ("Bearer", [try key.proof("POST", Self.target, token: token)], "token_binding"),
                ("DPoP", [try key.proof("GET", Self.target, token: token)], "token_binding"),
                ("DPoP", [try key.proof("POST", Self.target + "/x", token: token)], "token_binding"),
                ("DPoP", [try key.proof("POST", "https://gate.test/s/tickets", token: token)], "token_binding"),
                ("DPoP", [try key.proof("POST", Self.target)], "token_binding"),
                ("DPoP", [try key.proof("POST", Self.target, token: token + "x")], "token_binding"),
                (
                    "DPoP", [try key.proof("POST", Self.target, token: token, ["iat": .integer(TokenForge.now - 90)])],
                    "token_binding"
                ),
                ("DPoP", [try TokenForge().proof("POST", Self.target, token: token)], "token_binding"),
                (
                    "DPoP",
                    [
                        try key.proof("POST", Self.target, token: token),
                        try key.proof("POST", Self.target, token: token),
                    ], "token_binding"
                ),
            ]
            for (number, (scheme, proofs, reason)) in wrong.enumerated() {
                let answer = try Self.call(running, scheme: scheme, token: token, proofs: proofs)
                #expect(answer.status == 401, "\(number): \(answer.text)")
                #expect(Self.reason(answer.text) == reason, "\(number): \(answer.text)")
                let challenge = answer["www-authenticate"] ?? ""
                #expect(challenge.hasPrefix(scheme == "DPoP" ? "DPoP algs=" : "Bearer"), "\(challenge)")
            }
            let fresh = { try key.proof("POST", Self.target, token: token) }
            // Another tool than the token's.
            let other = try Self.call(running, "delete", token: token, proofs: [fresh()])
            #expect(other.status == 403)
            #expect(Self.reason(other.text) == "token_scope")
            #expect(other["www-authenticate"]?.contains("scope=\"tool:tickets.delete\"") == true)
            #expect(!upstream.server.text.contains(#""delete""#))
            // The list shows what the token is for.
            let list = try Self.call(running, token: token, proofs: [fresh()], method: "tools/list")
            #expect(list.text.contains(#""search""#) && !list.text.contains(#""delete""#), "\(list.text)")
            // The handle of another task beside it.
            let (_, second) = try gate.startTask("bot")
            let mixed = try Self.call(running, token: token, proofs: [fresh()], more: "Yett-Task: \(second)\r\n")
            #expect(Self.reason(mixed.text) == "task_of_another", "\(mixed.text)")
            let same = try Self.call(running, token: token, proofs: [fresh()], more: "Yett-Task: \(handle)\r\n")
            #expect(same.status == 200)
            // A revoked token, and one whose task was stopped.
            _ = try gate.ask("/revoke", as: "agent", ["--data-urlencode", "token=\(token)"])
            #expect(Self.reason(try Self.call(running, token: token, proofs: [fresh()]).text) == "token_revoked")
            let next = try Self.token(gate, handle: handle, proof: key)
            #expect(try running.ask("DELETE", "tasks/\(task)").status == 200)
            let late = try Self.call(
                running, token: next, proofs: [key.proof("POST", Self.target, token: next)])
            #expect(Self.reason(late.text) == "token_revoked")
            let records = try running.records().map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            #expect(!records.contains("eyJ"))
        }
    }

    @Test func `A token that is bound to a certificate is good with that certificate only`() async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        try await RunningGate.run(Self.text(to: upstream.server.port), prepare: ServiceGate.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            let (task, handle) = try gate.startTask("bot")
            let token = try Self.token(gate, handle: handle)
            let called = try Self.secured(running, as: "agent", token: token)
            #expect(called.code == 200 && called.text.contains("found"), "\(called.text)")
            let decision = try Self.decision(running)
            // The connection proves more than a token could.
            #expect(decision.number("strength") == 4)
            #expect(decision.text("task") == task)
            #expect(!upstream.server.text.contains(token.prefix(40)))
            let stolen = try Self.secured(running, as: "other", token: token)
            #expect(stolen.code == 401 && Self.reason(stolen.text) == "token_binding", "\(stolen.text)")
            let plain = try Self.call(running, scheme: "Bearer", token: token)
            #expect(plain.status == 401 && Self.reason(plain.text) == "token_binding", "\(plain.text)")
            let scope = try Self.secured(running, as: "agent", token: token, "delete")
            #expect(scope.code == 403 && Self.reason(scope.text) == "token_scope", "\(scope.text)")
            // A certificate does not make a bad token good.
            for bad in [String(token.dropLast(8)) + "AAAAAAAA", "a.b.c"] {
                #expect(try Self.secured(running, as: "agent", token: bad).code == 401)
            }
            // A new certificate of the same agent is another one.
            _ = try gate.fetch()
            let renewed = try Self.secured(running, as: "agent", token: token)
            #expect([200, 401].contains(renewed.code))
        }
    }

    @Test func `A token for given arguments is good for these, and as often as it says`() async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        try await RunningGate.run(Self.text(to: upstream.server.port), prepare: ServiceGate.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            let (_, handle) = try gate.startTask("bot")
            let key = try TokenForge()
            let hash = StrictBase64.url.text(ToolToken.argumentsHash(["id": "7"]))
            let token = try Self.token(
                gate, handle: handle, more: #","args_sha256":"\#(hash)","max_calls":2"#, proof: key)
            func call(_ arguments: String) throws -> HTTPText {
                try Self.call(
                    running, token: token, proofs: [key.proof("POST", Self.target, token: token)], arguments: arguments)
            }
            let other = try call(#"{"id":"8"}"#)
            #expect(other.status == 403 && Self.reason(other.text) == "token_scope", "\(other.text)")
            #expect(try call(#"{"id":"7"}"#).status == 200)
            #expect(try call(#"{ "id" : "7" }"#).status == 200)
            let third = try call(#"{"id":"7"}"#)
            #expect(third.text.contains("token_replayed"), "\(third.text)")
        }
    }

    @Test func `What the gate shows to services is nothing that they can show to the gate`() async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        let text = Self.text(to: upstream.server.port, service: ", credential: {tool_token: true}, assertion: true")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            let (_, handle) = try gate.startTask("bot")
            let own = try Self.token(gate, handle: handle)
            #expect(try Self.secured(running, as: "agent", token: own).code == 200)
            let seen = upstream.server.text
            for field in ["Authorization: Bearer ", "Yett-Identity: "] {
                let start = try #require(seen.range(of: field)?.upperBound, "\(field)")
                let token = String(seen[start...].prefix { $0 != "\r\n" })
                #expect(token != own)
                let answer = try Self.call(running, scheme: "Bearer", token: token)
                #expect(answer.status == 401, "\(field) \(answer.text)")
                #expect(["token_binding", "token_malformed"].contains(Self.reason(answer.text) ?? ""))
                #expect(try Self.secured(running, as: "agent", token: token).code == 401)
            }
        }
    }

    @Test func `A token for one service is not good at another`() async throws {
        let upstream = Self.tools()
        defer { upstream.server.stop() }
        let text = Self.text(to: upstream.server.port).replacing(
            "  tickets: {host", with: "  books: {host: tickets.test, port: 9, protocol: mcp}\n  tickets: {host")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { running throws in
            let gate = IdentityGate(gate: running)
            _ = try gate.fetch()
            let (_, handle) = try gate.startTask("bot")
            let key = try TokenForge()
            let token = try Self.token(gate, handle: handle, proof: key)
            let answer = try Self.call(
                running, token: token, proofs: [key.proof("POST", "http://gate.test/s/books", token: token)],
                path: "/s/books")
            #expect(answer.status == 401 && Self.reason(answer.text) == "token_audience", "\(answer.text)")
        }
    }
}
