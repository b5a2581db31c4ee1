// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Behavior
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Storage
import Testing

/// What is usual, ratified by a person, and the flow of data between calls, in a running gate.
@Suite struct RatifiedBaselineTests {
    private static func text(tools: UInt16) -> String {
        """
        agents:
          bot:
            role: support
            attest: [\(ServiceGate.tokenAttestation)]
            grants: [{name: desk, service: desk, tools: {search: {}, people: {}, send: {}}}]
        services:
          desk:
            host: desk.test
            port: \(tools)
            protocol: mcp
            provenance: {outside_tasks: false}
            tools:
              search: {effect: read, untrusted: true}
              people: {effect: read, private: true}
              send: {effect: external}
        service_proxy:
          listeners: [{address: "127.0.0.1:0", identify: [token]}]
        egress:
          resolver: {hosts: {desk.test: [127.0.0.1]}}
          exceptions: [{host: desk.test, port: \(tools), cidr: 127.0.0.1/32}]
        watch: {mode: observe}
        """
    }

    private static func call(_ gate: RunningGate, _ tool: String) throws -> JSONValue {
        let fields =
            "Authorization: Bearer \(ServiceGate.token)\r\nContent-Type: application/json\r\n"
            + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n"
        let answer = try gate.ask(
            "POST", service: "/s/desk", fields: fields,
            body: #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":{"id":"7"}}}"#
        )
        return try JSONValue(parsing: answer.body)
    }

    private static func replay(_ gate: RunningGate) throws -> RiskReplay {
        let store = BaselineStore(logDirectory: gate.directory + "/audit")
        let reader = try AuditReader(directory: gate.directory + "/audit")
        var replay = RiskReplay { digest in
            (try? store.document(digest)).flatMap { $0 }.flatMap { try? RatifiedBaseline(decoding: $0) }
        }
        try reader.forEachRecord(in: 0..<reader.size) { index, bytes in
            if let record = AuditRecord(bytes) { replay.take(record, at: index) }
        }
        return replay
    }

    /// What is usual for support: to search.
    private static var usual: Baseline {
        var profile = RoleProfile(role: "support")
        profile.sessions = 40
        profile.days = 9
        profile.tools = [RoleProfile.Tool(service: "desk", tool: "search", isRead: true, sessions: 40)]
        return Baseline(roles: [profile])
    }

    private static func ratify(_ gate: RunningGate, _ baseline: Baseline?, why: String) throws -> HTTPText {
        let text = baseline.map { String(decoding: $0.encoded, as: UTF8.self) }
        let body = try AdminJSON.encoder.encode(BaselineRequest(baseline: text, why: why))
        return try gate.ask("POST", "risk/baseline", body: String(decoding: body, as: UTF8.self))
    }

