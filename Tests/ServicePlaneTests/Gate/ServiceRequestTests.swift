// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import Identity
import PKI
import ServicePlane
import Testing

@Suite("Requests to a service") struct ServiceRequestTests {
    /// Answers with what it saw.
    private static func mirror() -> UpstreamServer {
        UpstreamServer.http { request in
            let body = "\(request.startLine)|\(request.text)"
            return "HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    @Test("find it by name or by virtual host, and keep their path below it")
    func routes() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { gate in
            let answer = try gate.ask("/s/tickets/v1/a/../b?x=1")
            #expect(answer.text == "GET /v1/b?x=1 HTTP/1.1|")
            #expect(try gate.ask("/v1/c", host: "Tickets.Gate.TEST:80").text == "GET /v1/c HTTP/1.1|")
            #expect(upstream.text.contains("\r\nHost: tickets.test\r\n"))
            let paths = try await gate.decisions().map { $0.text("path") }
            #expect(paths == ["/v1/b", "/v1/c"])
            #expect(try await gate.decisions().allSatisfy { $0.text("service") == "tickets" })
        }
    }

    @Test("begin where the service begins")
    func base() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let options = try ServiceGate.options(upstream) { $0.path = "/v1/api" }
        try await withGate(options) { gate in
            let paths = try ["/x", "/", ""].map { try gate.ask("/s/tickets" + $0).text }
            #expect(paths == ["/v1/api/x", "/v1/api", "/v1/api"].map { "GET \($0) HTTP/1.1|" })
        }
    }

    @Test(
        "to no service are told so",
        arguments: ["/s/nothing/v1", "/v1", "/s/", "/s", "/s/Tickets/v1", "/s/tickets;x/v1", "/s//tickets/v1x"])
    func unknown(path: String) async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { gate in
            let answer = try gate.ask(path)
            #expect(path.hasPrefix("/s//") || answer.status == 404)
            #expect(path.hasPrefix("/s//") || answer["yett-reason"] == "service_unknown")
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test("that are denied name the reason and the grant, and leave the connection for the next")
    func denied() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { gate in
            let socket = try gate.connectToServices()
            let answer = try gate.ask("/s/tickets/admin", on: socket)
            #expect(answer.status == 403)
            #expect(answer["yett-reason"] == "path_not_granted")
            #expect(answer["yett-decision"] != nil)
            let grant =
                "- name: allow-tickets\\n  service: \\\"tickets\\\"\\n  methods: [\\\"GET\\\"]\\n  paths: [\\\"/admin\\\"]\\n"
            #expect(answer.text.contains(grant))
            #expect(upstream.connectionCount == 0)
            #expect(try gate.ask("/s/tickets/v1", method: "POST", body: "hello", on: socket).status == 200)
        }
    }

