// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Testing

/// Calls within tasks that wait for a person, and agents that are known by their user.
@Suite struct ApprovalTaskTests {
    private static func start(_ gate: RunningGate, _ part: String = #"{"name":"write"}"#) throws -> TaskStartReport {
        try gate.ask(
            "POST", "tasks", body: #"{"agent":"bot","purpose":"tickets","grants":[\#(part)]}"#,
            for: TaskStartReport.self)
    }

    @Test func `An approval is for the task in which the call was asked about`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let (one, two) = (try Self.start(gate), try Self.start(gate))
            let held = try gate.post("x", fields: "Yett-Task: \(one.handle)\r\n")
            let id = try #require(held["yett-approval"])
            let question = try gate.ask("GET", "approvals/\(id)", for: ApprovalReport.self)
            #expect(question.task == one.task.id && question.purpose == "tickets")
            try gate.answer(id)
            let brought = "Yett-Approval: \(id)\r\n"
            #expect(try gate.post("x", fields: brought)["yett-reason"] == "approval_mismatch")
            let other = try gate.post("x", fields: brought + "Yett-Task: \(two.handle)\r\n")
            #expect(other["yett-reason"] == "approval_mismatch")
            #expect(try gate.poll(id).status == 404)
            #expect(try gate.poll(id, fields: "Yett-Task: \(one.handle)\r\n").status == 200)
            #expect(try gate.post("x", fields: brought + "Yett-Task: \(one.handle)\r\n").status == 200)
        }
    }

    @Test func `A task that is stopped takes its questions with it`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let started = try Self.start(gate)
            let socket = try RawSocket.connect(port: gate.port)
            try socket.write(
                "POST /s/tickets/tickets HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer \(ServiceGate.token)\r\n"
                    + "Yett-Task: \(started.handle)\r\nPrefer: wait=60\r\nContent-Length: 1\r\n\r\nx")
            let question = try gate.question()
            #expect(try gate.ask("POST", "tasks/\(started.task.id)/stop", body: "{}").status == 200)
            #expect(try HTTPText.readResponse(from: socket)["yett-reason"] == "task_stopped")
            #expect(try gate.answer(question.id).status == 409)
        }
    }

    @Test func `A part of a task may ask for a person where the grant does not`() async throws {
        try await ApprovalGate.run { gate, upstream throws in
            let started = try Self.start(gate, #"{"name":"read","approval":true}"#)
            #expect(started.task.grants.first?.approval == true)
            let fields = "Authorization: Bearer \(ServiceGate.token)\r\nYett-Task: \(started.handle)\r\n"
            #expect(try gate.ask("GET", service: "/s/tickets/tickets", fields: fields).status == 202)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
        }
    }

    @Test func `An agent that is known by its user does not answer for itself`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = """
            agents:
              bot: {attest: [{unix: {uid: \(geteuid())}}], grants: [{name: all, service: tickets, approval: required}]}
            services: {tickets: {host: tickets.test, port: \(upstream.port)}}
            service_proxy: {listeners: [{unix: $DIRECTORY/service.sock, mode: "0600", identify: [unix]}]}
            egress:
              resolver: {hosts: {tickets.test: [127.0.0.1]}}
              exceptions: [{host: tickets.test, port: \(upstream.port), cidr: 127.0.0.1/32}]
            """
        try await RunningGate.run(text) { gate throws in
            let socket = try RawSocket.connect(unix: gate.directory + "/service.sock")
            try socket.write("GET /s/tickets/x HTTP/1.1\r\nHost: g\r\n\r\n")
            let held = try HTTPText.readResponse(from: socket)
            let id = try #require(held["yett-approval"])
            let answer = try gate.answer(id)
            #expect(answer.status == 403 && answer.text.contains("an agent does not answer for itself"))
            #expect(try gate.question().id == id)
        }
    }
}