    @Test("private data that goes out after a stranger's text is an alarm, by what the configuration says of the tools")
    func dataFlow() async throws {
        let desk = ToolUpstream(["search", "people", "send"].map { ToolUpstream.tool($0) })
        defer { desk.server.stop() }
        try await RunningGate.run(Self.text(tools: desk.server.port), prepare: ServiceGate.prepare) { gate throws in
            for tool in ["search", "people", "send"] {
                let answer = try Self.call(gate, tool)
                #expect(answer["error"] == nil, "\(answer)")
            }
            let alarm = try #require(try gate.record("kind=alarm"))
            #expect(alarm.text("operation") == "data_flow")
            let decisions = try gate.records("kind=decision").filter { $0.text("tool") != nil }
            #expect(
                decisions.map { $0.list("labels") } == [
                    ["untrusted_read", "named_destination"], ["private_read", "named_destination"],
                    ["external_write", "named_destination"],
                ])
            #expect(decisions.allSatisfy { $0.text("role") == "support" })
            #expect(alarm.list("evidence").count == 3)
            #expect(try Self.replay(gate).differences.isEmpty)
        }
    }

    @Test("nothing is compared with a baseline before a person ratified it, and the tree tells when that was")
    func ratification() async throws {
        let desk = ToolUpstream(["search", "people", "send"].map { ToolUpstream.tool($0) })
        defer { desk.server.stop() }
        try await RunningGate.run(Self.text(tools: desk.server.port), prepare: ServiceGate.prepare) { gate throws in
            _ = try Self.call(gate, "people")
            #expect(try gate.records("kind=alarm").isEmpty)
            #expect(try Self.ratify(gate, Self.usual, why: "nine days").status == 200)
            let report = try AdminJSON.decoder.decode(
                BaselineReport.self, from: Data(try gate.ask("GET", "risk/baseline").body))
            #expect(report.baseline == String(decoding: Self.usual.encoded, as: UTF8.self))
            let digest = try #require(report.digest)
            let record = try #require(try gate.record("kind=admin_action"))
            #expect(record.text("operation") == "ratify" && record.list("evidence") == ["baseline:\(digest)"])
            #expect(record.text("cause") == "nine days")

            _ = try Self.call(gate, "search")
            #expect(try gate.records("kind=alarm").isEmpty)
            _ = try Self.call(gate, "people")
            #expect(try gate.record("kind=alarm")?.text("operation") == "new_tool")

            #expect(try Self.ratify(gate, nil, why: "another life").status == 200)
            _ = try Self.call(gate, "send")
            let alarms = try gate.records("kind=alarm").compactMap { $0.text("operation") }
            #expect(!alarms.dropFirst().contains("new_tool"), "\(alarms)")
            let replay = try Self.replay(gate)
            #expect(replay.differences.isEmpty && replay.alarms == alarms.count, "\(replay.differences)")
        }
    }

    @Test(
        "what is no baseline in its one form is refused and changes nothing",
        arguments: ["", "{}", "[1]", #"{"format":"yett-baseline-1","roles":[],"ratified":{"person":"me","time":1}}"#])
    func malformed(_ text: String) async throws {
        try await RunningGate.run(Self.text(tools: 9), prepare: ServiceGate.prepare) { gate throws in
            let body = try AdminJSON.encoder.encode(BaselineRequest(baseline: text))
            #expect(try gate.ask("POST", "risk/baseline", body: String(decoding: body, as: UTF8.self)).status == 400)
            #expect(try gate.ask("POST", "risk/baseline", body: "no JSON").status == 400)
            let report = try AdminJSON.decoder.decode(
                BaselineReport.self, from: Data(try gate.ask("GET", "risk/baseline").body))
            #expect(report.digest == nil)
            #expect(try gate.records("kind=admin_action").isEmpty)
        }
    }

    @Test("a gate starts with the baseline in force, says so in its record, and refuses to start with a damaged one")
    func start() async throws {
        let bytes = Self.usual.ratified(by: "uid:0", at: 1_790_000_000_000_000).encoded
        try await RunningGate.run(
            Self.text(tools: 9),
            prepare: { directory in
                try ServiceGate.prepare(directory)
                try Self.keep(bytes, in: directory)
            }
        ) { gate throws in
            let digest = try BaselineStore(logDirectory: gate.directory + "/audit").current()?.digest
            #expect(try gate.record("kind=startup")?.list("evidence") == ["baseline:\(try #require(digest))"])
        }
        let failure = try await RunningGate.failure(
            Self.text(tools: 9),
            prepare: { directory in
                try ServiceGate.prepare(directory)
                let digest = try Self.keep(bytes, in: directory)
                let path = "\(directory)/audit/baselines/\(digest).json"
                let changed = try String(contentsOfFile: path, encoding: .utf8).replacing("search", with: "people")
                try changed.write(toFile: path, atomically: false, encoding: .utf8)
            })
        #expect(
            failure.map { "\($0)".contains("not the baseline that was ratified") } ?? false,
            "\(failure.debugDescription)")
    }

    @discardableResult
    private static func keep(_ bytes: [UInt8], in directory: String) throws -> String {
        try FileManager.default.createDirectory(
            atPath: directory + "/audit", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        return try BaselineStore(logDirectory: directory + "/audit").enforce(bytes)
    }
}
