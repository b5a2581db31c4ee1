// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
package import Foundation

/// Packages of the Python package index, in an environment of their own that is kept outside of the repository.
package final class PythonPackage: Sendable {
    private let interpreter: Result<String, any Error>

    /// Installs a package, once on each machine. That takes a package index.
    ///
    /// - Parameter requirement: The package with its version, such as `spiffe==0.3.2`.
    package init(_ requirement: String) {
        interpreter = Result { try Self.install(requirement, named: requirement, [requirement]) }
    }

    /// Installs every package of a list, once on each machine and for each version of the list.
    ///
    /// - Parameter list: A file of exact versions that has all that the packages need themselves.
    package init(list: URL) {
        interpreter = Result {
            let digest = SHA256.hash(data: try Data(contentsOf: list)).prefix(6).map {
                String(Int($0) + 256, radix: 16)
            }
            let name = list.deletingPathExtension().lastPathComponent
            return try Self.install(
                name, named: "\(name)-\(digest.map { $0.dropFirst() }.joined())",
                ["--no-deps", "--requirement", list.path])
        }
    }

    /// The cache of programs that tests download.
    package static let cache =
        (ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache") + "/yett-tests"

    /// The interpreter that has the package.
    package var python: String { get throws { try interpreter.get() } }

    private static func install(_ requirement: String, named name: String, _ arguments: [String]) throws -> String {
        let environment = cache + "/" + name
        let interpreter = environment + "/bin/python"
        guard !FileManager.default.isExecutableFile(atPath: environment + "/ready") else { return interpreter }
        try FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        let command = """
            set -e
            python3 -m venv "$0"
            "$0/bin/pip" install --quiet --disable-pip-version-check "$@"
            install -m 755 /dev/null "$0/ready"
            """
        let setup = try Program(
            "sh", ["-c", command, environment] + arguments, keepsErrors: true, install: "apt-get install python3-venv")
        let outcome = setup.outcome(within: 300)
        guard outcome.status == 0 else { throw Missing(requirement: requirement, text: outcome.text) }
        return interpreter
    }

    /// The package could not be got.
    package struct Missing: Error, CustomStringConvertible {
        private let requirement: String
        private let text: String

        /// Keeps what the installer said.
        package init(requirement: String, text: String) {
            self.requirement = requirement
            self.text = text
        }

        /// What happened, and what it takes.
        package var description: String {
            "the Python package \(requirement) cannot be installed; it takes python3-venv and a package index: \(text)"
        }
    }
}
