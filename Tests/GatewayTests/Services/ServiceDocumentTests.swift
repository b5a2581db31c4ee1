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

/// Services with an OpenAPI document, and agents, from the configuration to the record.
@Suite struct ServiceDocumentTests {
    private static let document = """
        openapi: 3.0.3
        servers: [{url: "https://tickets.test/api"}]
        paths:
          /tickets/{id}:
            parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
            get: {operationId: getTicket}
            delete: {operationId: deleteTicket}
        """

    private static func text(_ port: UInt16, operations: String = "getTicket", extra: String = "") -> String {
        ServiceGate.text(
            to: port, grants: "[{name: tickets, service: tickets, operations: [\(operations)]}]",
            service: ", path: /api, openapi: \"$DIRECTORY/api.yaml\"\(extra)")
    }

    private static func prepare(_ directory: String) throws {
        try ServiceGate.prepare(directory)
        try ServiceGate.write(document, as: "api.yaml", in: directory)
    }

    @Test func `Operations of a document are granted by name, and a reload reads the document anew`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(upstream.port), prepare: Self.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/7").status == 200)
            #expect(upstream.text.hasPrefix("GET /api/tickets/7 HTTP/1.1\r\n"))
            let record = try #require(try gate.record("kind=decision"))
            #expect(record.text("tool") == "getTicket")
            let denied = try gate.ask("DELETE", service: "/s/tickets/tickets/7")
            #expect(denied["yett-reason"] == "tool_not_granted")
            let unknown = try gate.ask("GET", service: "/s/tickets/tickets/7/notes")
            #expect(unknown.status == 404)
            #expect(unknown["yett-reason"] == "operation_unknown")
            let wrong = try gate.ask("GET", service: "/s/tickets/tickets/seven")
            #expect(wrong.status == 400)

            let changed = Self.document.replacing("getTicket", with: "readTicket")
            try ServiceGate.write(changed, as: "api.yaml", in: gate.directory)
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/7")["yett-reason"] == "tool_not_granted")
        }
    }

    @Test func `A document with mistakes keeps a reload from counting, each mistake at its place`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(upstream.port), prepare: Self.prepare) { gate throws in
            let broken = Self.document.replacing("deleteTicket", with: "getTicket").replacing(
                "in: path", with: "in: form")
            try ServiceGate.write(broken, as: "api.yaml", in: gate.directory)
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(!report.isAccepted)
            #expect(report.diagnostics.contains { $0.contains("/api.yaml:5:") && $0.contains("a parameter stands in") })
            #expect(report.diagnostics.contains { $0.contains("/api.yaml:7:") && $0.contains("operationId") })
            let check = ConfigurationCheck.run(path: gate.configuration)
            #expect(!check.isUsable)
            #expect(check.diagnostics == report.diagnostics)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets/7").status == 200)
            try ServiceGate.write("", as: "api.yaml", in: gate.directory)
            #expect(try !gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
        }
    }

    @Test func `An agent is spoken to in its protocol, and its tasks outlive a reload`() async throws {
        let upstream = UpstreamServer.http { request in
            let id = (try? JSONValue(parsing: request.body))?["id"]?.text ?? "1"
            let task = #"{"id":"t1","contextId":"c1","status":{"state":"TASK_STATE_WORKING"}}"#
            let isMessage = request.text.contains("SendMessage")
            let body = #"{"jsonrpc":"2.0","id":\#(id),"result":\#(isMessage ? "{\"task\":\(task)}" : task)}"#
            return
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
        defer { upstream.stop() }
        let port = upstream.port
        @Sendable func text(_ tools: String) -> String {
            ServiceGate.text(
                to: port, grants: "[{name: tickets, service: tickets, tools: {\(tools)}}]",
                service: ", protocol: a2a")
        }
        try await RunningGate.run(text("echo: {}, tasks/get: {}"), prepare: ServiceGate.prepare) { gate throws in
            let fields = "Authorization: Bearer \(ServiceGate.token)\r\nContent-Type: application/json\r\n"
            func ask(_ method: String, _ params: String) throws -> String {
                let body = #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":\#(params)}"#
                return try gate.ask("POST", service: "/s/tickets/", fields: fields, body: body).text
            }
            let message =
                #"{"message":{"messageId":"m","role":"ROLE_USER","parts":[{"text":"x"}],"metadata":{"skillId":"echo"}}}"#
            #expect(try ask("SendMessage", message).contains(#""id":"t1""#))
            #expect(try ask("SendMessage", message.replacing("echo", with: "pay")).contains("tool_not_granted"))
            #expect(try ask("GetTask", #"{"id":"t2"}"#).contains("-32001"))
            try gate.rewrite(text("tasks/get: {}"))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try ask("GetTask", #"{"id":"t1"}"#).contains(#""id":"t1""#))
            #expect(try ask("SendMessage", message).contains("tool_not_granted"))
        }
    }
}
