// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

/// The official Python client of the Workload API, in an environment that is kept outside of the repository.
enum OfficialClient {
    private static let package = PythonPackage("spiffe==0.3.2")

    /// The folder of this target's scripts.
    static let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Clients").path

    /// Runs a script and expects it to say that it is done.
    static func run(_ script: String, _ arguments: [String], within seconds: Double = 100) async throws {
        let outcome = try await onOwnThread {
            try Program(try package.python, [scripts + "/" + script] + arguments, keepsErrors: true)
                .outcome(within: seconds)
        }
        #expect(outcome.status == 0, "\(outcome.text)")
        #expect(outcome.text.contains("done"))
    }
}
