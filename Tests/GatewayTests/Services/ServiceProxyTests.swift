// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Protocols
import Testing

/// The service proxy of a running gate, from its configuration to the service and back.
@Suite struct ServiceProxyTests {
    @Test func `A granted request has the gate's key and not the agent's token`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ServiceGate.text(to: upstream.port, service: ServiceGate.credential)
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.ask("POST", service: "/s/tickets/tickets/7?full=1", body: "{}")
            #expect(answer.status == 200)
            #expect(answer.text == "hello")
            let seen = upstream.text
            #expect(seen.hasPrefix("POST /tickets/7?full=1 HTTP/1.1\r\n"))
            #expect(seen.contains("\r\nHost: tickets.test:\(upstream.port)\r\n"))
            #expect(seen.contains("\r\nAuthorization: Bearer \(ServiceGate.key)\r\n"))
            #expect(seen.components(separatedBy: "uthorization").count == 2)
            #expect(!seen.contains(ServiceGate.token))
            #expect(seen.hasSuffix("\r\n\r\n{}"))

            let decision = try #require(try gate.record("kind=decision"))
            #expect(decision.text("plane") == "service")
            #expect(decision.text("service") == "tickets")
            #expect(decision.text("agent") == "spiffe://gate.test/agent/bot")
            #expect(decision.text("verdict") == "allow")
            #expect(decision.text("path") == "/tickets/7")
            let status = try gate.status()
            #expect(status.listeners == gate.listeners)
            #expect(status.listeners.count == 1)
        }
    }

    @Test func `A request without a grant learns the reason and the grant, and reaches nobody`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ServiceGate.text(to: upstream.port, service: ServiceGate.credential)
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.ask("DELETE", service: "/s/tickets/tickets/7")
            #expect(answer.status == 403)
            #expect(answer["content-type"] == "application/problem+json")
            let problem = try JSONValue(parsing: answer.body)
            #expect(problem["reason"]?.string == "method_not_granted")
            #expect(problem["agent"]?.string == "spiffe://gate.test/agent/bot")
            let grant = try #require(problem["grant"]?.string)
            #expect(grant.contains("tickets") && grant.contains("DELETE"), "\(grant)")
            #expect(upstream.connectionCount == 0)

            let id = try #require(problem["decision"]?.string)
            let explanation = try gate.ask("GET", "decisions/\(id)", for: DecisionExplanation.self)
            #expect(explanation.now?.reason == "method_not_granted")
            #expect(explanation.suggestion?.contains("DELETE") == true)
        }
    }

    @Test(
        "A request for no service, or by nobody, is refused",
        arguments: [
            ("/s/books/tickets", "Authorization: Bearer \(ServiceGate.token)\r\n", 404, "service_unknown"),
            ("/tickets", "Authorization: Bearer \(ServiceGate.token)\r\n", 404, "service_unknown"),
            ("/s/tickets;a=b/tickets", "Authorization: Bearer \(ServiceGate.token)\r\n", 404, "service_unknown"),
            ("/s/tickets/tickets", "", 401, "identity_missing"),
            ("/s/tickets/tickets", "Authorization: Bearer \(ServiceGate.key)\r\n", 401, "identity_token_unknown"),
        ])
    func refusals(path: String, fields: String, status: Int, reason: String) async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ServiceGate.text(to: upstream.port, service: ServiceGate.credential)
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.ask("GET", service: path, fields: fields)
            #expect(answer.status == status)
            #expect(try JSONValue(parsing: answer.body)["reason"]?.string == reason)
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test func `A virtual host and a path upstream lead to the service`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ServiceGate.text(
            to: upstream.port, grants: "[{name: tickets, service: tickets, paths: [/api/v1/tickets]}]",
            service: ", path: /api/v1, hosts: [tickets.gate.test]")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.ask("GET", service: "/tickets", host: "Tickets.Gate.Test:8443")
            #expect(answer.status == 200)
            #expect(upstream.text.hasPrefix("GET /api/v1/tickets HTTP/1.1\r\n"))
            #expect(!upstream.text.lowercased().contains("authorization"))
            #expect(try gate.ask("GET", service: "/users", host: "tickets.gate.test").status == 403)
        }
    }

    @Test func `A service that answers with the key is not believed to have sent it to the agent`() async throws {
        let upstream = UpstreamServer.http { request in
            let echo = "you sent \(request["authorization"] ?? "nothing")"
            return "HTTP/1.1 200 OK\r\nX-Echo: \(ServiceGate.key)\r\nContent-Length: \(echo.utf8.count)\r\n\r\n\(echo)"
        }
        defer { upstream.stop() }
        let text = ServiceGate.text(to: upstream.port, service: ServiceGate.credential)
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.ask("GET", service: "/s/tickets/tickets")
            #expect(answer.status == 200)
            #expect(answer.text == "you sent Bearer " + String(repeating: "*", count: ServiceGate.key.utf8.count))
            #expect(answer["x-echo"] == String(repeating: "*", count: ServiceGate.key.utf8.count))
            #expect(
                try comesTrue { try gate.records().contains { $0.text("cause") == "secret_redacted" } })
        }
    }

    @Test func `A service for tasks only takes nothing without one`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ServiceGate.text(to: upstream.port, service: ", tasks: required")
        try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.ask("GET", service: "/s/tickets/tickets")
            #expect(answer.status == 403)
            #expect(try JSONValue(parsing: answer.body)["reason"]?.string == "task_required")
            let task = try JSONValue(
                parsing: gate.ask(
                    "POST", "tasks", body: #"{"agent":"bot","purpose":"test","grants":[{"name":"tickets"}]}"#
                ).body)
            let handle = try #require(task["handle"]?.string)
            let fields = "Authorization: Bearer \(ServiceGate.token)\r\nYett-Task: \(handle)\r\n"
            #expect(try gate.ask("GET", service: "/s/tickets/tickets", fields: fields).status == 200)
            #expect(!upstream.text.contains(handle))
        }
    }

    @Test func `A policy of one's own sees the plane and the service`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let rego = """
            package yett.authz
            import rego.v1
            verdict := {"allow": allow}
            default allow := false
            allow if {
                input.plane == "service"
                input.service.name == "tickets"
                input.operation.name == "request"
                input.http.method == "PUT"
            }
            """
        let text = ServiceGate.text(
            to: upstream.port, sections: "policy: {files: [\"$DIRECTORY/policy.rego\"]}")
        try await RunningGate.run(
            text,
            prepare: {
                try ServiceGate.prepare($0)
                try ServiceGate.write(rego, as: "policy.rego", in: $0)
            }
        ) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 403)
            #expect(try gate.ask("PUT", service: "/s/tickets/tickets").status == 200)
        }
    }
}
