// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Protocols
import Testing

@testable import Gateway

@Suite("The decision log") struct DecisionLogTests {
    @Test("hides what the masking policy names before an event leaves, and drops what it says")
    func masking() async throws {
        let policy = """
            package system.log
            mask contains "/input/secret"
            mask contains {"op": "upsert", "path": "/input/ssn", "value": "***"} if input.input.ssn
            drop if input.path == "quiet/thing"
            """
        let events = try await Self.events(policy) { gate throws in
            let body = #"{"input":{"secret":"hunter2","ssn":"078","n":1}}"#
            let answer = try gate.ask("POST", "data/app/x", body: body).text
            #expect(answer.contains("decision_id"))
            _ = try gate.ask("POST", "data/quiet/thing", body: body)
            _ = try gate.connect(try RawSocket.connect(port: gate.port), to: "elsewhere.test", 443)
        }
        #expect(events.count == 2)
        let event = try #require(events.first)
        #expect(event["path"] == "app/x")
        #expect(event["input"] == ["ssn": "***", "n": 1])
        #expect(event["erased"] == ["/input/secret"])
        #expect(event["masked"] == ["/input/ssn"])
        #expect(event["labels"]?["env"] == "test")
        #expect(event["result"] == nil)
        #expect(event["requested_by"]?.string == "uid:\(getuid())")
        let decided = try #require(events.last)
        #expect(decided["path"] == "yett/authz/verdict")
        #expect(decided["input"]?["destination"]?["host"] == "elsewhere.test")
        #expect(decided["result"]?["allow"] == false)
        #expect(decided["result"]?["reason"] == "host_not_granted")
        #expect(decided["decision_id"]?.string?.hasPrefix("d-") == true)
    }

    @Test(
        "writes nothing of the input when the masking policy fails",
        arguments: [
            "mask contains \"/other/secret\"", "mask contains 7", "mask contains x if x := to_number(input.path)",
        ])
    func failingMask(rule: String) async throws {
        let events = try await Self.events("package system.log\n\(rule)\n") { gate throws in
            _ = try gate.ask("POST", "data/app/x", body: #"{"input":{"secret":"hunter2"}}"#)
        }
        let event = try #require(events.first)
        #expect(event["input"] == nil)
        #expect(event["erased"] == ["/input", "/result"])
        #expect(event["error"]?["code"] == "mask_error")
    }

    @Test("fills uploads up to their limit and leaves nothing out")
    func uploads() throws {
        let lines = (0..<500).map { number in
            Array("{\"n\":\(number),\"x\":\"\(String(UInt64.random(in: .min ... .max), radix: 36))\"}".utf8)
        }
        var waiting = lines
        var uploads = 0
        while !waiting.isEmpty {
            let upload = try DecisionLogUpload(waiting, limit: 2000)
            #expect(upload.body.count <= 2000 && upload.body.starts(with: [0x1F, 0x8B]))
            waiting.removeFirst(upload.count)
            uploads += 1
        }
        #expect(uploads > 2)
        let single = try DecisionLogUpload([[UInt8](repeating: 7, count: 100)], limit: 1)
        #expect(single.count == 1)
    }

    @Test("keeps no more events than it may, and counts the rest")
    func overflow() throws {
        let log = DecisionLog(limit: 2)
        let snapshot = Snapshot(
            revision: 1, digest: "", trustDomain: try TrustDomain(parsing: "gate.test"),
            agents: AgentDirectory(agents: []),
            grants: [:], addressGuard: AddressGuard(exceptions: [], ownListeners: []))
        for number in 0..<5 {
            log.offer(
                DecisionLogEvent(
                    subject: .document(path: ["a"], input: nil, result: nil, snapshot: snapshot, by: "x"),
                    decision: "\(number)", time: 0))
        }
        let (events, lost) = log.take()
        #expect(events.map(\.decision) == ["0", "1"])
        #expect(lost == 3)
        #expect(log.take().events.isEmpty)
    }

    @Test("posts events in gzip with its token to the URL")
    func posting() async throws {
        let collector = UpstreamServer { connection in
            while let request = try? HTTPText.readRequest(from: connection) {
                _ = request
                try? connection.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        defer { collector.stop() }
        let url = "http://127.0.0.1:\(collector.port)/logs"
        let text = Sample.tunnels(to: 443) + "\ndecision_log: {url: \"\(url)\", interval: 100ms}\n"
        try await RunningGate.run(text) { gate throws in
            _ = try gate.ask("POST", "data/app/x", body: #"{"input":{}}"#)
            let deadline = Deadline(RawSocket.patience)
            while !collector.text.contains("content-encoding: gzip"), deadline.secondsLeft > 0 { usleep(10_000) }
            #expect(collector.text.contains("POST /logs HTTP/1.1"))
        }
    }

    /// Runs a gate with a policy and gives the events that it logged.
    private static func events(
        _ policy: String, _ body: @escaping @Sendable (RunningGate) throws -> Void
    ) async throws -> [JSONValue] {
        let text =
            Sample.tunnels(to: 443)
            + "\npolicy: {files: [user.rego]}\ndecision_log: {file: $DIRECTORY/decisions.jsonl, interval: 1h, labels: {env: test}}\n"
        let file = "/tmp/yett-decisions-" + String(UInt64.random(in: .min ... .max), radix: 36)
        defer { try? FileManager.default.removeItem(atPath: file) }
        try await RunningGate.run(
            text.replacing("$DIRECTORY/decisions.jsonl", with: file),
            prepare: { directory in
                try policy.write(toFile: directory + "/user.rego", atomically: true, encoding: .utf8)
            }, body)
        // What waits is written when the gate stops.
        let lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
        return try lines.map { try JSONValue(parsing: String($0)) }
    }
}
