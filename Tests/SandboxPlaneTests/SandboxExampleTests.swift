// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import GatewaySupport
import Testing

/// The example of the documents, as users of LangChain or AutoGen would have it.
@Suite("The example in Python") struct SandboxExampleTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    @Test func `Runs code, and what would harm a host harms nothing`() async throws {
        try await SandboxGate.run { gate throws in
            let script = Self.root.appending(path: "examples/sandbox/sandbox.py").path
            let program = try Program(
                "/usr/bin/python3", [script, "http://127.0.0.1:\(gate.port)", gate.directory + "/token"],
                keepsErrors: true)
            let outcome = program.outcome(within: 60)
            let lines = outcome.text.split(separator: "\n").map(String.init)
            #expect(lines.count == 5, "\(outcome.text)")
            #expect(lines.first == "42" && lines.last == "sandbox_unsatisfied", "\(outcome.text)")
            #expect(lines.contains("exited 0") && lines.contains("timeout"), "\(outcome.text)")
            #expect(lines.contains { $0.hasPrefix("1 ") }, "\(outcome.text)")
            #expect(FileManager.default.fileExists(atPath: gate.configuration))
        }
    }
}
