// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Crypto
import Foundation
import GateSupport
import GatewaySupport
import Protocols
import Testing

/// Sandboxes behind a running gate: from the agent's request to the record of what became of it.
@Suite("Sandboxes through the gate") struct SandboxGateTests {
    @Test func `An agent lists the tool and calls it, and the record names the receipt that it got`() async throws {
        try await SandboxGate.run { gate throws in
            let start = try gate.message(
                "initialize",
                ["protocolVersion": "2025-06-18", "capabilities": [:], "clientInfo": ["name": "c", "version": "1"]])
            #expect(start["result"]?["serverInfo"]?["name"]?.string == "yett-sandbox", "\(start.text)")
            let list = try gate.message("tools/list")
            #expect(list["result"]?["tools"]?.array?.compactMap { $0["name"]?.string } == ["execute"], "\(list.text)")

            let answer = try gate.execute(["language": "python", "source": "print(6 * 7)"])
            let content = try #require(answer["result"]?["structuredContent"], "\(answer.text)")
            #expect(content["stdout"]?.string == "42\n")
            #expect(content["outcome"]?.string == "exited" && content["exit"]?.integer == 0)
            #expect(answer["result"]?["content"]?[0]?["text"]?.string == "42\n")
            let receipt = try #require(content["receipt"])
            let digest =
                "sha256:"
                + SHA256.hash(data: receipt.canonicalBytes).map { String(format: "%02x", $0) }.joined()
            #expect(content["receipt_digest"]?.string == digest)
            #expect(receipt["network"]?["interfaces"]?.array?.count ?? 9 <= 1)

            let run = try #require(try gate.runs().last)
            #expect(run["receipt"]?.string == digest)
            #expect(run["driver"]?.string == "namespace" && run["strength"]?.string == "namespace")
            #expect(run["language"]?.string == "python" && run["outcome"]?.string == "exited")
            #expect(run["limits"]?["wall_ms"]?.integer == 5000)
            #expect(run["source"]?.string == receipt["source"]?["digest"]?.string)
            let decision = try #require(try gate.calls(verdict: "allow").last)
            #expect(decision.text("grant")?.hasSuffix("code") == true && decision.text("service") == "sandbox")
            // Nothing of the program is in any record.
            let records = try gate.ask("GET", "audit/records?limit=1000").text
            #expect(records.contains(digest) && !records.contains("6 * 7"))
        }
    }

    @Test func `The same as plain HTTP`() async throws {
        try await SandboxGate.run { gate throws in
            let answer = try gate.post([
                "language": "shell", "source": "cat; cat data/in.txt; echo oops >&2; exit 3", "stdin": "hello ",
                "files": [["path": "data/in.txt", "content": "world"]], "args": ["a"],
            ])
            #expect(answer.status == 200, "\(answer.text)")
            let content = try JSONValue(parsing: answer.body)
            #expect(content["stdout"]?.string == "hello world" && content["stderr"]?.string == "oops\n")
            #expect(content["exit"]?.integer == 3 && content["signal"]?.isNull == true)
            #expect(content["truncated"]?.bool == false)
            #expect(try gate.runs().last?["receipt"]?.string == content["receipt_digest"]?.string)
            let decision = try #require(try gate.calls(verdict: "allow").last)
            #expect(decision.text("operation") == "tools/call")
        }
    }

    @Test func `Output that is no text comes in Base64 besides`() async throws {
        try await SandboxGate.run { gate throws in
            let answer = try gate.execute([
                "language": "python", "source": "import sys; sys.stdout.buffer.write(bytes([255, 0, 65]))",
            ])
            let content = try #require(answer["result"]?["structuredContent"], "\(answer.text)")
            #expect(content["stdout_base64"]?.string == "/wBB")
            #expect(content["receipt"]?["stdout"]?["bytes"]?.integer == 3)
        }
    }

    @Test func `Output comes while the code runs, to whoever asks for events`() async throws {
        try await SandboxGate.run { gate throws in
            let answer = try gate.post(
                ["language": "shell", "source": "echo one; echo two >&2"], fields: "Accept: text/event-stream\r\n")
            #expect(answer.status == 200 && answer["content-type"] == "text/event-stream")
            #expect(answer.text.contains("event: stdout\ndata: {\"text\":\"one\\n\"}\n\n"), "\(answer.text)")
            #expect(answer.text.contains("event: stderr\ndata: {\"text\":\"two\\n\"}\n\n"), "\(answer.text)")
            let result = try #require(answer.text.range(of: "event: result\ndata: "))
            #expect(answer.text[result.upperBound...].contains("\"outcome\":\"exited\""))
            // What cannot run is refused with a status, as ever.
            let refused = try gate.post(
                ["language": "python", "source": "1", "require": ["strength": "vm"]],
                fields: "Accept: text/event-stream\r\n")
            #expect(refused.status == 403 && refused["yett-reason"] == "sandbox_unsatisfied")
        }
    }

    @Test func `Whoever has no grant is told so and runs nothing, by both ways`() async throws {
        try await SandboxGate.run { gate throws in
            let refused = try gate.post(["language": "python", "source": "1"], token: SandboxGate.otherToken)
            #expect(refused.status == 403 && refused["yett-reason"] == "host_not_granted", "\(refused.text)")
            let unknown = try gate.post(["language": "python", "source": "1"], token: "nobody")
            #expect(unknown.status == 403 || unknown.status == 401, "\(unknown.text)")
            #expect(try gate.runs().isEmpty)
        }
    }

    @Test func `What a policy demands and nobody offers is refused by both ways, with what would change it`()
        async throws
    {
        let policy = """
            package yett.authz
            sandbox := {"require": {"strength": "vm"}}
            """
        try await SandboxGate.run(policy: policy) { gate throws in
            let refused = try gate.post(["language": "python", "source": "print(1)"])
            #expect(refused.status == 403 && refused["yett-reason"] == "sandbox_unsatisfied", "\(refused.text)")
            #expect(refused.text.contains("its strength is namespace, vm is demanded"), "\(refused.text)")
            let answer = try gate.execute(["language": "python", "source": "print(1)"])
            #expect(answer["error"]?["data"]?["reason"]?.string == "sandbox_unsatisfied", "\(answer.text)")
            #expect(try gate.runs().isEmpty)
            let denied = try #require(try gate.calls(verdict: "deny").last)
            #expect(denied.list("reasons").first == "sandbox_unsatisfied")
        }
    }
}
