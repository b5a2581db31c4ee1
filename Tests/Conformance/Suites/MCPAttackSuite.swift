// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation

/// Attacks of clients and servers in the Model Context Protocol, on a running gate.
enum MCPAttackSuite: Suite {
    static let name = "mcp-attacks"
    static let corpus: (folder: String, file: String?) = ("mcp-attacks", "cases.json")

    static func run(_ url: URL, _ report: inout SuiteReport) async throws {
        for test in try MCPAttackCase.read(url) {
            do {
                if let spoken = test.modelSteps.first {
                    report.record(test.id, try await MCPAttackModel(step: spoken).failure())
                    continue
                }
                let outcome = try await MCPAttackPlay.outcome(of: test)
                report.record(test.id, try MCPAttackJudge(test: test, outcome: outcome).failure())
            } catch let unknown as MCPAttackPolicy.Unknown {
                report.skip(needing: unknown.what)
            } catch {
                report.record(test.id, "\(error)")
            }
        }
    }
}
