// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Testing

/// What must not get out does not, on either way.
@Suite struct LeakTests {
    static let registered = "tr-crm-7Qm2vX90bLs4"
    static let planted = "AKIAYETTCANARY00TRAP"

    static func sections(_ mode: String = "enforce") -> String {
        """
        watch: {mode: enforce}
        leaks:
          mode: \(mode)
          secrets: [{name: crm-key, value: "file:$DIRECTORY/crm"}]
          canaries: [{name: trap, value: "file:$DIRECTORY/trap", agent: bot}]
        """
    }

    static func prepare(_ directory: String) throws {
        try ServiceGate.prepare(directory)
        try ServiceGate.write(registered, as: "crm", in: directory)
        try ServiceGate.write(planted, as: "trap", in: directory)
    }

    private static func text(to port: UInt16, _ mode: String = "enforce") -> String {
        ServiceGate.text(
            to: port, grants: "[{name: tickets, service: tickets, methods: [GET, POST], paths: [/tickets]}]",
            service: ServiceGate.credential, sections: sections(mode))
    }

    private static let base64 = Data(registered.utf8).base64EncodedString()
    private static let hex = registered.utf8.map { String($0, radix: 16) }.joined()

    @Test(
        "a registered secret does not leave through a service, however it is written",
        arguments: [
            ("/s/tickets/tickets?q=\(registered)", "", ""), ("/s/tickets/tickets/\(registered)", "", ""),
            ("/s/tickets/tickets?q=\(base64)", "", ""), ("/s/tickets/tickets?q=%74r-crm-7Qm2vX90bLs4", "", ""),
            ("/s/tickets/tickets", "X-Note: \(hex)\r\n", ""), ("/s/tickets/tickets", "", "text \(registered) text"),
            ("/s/tickets/tickets", "", "{\"note\":\"\(base64)\"}"),
            ("/s/tickets/tickets", "", "the gate's own key: \(ServiceGate.key)"),
        ])
    func service(path: String, field: String, body: String) async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: Self.prepare) { gate throws in
            let fields = "Authorization: Bearer \(ServiceGate.token)\r\n\(field)"
            let answer = try gate.ask("POST", service: path, fields: fields, body: body)
            #expect(answer.status == 403 && answer["yett-reason"] == "leak_found", "\(answer.startLine)")
            #expect(answer.text.contains("crm-key") || answer.text.contains("services.tickets.credential"))
            #expect(!answer.text.contains(Self.registered))
            #expect(!upstream.text.contains(Self.registered) && !upstream.text.contains(Self.base64))
            #expect(!upstream.text.contains("own key: \(ServiceGate.key)"))
            let records = gateText(try gate.records("limit=100"))
            #expect(records.contains("leak_found"))
            for spelling in [Self.registered, Self.base64, Self.hex] { #expect(!records.contains(spelling)) }
            // What says nothing of it passes; one leak is reason enough to ask a person about what has an effect.
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            let held = try gate.ask(
                "POST", service: "/s/tickets/tickets",
                fields: fields.replacing(field, with: "") + "Prefer: respond-async\r\n",
                body: "{}")
            #expect(held.status == 202 || held["yett-reason"] == "approval_required", "\(held.startLine)")
        }
    }

    @Test("a secret in a body of several pieces is stopped before its last one")
    func pieces() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: Self.prepare) { gate throws in
            let socket = try RawSocket.connect(port: gate.port)
            let (first, second) = (Self.registered.prefix(9), Self.registered.dropFirst(9))
            try socket.write(
                "POST /s/tickets/tickets HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer \(ServiceGate.token)\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n9\r\n\(first)\r\n")
            Thread.sleep(forTimeInterval: 0.1)
            let rest = String(second.utf8.count, radix: 16)
            try socket.write("\(rest)\r\n\(second)\r\n0\r\n\r\n")
            let answer = try HTTPText.readResponse(from: socket)
            #expect(answer.status == 403 && answer["yett-reason"] == "leak_found", "\(answer.startLine)")
            #expect(!upstream.text.contains(second))
        }
    }

    @Test("a canary ends everything at once")
    func canary() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: Self.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            let reversed = String(Self.planted.reversed())
            let answer = try gate.ask("POST", service: "/s/tickets/tickets", body: "x=\(reversed)")
            #expect(answer.status == 403)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets")["yett-reason"] == "quarantined")
            let isAlarmed = try comesTrue {
                try gate.records("kind=alarm&limit=100").contains {
                    $0.text("operation") == "canary" && $0.list("reasons").first == "critical"
                }
            }
            #expect(isAlarmed)
            #expect(!gateText(try gate.records()).contains(Self.planted))
        }
    }

    private func gateText(_ records: [AuditRecord]) -> String {
        records.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "\n")
    }

    @Test("a secret in a host name is not even looked up")
    func hostname() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let hidden = Self.hex.lowercased()
        let text =
            Sample.tunnels(
                to: upstream.port,
                grants: "[{name: all, hosts: [\"*.web.test\", web.test], ports: [\(upstream.port)], tls: any}]")
            + "\n" + Self.sections()
        try await RunningGate.run(text, prepare: Self.prepare) { gate throws in
            // Where nobody granted the name, what it carries is still the reason, and no record repeats it.
            for name in ["\(hidden).web.test", "\(hidden).elsewhere.test"] {
                let answer = try gate.connect(try RawSocket.connect(port: gate.port), to: name, upstream.port)
                #expect(answer.status == 403 && answer["yett-reason"] == "leak_found", "\(answer.startLine)")
            }
            let decisions = try gate.records("kind=decision")
            #expect(decisions.compactMap { $0.text("host") } == ["[concealed]", "[concealed]"])
            #expect(!gateText(try gate.records("limit=100")).contains(hidden))
            let id = try #require(decisions.last?.text("decision"))
            #expect(try gate.ask("GET", "decisions/\(id)").status < 500)
        }
    }

    @Test("where it only observes, findings are recorded by name and the request passes")
    func observe() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port, "observe"), prepare: Self.prepare) { gate throws in
            let answer = try gate.ask("POST", service: "/s/tickets/tickets?q=\(Self.registered)")
            #expect(answer.status == 200)
            let record = try #require(try gate.record("kind=observation"))
            #expect(record.text("cause") == "leak_observed")
            #expect(record.text("detail")?.contains("crm-key") == true)
            #expect(record.text("detail")?.contains(Self.registered) == false)
        }
    }

    @Test("secrets that cannot be used are said at the start, and nothing of them")
    func unusable() async throws {
        for (text, says) in [("short", "crm-key"), ("aaaaaaaaaaaa", "crm-key")] {
            let error = try await RunningGate.failure(Self.text(to: 9)) { directory in
                try Self.prepare(directory)
                try ServiceGate.write(text, as: "crm", in: directory)
            }
            #expect(error?.lines.contains { $0.contains(says) } == true, "\(String(describing: error))")
            #expect(error?.lines.contains { $0.contains(text) } != true)
        }
    }
}
