// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Credentials
import Decision
import Foundation
import GateSupport
import ServicePlane
import Synchronization
import Testing
import Transport

@Suite("Tokens that a service is given") struct TokenCredentialTests {
    /// Answers with the fields that it saw.
    private static func mirror() -> UpstreamServer {
        UpstreamServer.http { request in
            let body = request.fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
            return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    private static func options(
        _ upstream: UpstreamServer, _ tokens: ScriptedTokens, _ binding: TokenBinding = .caller,
        _ change: (inout GateOptions) throws -> Void = { _ in }
    ) throws -> GateOptions {
        var options = try ServiceGate.options(upstream) { service in
            service.credential = .token(TokenCredential(source: tokens.source(binding)))
        }
        try change(&options)
        return options
    }

    /// What the upstream saw in a field, over all requests.
    private static func seen(_ field: String, _ upstream: UpstreamServer) -> [String] {
        upstream.text.components(separatedBy: "\r\n").filter { $0.lowercased().hasPrefix(field + ":") }
            .map { String($0.dropFirst(field.utf8.count + 2)) }
    }

    @Test("a hundred requests at once wait for one fetch, and each has its token")
    func single() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let pass = FetchGate()
        let tokens = ScriptedTokens { agent, number in
            await pass.pass()
            return .success(ScriptedTokens.text(agent, number))
        }
        try await withGate(try Self.options(upstream, tokens, .service)) { gate in
            let sockets = try (0..<100).map { _ in try gate.connectToServices() }
            for socket in sockets { try socket.write("GET /s/tickets/v1 HTTP/1.1\r\nHost: x\r\n\r\n") }
            #expect(await eventually { gate.registry.count == 100 })
            #expect(upstream.connectionCount == 0)
            pass.open()
            for socket in sockets { #expect(try HTTPText.readResponse(from: socket).status == 200) }
            #expect(tokens.agents.count == 1)
            let lines = Self.seen("authorization", upstream)
            #expect(lines.count == 100)
            #expect(Set(lines) == ["Bearer " + ScriptedTokens.text("tester", 1)])
        }
    }

    @Test("nothing of the agent's own passes in its place, however it is spelled")
    func spellings() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let tokens = ScriptedTokens()
        var options = try ServiceGate.options(upstream) { service in
            service.credential = .token(
                TokenCredential(field: "X-Service-Key", prefix: "", source: tokens.source()))
            service.assertion = tokens.source()
        }
        options.workers = 1
        try await withGate(options) { gate in
            let names = [
                "Authorization", "authorization", "X-Service-Key", "x-service-key", "X_Service_Key", "x-service_key",
                "Yett-Identity", "yett-identity", "YETT-IDENTITY", "Yett_Identity", "yett_identity", "X-Yett-Identity",
                "x_yett_identity", "Yett-Anything",
            ]
            let fields = names.map { "\($0): mine\r\n" }.joined()
            let answer = try gate.ask("/s/tickets/v1", fields: fields + "X-Kept: yes\r\n")
            #expect(answer.status == 200)
            #expect(!upstream.text.contains("mine"))
            #expect(upstream.text.contains("X-Kept: yes"))
            // Both are asked for at the same time.
            let given = Self.seen("x-service-key", upstream) + Self.seen("yett-identity", upstream)
            #expect(given.sorted() == [ScriptedTokens.text("tester", 1), ScriptedTokens.text("tester", 2)])
            #expect(Self.seen("authorization", upstream).isEmpty)
        }
    }

    @Test("a token of one agent goes with no request of another")
    func agents() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let tokens = ScriptedTokens()
        let options = try Self.options(upstream, tokens) { options in
            let grants = options.agents[0].grants
            options.agents = ["one", "two"].map { name in
                var agent = AgentSetup(name, grants: grants)
                agent.tokens = ["\(name)-knows-this"]
                return agent
            }
            options.identification = .token
        }
        try await withGate(options) { gate in
            let one = "authorization: Bearer " + ScriptedTokens.text("one", 1)
            let two = "authorization: Bearer " + ScriptedTokens.text("two", 2)
            for (name, seen) in [("one", one), ("two", two), ("one", one), ("two", two)] {
                let fields = "Authorization: Bearer \(name)-knows-this\r\n"
                let answer = try gate.ask("/s/tickets/v1", fields: fields)
                #expect(answer.text.split(separator: "\n").filter { $0.contains("token-of") } == [seen[...]])
            }
        }
    }