    @Test("with parameters in their path are allowed only where they are with and without them")
    func parameters() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { gate in
            let below = try gate.ask("/s/tickets/v1/a;b=c")
            #expect(below.text.hasPrefix("GET /v1/a;b=c HTTP/1.1|"))
            for path in ["/s/tickets/v1;x/a", "/s/tickets/v1;", "/s/tickets/admin;/v1"] {
                let denied = try gate.ask(path)
                #expect(denied.status == 403, "\(path)")
                #expect(denied["yett-reason"] == "path_not_granted", "\(path)")
            }
        }
    }

    @Test("carry nothing of the agent's keys, and the gate's own instead")
    func credential() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let options = try ServiceGate.options(upstream, ServiceGate.secure)
        try await withGate(options) { gate in
            let fields = "authorization: Bearer mine\r\nYett-Identity: me\r\nX-Agent-Id: root\r\nX-Kept: yes\r\n"
            let answer = try gate.ask("/s/tickets/v1", fields: fields)
            #expect(answer.status == 200)
            let seen = upstream.text
            #expect(seen.split(separator: "\r\n").count { $0.lowercased().hasPrefix("authorization:") } == 1)
            #expect(seen.contains("\r\nAuthorization: Bearer \(ServiceGate.secret)\r\n"))
            #expect(!seen.contains("mine"))
            #expect(!seen.contains("root"))
            #expect(!seen.lowercased().contains("yett-identity"))
            #expect(seen.contains("X-Kept: yes"))
        }
    }

    @Test("get no secret back, in a field or a body, whole or in pieces")
    func redaction() async throws {
        let upstream = UpstreamServer { connection in
            _ = try HTTPText.readRequest(from: connection)
            let secret = ServiceGate.secret
            try connection.write("HTTP/1.1 200 OK\r\nX-Echo: \(secret)\r\nTransfer-Encoding: chunked\r\n\r\n")
            for piece in ["a", String(secret.prefix(7)), String(secret.dropFirst(7)), "z"] {
                try connection.write("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
            }
            try connection.write("0\r\n\r\n")
        }
        defer { upstream.stop() }
        let options = try ServiceGate.options(upstream, ServiceGate.secure)
        try await withGate(options) { gate in
            let answer = try gate.ask("/s/tickets/v1")
            let stars = String(repeating: "*", count: ServiceGate.secret.utf8.count)
            #expect(answer["x-echo"] == stars)
            #expect(answer.text == "a" + stars + "z")
            let seen = try await gate.records().filter { $0.text("cause") == "secret_redacted" }
            #expect(!seen.isEmpty)
        }
    }

    @Test("with a compressed answer, which cannot be looked through, fail")
    func compressed() async throws {
        let upstream = UpstreamServer.http { request in
            #expect(request["accept-encoding"] == nil)
            return "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\nxx"
        }
        defer { upstream.stop() }
        let options = try ServiceGate.options(upstream, ServiceGate.secure)
        try await withGate(options) { gate in
            let answer = try gate.ask("/s/tickets/v1", fields: "Accept-Encoding: gzip\r\n")
            #expect(answer.status == 502)
            #expect(answer["yett-reason"] == "upstream_invalid")
        }
    }

    @Test("get each piece of a stream when it comes")
    func streams() async throws {
        let gate = Latch()
        let upstream = UpstreamServer { connection in
            _ = try HTTPText.readRequest(from: connection)
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\ndata: 1\n\r\n")
            _ = gate.wait(within: 10)
            try connection.write("8\r\ndata: 2\n\r\n0\r\n\r\n")
        }
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { harness in
            let socket = try harness.connectToServices()
            try socket.write("GET /s/tickets/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try socket.read(through: "data: 1\n")
            gate.open()
            _ = try socket.read(through: "data: 2\n")
        }
    }

    @Test("are cut in the middle of a stream when they are not allowed any more")
    func cut() async throws {
        let upstream = UpstreamServer { connection in
            _ = try HTTPText.readRequest(from: connection)
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n")
            _ = try connection.readSome(within: 30)
        }
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { gate in
            let socket = try gate.connectToServices()
            try socket.write("GET /s/tickets/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
            _ = try socket.read(through: "1\r\nx\r\n")
            #expect(gate.registry.cut(where: { _ in true }, CutReason(.operatorCut)) == 1)
            let (rest, ending) = socket.readToEnd()
            #expect(rest.isEmpty)
            #expect(ending == .reset)
            #expect(try await gate.ends().last?.text("cause") == "operator_cut")
        }
    }

    @Test("of a service only for tasks need one that is known")
    func tasks() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let options = try ServiceGate.options(upstream) { $0.requiresTask = true }
        try await withGate(options) { gate in
            let handle = "th_" + String(repeating: "A", count: 43)
            let reasons = try ["", "Yett-Task: \(handle)\r\n", "Yett-Task: x\r\n"].map {
                try gate.ask("/s/tickets/v1", fields: $0)["yett-reason"]
            }
            #expect(reasons == ["task_required", "task_unknown", "task_unknown"])
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test("whose service goes away are told whose fault it is")
    func lost() async throws {
        let upstream = UpstreamServer { connection in _ = try HTTPText.readRequest(from: connection) }
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { gate in
            let answer = try gate.ask("/s/tickets/v1")
            #expect(answer.status == 502)
            #expect(answer["yett-reason"] == "upstream_unreachable")
            #expect(answer.text.contains("\"fault\":\"upstream\""))
        }
    }

    @Test("that come slowly, or to a service that does not answer, end in time")
    func slow() async throws {
        let upstream = UpstreamServer { connection in
            _ = try connection.readSome(within: 60); _ = try connection.readSome(within: 60)
        }
        defer { upstream.stop() }
        try await withGate(try ServiceGate.options(upstream)) { gate in
            let slow = try gate.connectToServices()
            try slow.write("GET /s/tickets/v1 HTTP/1.1\r\nHo")
            let asked = try gate.connectToServices()
            try asked.write("GET /s/tickets/v1 HTTP/1.1\r\nHost: x\r\n\r\n")
            #expect(await eventually { gate.registry.count == 1 })
            try await gate.advance(seconds: 11)
            #expect(try HTTPText.readResponse(from: slow).status == 408)
            try await gate.advance(seconds: 120)
            let answer = try HTTPText.readResponse(from: asked)
            #expect(answer.status == 504)
            #expect(answer["yett-reason"] == "upstream_timeout")
        }
    }

    @Test("of clients that never finish their handshake do not keep a connection")
    func handshake() async throws {
        let upstream = Self.mirror()
        defer { upstream.stop() }
        let authority = try TestAuthority()
        let server = try authority.issue(dnsNames: ["gate.test"], addresses: [[127, 0, 0, 1]])
        var options = try ServiceGate.options(upstream)
        options.serviceTLS = SVIDServerTLS(
            try .files(
                certificate: Array(server.certificate.utf8), key: Array(server.key.utf8),
                clientAuthorities: Array(try authority.pem.utf8), trustDomain: TrustDomain(parsing: "gate.test")))
        try await withGate(options) { gate in
            let silent = try gate.connectToServices()
            let broken = try gate.connectToServices()
            try broken.write("GET / HTTP/1.1\r\n\r\n")
            let refused = broken.readToEnd().ending
            #expect(refused != .stillOpen)
            #expect(await eventually { gate.services?.openConnections == 1 })
            try await gate.advance(seconds: 11)
            let given = silent.readToEnd().ending
            #expect(given != .stillOpen)
            #expect(await gate.becomesIdle())
        }
    }
}
