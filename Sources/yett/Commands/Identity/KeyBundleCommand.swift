// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser

/// `yett key bundle`: prints the trust bundle.
struct KeyBundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Print what others verify the gate's identities with; it is public.")

    @Flag(help: "Print the SPIFFE bundle document in place of PEM.")
    var document = false

    @OptionGroup var client: ClientOptions

    func run() async throws {
        try await client.withGate { gate in
            let bundle = try await gate.ask("trust-bundle", for: TrustBundleReport.self)
            Terminal.write(document || client.json ? bundle.document + "\n" : bundle.pem)
        }
    }
}
