// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

/// The official Python client of the Workload API, in an environment that is kept outside of the repository.
enum OfficialClient {
    private static let requirement = "spiffe==0.3.2"

    /// The folder of this target's scripts.
    static let scripts = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Clients").path

    /// The cache of programs that tests download.
    static let cache =
        (ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache") + "/yett-tests"

    /// The interpreter that has the client. Making it takes a package index, once.
    static let python: Result<String, any Error> = Result {
        let environment = cache + "/" + requirement
        let interpreter = environment + "/bin/python"
        guard !FileManager.default.isExecutableFile(atPath: environment + "/ready") else { return interpreter }
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        let command = """
            set -e
            python3 -m venv "$0"
            "$0/bin/pip" install --quiet "$1"
            install -m 755 /dev/null "$0/ready"
            """
        let setup = try Program(
            "sh", ["-c", command, environment, requirement], keepsErrors: true, install: "apt-get install python3-venv")
        let outcome = setup.outcome(within: 300)
        guard outcome.status == 0 else { throw Missing(text: outcome.text) }
        return interpreter
    }

    struct Missing: Error, CustomStringConvertible {
        let text: String
        var description: String {
            "the Python package \(requirement) cannot be installed; it takes python3-venv and a package index: \(text)"
        }
    }

    /// Runs a script and expects it to say that it is done.
    static func run(_ script: String, _ arguments: [String], within seconds: Double = 100) async throws {
        let outcome = try await onOwnThread {
            try Program(try python.get(), [scripts + "/" + script] + arguments, keepsErrors: true)
                .outcome(within: seconds)
        }
        #expect(outcome.status == 0, "\(outcome.text)")
        #expect(outcome.text.contains("done"))
    }
}
