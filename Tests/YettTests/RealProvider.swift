// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

/// An OpenID provider from the Python package index on a loopback port, over TLS, and a browser to use it with.
final class RealProvider: @unchecked Sendable {
    // Unchecked: everything is set in init.
    private static let requirement = "oidc-provider-mock==0.3.4"
    private static let scripts = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Providers").path

    /// The interpreter that has the provider. Making it takes a package index, once.
    private static let python: Result<String, any Error> = Result {
        let cache =
            (ProcessInfo.processInfo.environment["XDG_CACHE_HOME"] ?? NSHomeDirectory() + "/.cache") + "/yett-tests"
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

    let directory: String
    let issuer: String
    private let program: Program

    init() throws {
        directory = "/tmp/yett-idp-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let secret = Data("s cret%".utf8)
        _ = FileManager.default.createFile(
            atPath: directory + "/secret", contents: secret, attributes: [.posixPermissions: 0o600])
        program = try Program(try Self.python.get(), [Self.scripts + "/provider.py", directory])
        let file = directory + "/port"
        guard comesTrue({ FileManager.default.fileExists(atPath: file) }) else {
            throw Missing(text: "it does not start")
        }
        issuer = "https://idp.test:\(try String(contentsOfFile: file, encoding: .utf8))"
    }

    /// The section of a configuration that names it.
    var section: String {
        """
        people:
          address: "127.0.0.1:0"
          refresh: 10s
          providers:
            - name: corp
              issuer: "\(issuer)"
              client_id: yett
              client_secret: "file:\(directory)/secret"
              groups_claim: groups
              allow_private: true
              ca: "file:\(directory)/ca.pem"

        """
    }

    /// A person does something with a browser, from the sign-in on.
    func browse(_ url: String, _ steps: [String], home: String) throws -> Program.Outcome {
        let browser = try Program(
            try Self.python.get(), [Self.scripts + "/browser.py", directory + "/ca.pem", url, issuer] + steps,
            environment: ["XDG_CONFIG_HOME": home], keepsErrors: true)
        return browser.outcome(within: 60)
    }

    func stop() {
        program.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }
}
