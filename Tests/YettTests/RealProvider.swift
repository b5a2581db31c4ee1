// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Testing

/// An OpenID provider from the Python package index on a loopback port, over TLS, and a browser to use it with.
final class RealProvider: @unchecked Sendable {
    // Unchecked: everything is set in init.
    private static let package = PythonPackage("oidc-provider-mock==0.3.4")
    private static let scripts = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Providers").path

    let directory: String
    let issuer: String
    private let program: Program

    init() throws {
        directory = "/tmp/yett-idp-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        let secret = Data("s cret%".utf8)
        _ = FileManager.default.createFile(
            atPath: directory + "/secret", contents: secret, attributes: [.posixPermissions: 0o600])
        program = try Program(try Self.package.python, [Self.scripts + "/provider.py", directory])
        let file = directory + "/port"
        guard comesTrue({ FileManager.default.fileExists(atPath: file) }) else {
            throw POSIXError(.ECONNREFUSED)
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
            try Self.package.python, [Self.scripts + "/browser.py", directory + "/ca.pem", url, issuer] + steps,
            environment: ["XDG_CONFIG_HOME": home], keepsErrors: true)
        return browser.outcome(within: 60)
    }

    func stop() {
        program.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }
}
