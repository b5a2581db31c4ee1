// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Foundation
import GateSupport
import Protocols
import ServicePlane
import Testing

/// Services with an OpenAPI document behind a running gate.
@Suite("Services with an OpenAPI document") struct OpenAPIGateTests {
    private static let text = #"""
        {"openapi":"3.1.0","paths":{
        "/tickets":{"get":{"operationId":"listTickets","parameters":[{"name":"limit","in":"query","schema":{"type":"integer","maximum":50}}]},
          "head":{"operationId":"countTickets"},
          "post":{"operationId":"createTicket","requestBody":{"required":true,"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Ticket"}}}}}},
        "/tickets/{id}":{"parameters":[{"name":"id","in":"path","required":true,"schema":{"type":"integer","minimum":1}}],
          "get":{"operationId":"getTicket"},"delete":{"operationId":"deleteTicket"}}},
        "components":{"schemas":{"Ticket":{"type":"object","required":["title"],"additionalProperties":false,
          "properties":{"title":{"type":"string","maxLength":20},"parent":{"$ref":"#/components/schemas/Ticket"}}}}}}
        """#

    private static func mirror() -> UpstreamServer {
        UpstreamServer.http { request in
            let body = request.startLine.hasPrefix("HEAD") ? "" : "\(request.startLine)|\(request.text)"
            let length = request.startLine.hasPrefix("HEAD") ? 40 : body.utf8.count
            return "HTTP/1.1 200 OK\r\nX-Kept: yes\r\nContent-Length: \(length)\r\n\r\n\(body)"
        }
    }

    private static func run(
        _ operations: [String]?, others: Bool = false, _ upstream: UpstreamServer,
        change: (inout Grant) throws -> Void = { _ in },
        _ body: (GateHarness) async throws -> Void
    ) async throws {
        defer { upstream.stop() }
        var options = try ServiceGate.options(upstream, ServiceGate.secure)
        let document = try #require(OpenAPIDocument.read(try JSONValue(parsing: Self.text), base: "").document)
        var service = try #require(DocumentedService.make(document).service)
        service.allowsOthers = others
        options.services[0].language = .documented(service)
        var grant = options.agents[0].grants[0]
        grant.paths = nil
        grant.tools = operations.map { $0.map { ToolGrant(name: $0) } }
        try change(&grant)
        options.agents[0].grants = [grant]
        try await withGate(options, body)
    }

    @Test func `A request goes as its operation, canonical, with the gate's key`() async throws {
        let upstream = Self.mirror()
        try await Self.run(nil, upstream) { gate in
            let fields = "Content-Type: application/json\r\nAuthorization: Bearer mine\r\nX-Own: 1\r\n"
            let answer = try gate.ask(
                "/s/tickets/tickets", method: "POST", fields: fields, body: #"{ "title" : "a\u0062" }"#)
            #expect(answer.status == 200)
            #expect(answer.text == #"POST /tickets HTTP/1.1|{"title":"ab"}"#)
            #expect(answer["x-kept"] == "yes")
            let seen = upstream.text
            #expect(seen.contains("\r\nAuthorization: Bearer \(ServiceGate.secret)\r\n"))
            #expect(!seen.contains("mine"))
            #expect(seen.lowercased().contains("\r\nx-own: 1\r\n"))
            #expect(seen.lowercased().components(separatedBy: "content-length").count == 2)
            #expect(try gate.ask("/s/tickets/tickets?limit=5").text == "GET /tickets?limit=5 HTTP/1.1|")
            #expect(try gate.ask("/s/tickets/tickets/7;v=1").text == "GET /tickets/7 HTTP/1.1|")
            #expect(try gate.ask("/s/tickets/tickets/a/../7").text == "GET /tickets/7 HTTP/1.1|")
            let decisions = try await gate.decisions()
            #expect(
                decisions.compactMap { $0.text("tool") } == ["createTicket", "listTickets", "getTicket", "getTicket"])
            #expect(decisions.allSatisfy { $0.text("operation") == "request" })
        }
    }

    @Test func `A HEAD has no body`() async throws {
        try await Self.run(nil, Self.mirror()) { gate in
            let socket = try gate.connectToServices()
            defer { socket.close() }
            try socket.write(
                "HEAD /s/tickets/tickets HTTP/1.1\r\nHost: gate.test\r\n\r\nGET /s/tickets/tickets HTTP/1.1\r\nHost: gate.test\r\nConnection: close\r\n\r\n"
            )
            let text = String(decoding: socket.readToEnd().bytes, as: UTF8.self)
            #expect(text.components(separatedBy: "HTTP/1.1 200 OK").count == 3)
            #expect(text.hasSuffix("GET /tickets HTTP/1.1|"))
        }
    }

    @Test(
        "What is no operation is refused, and told what there is",
        arguments: [
            ("GET", "/tickets/7/notes"), ("PATCH", "/tickets/7"), ("GET", "/Tickets"), ("GET", "/tickets/"),
            ("GET", "/"),
            ("GET", "//tickets/x/y"), ("OPTIONS", "/tickets"), ("DELETE", "/tickets"),
        ])
    func unknown(_ method: String, _ path: String) async throws {
        let upstream = Self.mirror()
        try await Self.run(["getTicket"], upstream) { gate in
            let answer = try gate.ask("/s/tickets\(path)", method: method)
            #expect(answer.status == 404)
            #expect(answer["yett-reason"] == "operation_unknown")
            #expect(answer.text.contains("getTicket (GET /tickets/{id})"))
            #expect(!answer.text.contains("deleteTicket"))
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test func `Others go to grants of paths where that is allowed, and no operation covers them`() async throws {
        let upstream = Self.mirror()
        try await Self.run(nil, others: true, upstream) { gate in
            #expect(try gate.ask("/s/tickets/other?x=1&x=2").text == "GET /other?x=1&x=2 HTTP/1.1|")
            let answer = try gate.ask("/s/tickets/tickets/0")
            #expect(answer.status == 400)
        }
        let second = Self.mirror()
        try await Self.run(["getTicket"], others: true, second) { gate in
            let answer = try gate.ask("/s/tickets/TICKETS/7", method: "DELETE")
            #expect(answer["yett-reason"] == "tool_not_granted")
            #expect(second.connectionCount == 0)
        }
    }

    @Test(
        "What does not fit is refused with its place",
        arguments: [
            ("GET", "/tickets?limit=51", "", "query.limit"), ("GET", "/tickets?limit=x", "", "query.limit"),
            ("GET", "/tickets?limit=1&limit=2", "", "openapi_repeated_parameter"),
            ("GET", "/tickets?odd=1", "", "openapi_unknown_parameter"), ("GET", "/tickets/0", "", "path.id"),
            ("GET", "/tickets/x", "", "path.id"), ("GET", "/tickets/7%2Fx", "", "openapi_path"),
            ("POST", "/tickets", #"{"title":7}"#, "body.title"), ("POST", "/tickets", #"{"name":"x"}"#, "body"),
            ("POST", "/tickets", #"{"title":"x","title":"y"}"#, "openapi_json"),
            ("POST", "/tickets", #"{"title":"x","parent":{"title":"y","parent":{}}}"#, "body.parent.parent"),
            ("DELETE", "/tickets/7", "{}", "openapi_body_not_allowed"),
            ("POST", "/tickets", "", "openapi_body_missing"),
        ])
    func refused(_ method: String, _ path: String, _ body: String, _ detail: String) async throws {
        let upstream = Self.mirror()
        try await Self.run(nil, upstream) { gate in
            let answer = try gate.ask(
                "/s/tickets\(path)", method: method, fields: body.isEmpty ? "" : "Content-Type: application/json\r\n",
                body: body.isEmpty ? nil : body)
            #expect(answer.status == 400)
            #expect(answer.text.contains(detail), "\(answer.text)")
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test func `A grant names operations, and limits their arguments`() async throws {
        let upstream = Self.mirror()
        try await Self.run(["getTicket"], upstream) { gate in
            #expect(try gate.ask("/s/tickets/tickets/7").status == 200)
            let denied = try gate.ask("/s/tickets/tickets/7", method: "DELETE")
            #expect(denied.status == 403)
            #expect(denied["yett-reason"] == "tool_not_granted")
            #expect(denied.text.contains(#"operations: [\"deleteTicket\"]"#))
            // Who may not call an operation does not learn what it takes.
            let blind = try gate.ask("/s/tickets/tickets?odd=1")
            #expect(blind["yett-reason"] == "tool_not_granted")
            #expect(!blind.text.contains("openapi"))
        }
        let second = Self.mirror()
        try await Self.run([], second) { grant in
            let constraint = try ArgumentConstraint(
                parsing: JSONValue(parsing: #"{"properties":{"path":{"properties":{"id":{"maximum":9}}}}}"#))
            grant.tools = [ToolGrant(name: "getTicket", arguments: constraint)]
        } _: { gate in
            let within = try gate.ask("/s/tickets/tickets/9")
            #expect(within.status == 200)
            let beyond = try gate.ask("/s/tickets/tickets/10")
            #expect(beyond["yett-reason"] == "argument_refused")
        }
    }

    @Test func `A long answer passes as it comes, without the gate's secret`() async throws {
        let upstream = UpstreamServer { connection in
            _ = try HTTPText.readRequest(from: connection)
            try connection.write(
                "HTTP/1.1 200 OK\r\nX-Echo: \(ServiceGate.secret)\r\nTransfer-Encoding: chunked\r\n\r\n")
            for piece in ["a", String(ServiceGate.secret.prefix(7)), String(ServiceGate.secret.dropFirst(7)), "z"] {
                try connection.write("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
            }
            try connection.write("0\r\n\r\n")
        }
        try await Self.run(nil, upstream) { gate in
            let answer = try gate.ask("/s/tickets/tickets/7")
            let stars = String(repeating: "*", count: ServiceGate.secret.utf8.count)
            #expect(answer["x-echo"] == stars)
            #expect(answer.text == "a\(stars)z")
        }
    }
}
