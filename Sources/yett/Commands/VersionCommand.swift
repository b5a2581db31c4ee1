// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore

/// `yett version`: the versions of the program and of the running gate.
struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Show the version of this program and of the running gate.")

    @OptionGroup var client: ClientOptions

    func run() async throws {
        let gate = try? await client.withGate { try await $0.ask("status", seconds: 2, for: StatusReport.self) }
        if client.json {
            print(#"{"program":"\#(Version.text)","gate":\#(gate.map { "\"\($0.version)\"" } ?? "null")}"#)
        } else {
            print("yett \(Version.text)")
            if let gate, gate.version != Version.text { print("the running gate has version \(gate.version)") }
        }
    }
}
