// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Protocols
import Testing

/// How runs end before their time, and that nothing of them is left.
@Suite("Runs that are ended", .serialized) struct SandboxEndTests {
    private static let wide = "drivers: [namespace], limits: {wall_time: 1m}"

    @Test func `A cut by an operator ends everything that the code began`() async throws {
        try await SandboxGate.run(sandbox: Self.wide) { gate throws in
            let program = LongProgram()
            let socket = try gate.begin(["language": "python", "source": .string(program.source)])
            #expect(comesTrue { program.isRunning })
            let live = try #require(try gate.connections().first { $0.service == "sandbox" })
            let body = #"{"connection":"\#(live.connection)","why":"it looked odd"}"#
            #expect(try gate.ask("POST", "cut", body: body, for: CutReport.self).cut == 1)
            #expect(comesTrue(within: 5) { !program.isRunning })
            #expect(socket.readToEnd().ending != .stillOpen)
            #expect(try comesTrue(within: 5) { try gate.runs().last?["outcome"]?.string == "cut" })
            let end = try #require(try gate.record("kind=connection_end"))
            #expect(end.text("cause") == "operator_cut")
        }
    }

    @Test func `A revocation of the agent ends its run`() async throws {
        try await SandboxGate.run(sandbox: Self.wide) { gate throws in
            let program = LongProgram()
            let socket = try gate.begin(["language": "python", "source": .string(program.source)])
            #expect(comesTrue { program.isRunning })
            let live = try #require(try gate.connections().first { $0.service == "sandbox" })
            let answer = try gate.ask("POST", "revocations", body: #"{"agent":"\#(live.agent)"}"#)
            #expect(answer.status == 201, "\(answer.text)")
            #expect(comesTrue(within: 5) { !program.isRunning })
            #expect(socket.readToEnd().ending != .stillOpen)
            #expect(try gate.record("kind=connection_end")?.text("cause") == "agent_revoked")
        }
    }

    @Test func `A client that goes away ends its run`() async throws {
        try await SandboxGate.run(sandbox: Self.wide) { gate throws in
            let program = LongProgram()
            var socket: RawSocket? = try gate.begin(["language": "python", "source": .string(program.source)])
            #expect(comesTrue { program.isRunning })
            socket?.close()
            socket = nil
            #expect(comesTrue(within: 5) { !program.isRunning })
            #expect(try comesTrue(within: 5) { try gate.runs().last?["outcome"]?.string == "cut" })
            #expect(try comesTrue(within: 5) { try gate.connections().isEmpty })
        }
    }

    @Test func `A reload that withdraws the grant ends the run`() async throws {
        try await SandboxGate.run(sandbox: Self.wide) { gate throws in
            let program = LongProgram()
            let socket = try gate.begin(["language": "python", "source": .string(program.source)])
            #expect(comesTrue { program.isRunning })
            let text = try String(contentsOfFile: gate.configuration, encoding: .utf8)
            try text.replacing("hosts: [web.test]", with: "hosts: [b.test]")
                .write(toFile: gate.configuration, atomically: true, encoding: .utf8)
            // What somebody else may do is nothing to this run.
            let other = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(other.isAccepted && other.cut == 0 && program.isRunning, "\(other.diagnostics)")
            try text.replacing("service: sandbox, tools: {execute: {}}", with: "hosts: [a.test]")
                .write(toFile: gate.configuration, atomically: true, encoding: .utf8)
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted && report.cut == 1, "\(report.diagnostics)")
            #expect(comesTrue(within: 5) { !program.isRunning })
            #expect(socket.readToEnd().ending != .stillOpen)
        }
    }

    @Test func `A gate that stops leaves no run behind`() async throws {
        let program = LongProgram()
        try await SandboxGate.run(sandbox: Self.wide) { gate throws in
            let socket = try gate.begin(["language": "python", "source": .string(program.source)])
            withExtendedLifetime(socket) { #expect(comesTrue { program.isRunning }) }
            gate.beginStop()
            #expect(socket.readToEnd().ending != .stillOpen)
        }
        #expect(comesTrue(within: 5) { !program.isRunning })
    }

    @Test func `What finds no place is told to come back, and places come free`() async throws {
        try await SandboxGate.run(sandbox: Self.wide + ", running: 1, waiting: 0") { gate throws in
            let program = LongProgram()
            let first = try gate.begin(["language": "python", "source": .string(program.source)])
            #expect(comesTrue { program.isRunning })
            let refused = try gate.post(["language": "python", "source": "print(1)"])
            #expect(refused.status == 503 && refused["yett-reason"] == "sandbox_busy", "\(refused.text)")
            #expect(refused["retry-after"] == "1")
            let called = try gate.execute(["language": "python", "source": "print(1)"])
            #expect(called["error"]?["data"]?["reason"]?.string == "sandbox_busy", "\(called.text)")
            first.close()
            #expect(
                try comesTrue(within: 10) { try gate.post(["language": "python", "source": "print(1)"]).status == 200 })
        }
    }

    @Test func `What deletes everything deletes nothing but the sandbox`() async throws {
        try await SandboxGate.run { gate throws in
            let marker = gate.directory + "/stays"
            #expect(FileManager.default.createFile(atPath: marker, contents: Data("here".utf8)))
            for source in [
                "import os; os.system('rm -rf / --no-preserve-root 2>/dev/null'); print('still here')",
                "import shutil; shutil.rmtree('/', ignore_errors=True); print('still here')",
            ] {
                let answer = try gate.post(["language": "python", "source": .string(source)])
                #expect(answer.status == 200, "\(answer.text)")
                #expect(FileManager.default.contents(atPath: marker) == Data("here".utf8))
                #expect(access("/usr/bin/python3", X_OK) == 0)
            }
            let again = try gate.post(["language": "python", "source": "print('whole')"])
            #expect((try JSONValue(parsing: again.body))["stdout"]?.string == "whole\n")
        }
    }
}
