// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import YettConfiguration

/// A configuration file that was read without a mistake.
struct LoadedConfiguration {
    /// What it says.
    let configuration: GateConfiguration
    /// SHA-256 of its bytes, in hexadecimal digits.
    let digest: String
    /// What is probably a mistake.
    let warnings: [String]
    private let path: String

    /// Reads a file once and parses exactly the bytes that are digested.
    ///
    /// - Throws: ``GatewayError`` with every mistake.
    init(path: String, now: Int64) throws(GatewayError) {
        let bytes: [UInt8]
        do {
            bytes = try SmallFile.read(path, limit: 64 << 20)
        } catch {
            throw GatewayError(
                ["the configuration cannot be read: \(error)"], remedy: "name another one: --config FILE",
                isConfiguration: true)
        }
        let result = GateConfiguration.read(bytes: bytes, file: path, now: now, inspect: SecretReader.problem)
        guard let configuration = result.configuration else {
            throw GatewayError(result.diagnostics.map(\.description), isConfiguration: true)
        }
        self.configuration = configuration
        self.path = path
        digest = SecretDigest.hexadecimal(bytes)
        warnings = result.warnings.map(\.description)
    }

    /// Reads the policy that the configuration names.
    ///
    /// - Throws: ``GatewayError`` with every file and bundle that cannot be read.
    func policyBuilder(_ bundles: PolicyBundles) throws(GatewayError) -> PolicyBuilder {
        try PolicyBuilder(configuration, path: path, bundles: bundles)
    }
}
