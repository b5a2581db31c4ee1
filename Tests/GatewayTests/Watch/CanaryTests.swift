// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Storage
import Testing

/// What operators plant.
@Suite struct CanaryTests {
    private static func text(to port: UInt16) -> String {
        ServiceGate.text(
            to: port, grants: "[{name: tickets, service: tickets, methods: [GET, POST], paths: [/tickets]}]",
            sections: LeakTests.sections())
    }

    private static func add(_ gate: RunningGate, _ name: String, kind: String = "password") throws -> [String: String] {
        let answer = try gate.ask("POST", "canaries", body: #"{"name":"\#(name)","kind":"\#(kind)","agent":"bot"}"#)
        guard answer.status == 201 else { throw Failure(text: answer.text) }
        let report = try JSONDecoder().decode(CanaryReport.self, from: Data(answer.body))
        return Dictionary(uniqueKeysWithValues: (report.fields ?? []).map { ($0.name, $0.value) })
    }

    private struct Failure: Error {
        let text: String
    }

    @Test("what is planted is looked for at once, in any encoding, and stops who sends it")
    func touched() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: LeakTests.prepare) { gate throws in
            let password = try #require(try Self.add(gate, "backup")["SERVICE_PASSWORD"])
            #expect(try gate.ask("POST", service: "/s/tickets/tickets", body: "harmless").status == 200)
            let sent = Data(password.utf8).base64EncodedString()
            #expect(try gate.ask("POST", service: "/s/tickets/tickets", body: "x \(sent)").status == 403)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets")["yett-reason"] == "quarantined")
            #expect(!upstream.text.contains(sent))
            let list = try gate.ask("GET", "canaries").text
            #expect(list.contains("backup") && !list.contains(password))
            let records = try gate.records().map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
            #expect(records.contains("canary add") && !records.contains(password))
        }
    }

    @Test("what was removed is not looked for any more")
    func removed() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: LeakTests.prepare) { gate throws in
            let password = try #require(try Self.add(gate, "backup")["SERVICE_PASSWORD"])
            #expect(try gate.ask("DELETE", "canaries/backup").status == 204)
            #expect(try gate.ask("DELETE", "canaries/backup").status == 404)
            #expect(try gate.ask("POST", service: "/s/tickets/tickets", body: password).status == 200)
        }
    }

    @Test(
        "a name that is taken, an unknown kind and a name of other characters are refused",
        arguments: [
            (#"{"name":"trap","kind":"aws"}"#, 409), (#"{"name":"crm-key","kind":"aws"}"#, 409),
            (#"{"name":"a","kind":"nothing"}"#, 400), (#"{"name":"a b","kind":"aws"}"#, 400),
            (#"{"name":"","kind":"aws"}"#, 400), (#"{"name":"a","kind":"aws","agent":"no agent"}"#, 400),
        ])
    func refused(body: String, status: Int) async throws {
        try await RunningGate.run(Self.text(to: 9), prepare: LeakTests.prepare) { gate throws in
            let answer = try gate.ask("POST", "canaries", body: body)
            #expect(answer.status == status, "\(answer.text)")
        }
    }

    @Test("without the section nothing would be seen, so nothing is planted")
    func withoutSection() async throws {
        try await RunningGate.run(ServiceGate.text(to: 9), prepare: ServiceGate.prepare) { gate throws in
            let answer = try gate.ask("POST", "canaries", body: #"{"name":"a","kind":"aws"}"#)
            #expect(answer.status == 409 && answer.text.contains("leaks"))
        }
    }

    @Test("what was planted outlives a reload and a gate that is killed")
    func restart() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = Self.text(to: upstream.port)
        let copy = "/tmp/yett-image-" + String(UInt64.random(in: .min ... .max), radix: 36)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        let password = try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            let password = try #require(try Self.add(gate, "backup")["SERVICE_PASSWORD"])
            try gate.rewrite(text.replacing("crm-key", with: "crm-other"))
            _ = try gate.ask("POST", "reload")
            try FileManager.default.copyItem(atPath: gate.directory + "/audit", toPath: copy)
            return password
        }
        let prepare: @Sendable (String) throws -> Void = { directory in
            try LeakTests.prepare(directory)
            try FileManager.default.copyItem(atPath: copy, toPath: directory + "/audit")
        }
        try await RunningGate.run(text, prepare: prepare) { gate throws in
            #expect(try gate.ask("GET", "canaries").text.contains("backup"))
            let answer = try gate.ask("POST", service: "/s/tickets/tickets", body: password)
            #expect(answer.status == 403 && answer["yett-reason"] == "leak_found", "\(answer.startLine)")
        }
    }

    @Test("the launches of an agent have what is planted in their environment, the same in each")
    func launches() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = Self.text(to: upstream.port).replacing(
            "    attest: [\(ServiceGate.tokenAttestation)]",
            with:
                "    attest: [\(ServiceGate.tokenAttestation), {launch: true}]\n    canaries: {environment: [aws, postgres], files: [aws, pem]}"
        )
        try await RunningGate.run(text, prepare: LeakTests.prepare) { gate throws in
            let body = #"{"agent":"bot","uid":\#(geteuid())}"#
            let reports = try (0..<2).map { _ in
                try gate.ask("POST", "launches", body: body, for: LaunchReport.self)
            }
            let planted = reports.map { $0.plantedVariables ?? [:] }
            #expect(planted.first == planted.last)
            #expect(
                planted.first?.keys.sorted() == ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "DATABASE_URL"])
            let files = try #require(reports.first?.plantedFiles)
            #expect(files.keys.sorted() == [".aws/credentials", ".ssh/deploy-key.pem"])
            let identifier = try #require(planted.first?["AWS_ACCESS_KEY_ID"])
            #expect(files[".aws/credentials"]?.hasPrefix("[default]\naws_access_key_id = \(identifier)\n") == true)
            let list = try gate.ask("GET", "canaries").text
            #expect(list.contains("launch-aws-bot") && list.contains("launch-postgres-bot"))
            let key = try #require(planted.first?["AWS_SECRET_ACCESS_KEY"])
            #expect(try gate.ask("POST", service: "/s/tickets/tickets", body: key).status == 403)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets")["yett-reason"] == "quarantined")
        }
    }
}
