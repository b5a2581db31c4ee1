// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Testing

/// A gate with one service at which writing needs a person's consent, and two agents.
enum ApprovalGate {
    /// The token of the second agent.
    static let otherToken = "other-token-51c0aa"

    /// - Parameters:
    ///   - grants: Those of both agents.
    ///   - sections: Further sections, such as `approvals`.
    static func text(
        to port: UInt16,
        grants: String = """
        [{name: read, service: tickets, methods: [GET, POST], paths: [/tickets]},
         {name: write, service: tickets, methods: [POST], paths: [/tickets], approval: required}]
        """, service: String = "", sections: String = ""
    ) -> String {
        """
        agents:
          bot: {attest: [{token: {value: "file:$DIRECTORY/token"}}], grants: \(grants)}
          other: {attest: [{token: {value: "file:$DIRECTORY/other"}}], grants: \(grants)}
        services:
          tickets: {host: tickets.test, port: \(port)\(service)}
        service_proxy:
          listeners: [{address: "127.0.0.1:0", identify: [token]}]
        egress:
          resolver: {hosts: {tickets.test: [127.0.0.1]}}
          exceptions: [{host: tickets.test, port: \(port), cidr: 127.0.0.1/32}]
        \(sections)
        """
    }

    static func prepare(_ directory: String) throws {
        try ServiceGate.prepare(directory)
        try ServiceGate.write(otherToken, as: "other", in: directory)
    }

    /// Runs a gate in front of a server that says hello.
    static func run(
        sections: String = "", service: String = "",
        _ body: @escaping @Sendable (RunningGate, UpstreamServer) throws -> Void
    ) async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(
            text(to: upstream.port, service: service, sections: sections), prepare: prepare
        ) { gate throws in
            try body(gate, upstream)
        }
    }
}

extension RunningGate {
    /// Writes to the service as an agent.
    func post(
        _ body: String, token: String = ServiceGate.token, fields: String = "", path: String = "/s/tickets/tickets",
        on socket: RawSocket? = nil
    ) throws -> HTTPText {
        try ask(
            "POST", service: path, fields: "Authorization: Bearer \(token)\r\n\(fields)", body: body, on: socket)
    }

    /// Begins to write to the service, and waits for a person for up to so many seconds.
    func postAndWait(_ body: String, token: String = ServiceGate.token, seconds: Int = 60) throws -> RawSocket {
        let socket = try RawSocket.connect(port: port)
        try socket.write(
            "POST /s/tickets/tickets HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer \(token)\r\n"
                + "Prefer: wait=\(seconds)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return socket
    }

    /// Looks where a question stands.
    func poll(_ id: String, token: String = ServiceGate.token, fields: String = "") throws -> HTTPText {
        try ask("GET", service: "/approvals/\(id)", fields: "Authorization: Bearer \(token)\r\n\(fields)")
    }

    /// The questions.
    func approvals() throws -> [ApprovalReport] {
        try ask("GET", "approvals", for: ApprovalList.self).approvals
    }

    /// The one question that waits, once there is one.
    func question() throws -> ApprovalReport {
        var found: ApprovalReport?
        _ = try comesTrue {
            found = try approvals().first { $0.state == "waiting" }
            return found != nil
        }
        return try #require(found)
    }

    /// Answers a question.
    @discardableResult
    func answer(_ id: String, agrees: Bool = true, why: String = "fine") throws -> HTTPText {
        try ask("POST", "approvals/\(id)/\(agrees ? "approve" : "refuse")", body: #"{"why":"\#(why)"}"#)
    }
}
