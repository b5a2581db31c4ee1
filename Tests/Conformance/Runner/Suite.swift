// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation

/// A corpus that can be run. Each suite is one file in `Suites`, and one entry in ``allSuites``.
protocol Suite: Sendable {
    /// The name on the command line.
    static var name: String { get }
    /// The corpus: folder and file; without a file it is the whole folder.
    static var corpus: (folder: String, file: String?) { get }
    /// Runs every case of the file or folder.
    static func run(_ url: URL, _ report: inout SuiteReport) async throws
}

/// Every suite, in the order in which they run.
let allSuites: [any Suite.Type] = [
    SSRFSuite.self, ServerNameSuite.self, HTTPAttackSuite.self, RegoSuite.self, IdentitySuite.self,
    AgentDojoSuite.self, MCPAttackSuite.self, BehaviorSuite.self, HijackLadderSuite.self, LeakSampleSuite.self,
    AgentEgressSuite.self,
]