    @Test("a failure is told, with nothing at the service, and the next request tries again in a moment")
    func failure() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let time = Mutex<Int64>(1000)
        let tokens = ScriptedTokens { agent, number in
            number == 1
                ? .failure(CredentialFailure("the server is away")) : .success(ScriptedTokens.text(agent, number))
        }
        let options = try ServiceGate.options(upstream) { service in
            service.credential = .token(
                TokenCredential(source: tokens.source { time.withLock { $0 } }))
        }
        try await withGate(options) { gate in
            for _ in 0..<2 {
                let answer = try gate.ask("/s/tickets/v1")
                #expect(answer.status == 503)
                #expect(answer["yett-reason"] == "credential_unavailable")
                #expect(answer.text.contains("the server is away"))
                #expect(answer.text.contains("\"fault\":\"gateway\""))
            }
            #expect(tokens.agents.count == 1)
            #expect(upstream.connectionCount == 0)
            let end = try await gate.ends().last
            #expect(end?.text("cause") == "credential_unavailable")
            time.withLock { $0 += 3 }
            let last = try gate.ask("/s/tickets/v1")
            #expect(last.status == 200)
            #expect(await eventually { gate.registry.count == 0 })
        }
    }

    @Test(
        "one that no field can hold is refused",
        arguments: ["", "a b", "a\r\nX-Evil: 1", "a\u{0}b", "tökén-1234567890", "tab\tin-between"])
    func unfit(text: String) async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try Self.options(upstream, ScriptedTokens { _, _ in .success(text) })) { gate in
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer["yett-reason"] == "credential_unavailable")
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test("one that does not come in time is not waited for")
    func slow() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let pass = FetchGate()
        defer { pass.open() }
        let tokens = ScriptedTokens { agent, number in
            await pass.pass()
            return .success(ScriptedTokens.text(agent, number))
        }
        try await withGate(try Self.options(upstream, tokens)) { gate in
            let socket = try gate.connectToServices()
            try socket.write("GET /s/tickets/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await eventually { gate.registry.count == 1 })
            try await gate.advance(seconds: 11)
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 503)
            #expect(answer.text.contains("dial_time"))
            #expect(await eventually { gate.registry.count == 0 })
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test("who waits for one is cut at once, and a client that goes away is not waited for")
    func cut() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let pass = FetchGate()
        let tokens = ScriptedTokens { agent, number in
            await pass.pass()
            return .success(ScriptedTokens.text(agent, number))
        }
        try await withGate(try Self.options(upstream, tokens)) { gate in
            let socket = try gate.connectToServices()
            try socket.write("GET /s/tickets/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await eventually { gate.registry.count == 1 })
            #expect(gate.registry.cut(where: { _ in true }, CutReason(.operatorCut)) == 1)
            let (bytes, ending) = socket.readToEnd()
            #expect(bytes.isEmpty)
            #expect(ending == .reset)
            let gone = try gate.connectToServices()
            try gone.write("GET /s/tickets/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await eventually { gate.registry.count == 1 })
            gone.close()
            #expect(await eventually { gate.registry.count == 0 })
            pass.open()
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer.status == 200)
            #expect(tokens.agents.count == 1)
            #expect(upstream.text.components(separatedBy: "GET ").count == 2)
        }
    }

    @Test("one that the service refuses is not used again, and a service that refuses all gets no endless supply")
    func refused() async throws {
        let upstream = UpstreamServer.http { request in
            request["authorization"]?.hasSuffix(ScriptedTokens.text("tester", 2)) ?? false
                ? UpstreamServer.hello : "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
        }
        defer { upstream.stop() }
        let time = Mutex<Int64>(1000)
        let tokens = ScriptedTokens()
        let options = try ServiceGate.options(upstream) { service in
            service.credential = .token(
                TokenCredential(source: tokens.source(lifetime: 3600) { time.withLock { $0 } }))
        }
        try await withGate(options) { gate in
            // The agent gets the answer: what it asked for may not be done twice.
            let first = try gate.ask("/s/tickets/v1", method: "POST", body: "once")
            #expect(first.status == 401)
            #expect(upstream.text.components(separatedBy: "once").count == 2)
            let second = try gate.ask("/s/tickets/v1")
            #expect(second.status == 200)
            #expect(tokens.agents.count == 2)
        }
        let endless = ScriptedTokens { _, _ in .success("refused-whatever-it-is") }
        let others = try ServiceGate.options(upstream) { service in
            service.credential = .token(
                TokenCredential(source: endless.source(lifetime: 3600) { time.withLock { $0 } }))
        }
        try await withGate(others) { gate in
            for _ in 0..<10 {
                let answer = try gate.ask("/s/tickets/v1")
                #expect(answer.status == 401)
            }
            #expect(endless.agents.count == 2)
            time.withLock { $0 += 11 }
            for _ in 0..<10 {
                let answer = try gate.ask("/s/tickets/v1")
                #expect(answer.status == 401)
            }
            #expect(endless.agents.count == 3)
        }
    }

    @Test("one that comes to its end is replaced before")
    func expiry() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let time = Mutex<Int64>(1000)
        let tokens = ScriptedTokens()
        let options = try ServiceGate.options(upstream) { service in
            service.credential = .token(TokenCredential(source: tokens.source { time.withLock { $0 } }))
        }
        try await withGate(options) { gate in
            for (second, number) in [(0, 1), (29, 1), (30, 2), (59, 2), (60, 3)] {
                time.withLock { $0 = 1000 + Int64(second) }
                let answer = try gate.ask("/s/tickets/v1")
                #expect(answer.text.contains(ScriptedTokens.text("tester", number)))
            }
        }
    }

    @Test("neither it nor the assertion comes back in an answer, and no record has it")
    func redaction() async throws {
        let upstream = UpstreamServer.http { request in
            let token = request["authorization"] ?? "none"
            let encoded = Data((request["yett-identity"] ?? "none").utf8).base64EncodedString()
            let body = "\(token) and \(encoded)"
            return "HTTP/1.1 200 OK\r\nX-Echo: \(token)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        defer { upstream.stop() }
        let tokens = ScriptedTokens()
        let options = try ServiceGate.options(upstream) { service in
            service.credential = .token(TokenCredential(source: tokens.source(isSearched: true)))
            service.assertion = tokens.source(isSearched: true)
            service.searchesObtained = true
        }
        try await withGate(options) { gate in
            let answer = try gate.ask("/s/tickets/v1", fields: "Accept-Encoding: gzip\r\n")
            #expect(answer.status == 200)
            #expect(!upstream.text.lowercased().contains("accept-encoding"))
            #expect(answer["x-echo"]?.hasPrefix("Bearer ****") == true)
            #expect(!answer.text.contains("token-of"))
            #expect(answer.text.hasPrefix("Bearer ****"))
            #expect(answer.text.contains(" and "))
            #expect(answer.text.filter { $0 == "*" }.count > 70)
            let records = try await gate.records()
            #expect(records.contains { $0.text("cause") == "secret_redacted" })
            #expect(!records.contains { String(decoding: $0.bytes, as: UTF8.self).contains("token-of") })
        }
    }
}
