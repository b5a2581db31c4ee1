// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett key change`: moves a key on.
struct KeyChangeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "change", abstract: "Move a key on: prepare, activate, taint or revoke it.",
        discussion: "The order is prepare, activate, taint, revoke. Each step is one transaction.")

    @Argument(help: ArgumentHelp("What to do.", valueName: "prepare|activate|taint|revoke"))
    var step: Step

    @Option(help: ArgumentHelp("Which kind: x509 for roots, jwt for keys of JWT-SVIDs.", valueName: "x509|jwt"))
    var kind: String = "x509"

    // Names of keys are base64url: one in 64 begins with a hyphen.
    @Option(parsing: .unconditional, help: ArgumentHelp("Which key; not for prepare.", valueName: "key"))
    var key: String?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if step != .prepare, key == nil {
            throw ValidationError("Say which key: --key KEY; yett key list shows them.")
        }
    }

    func run() async throws {
        let body = KeyChange(step.action, kind: kind, id: key)
        try await client.withGate { gate in
            if client.json { return print(String(buffer: try await gate.ask("keys", method: .POST, body: body))) }
            let list = try await gate.ask("keys", method: .POST, body: body, for: KeyList.self)
            Terminal.write(KeyListCommand.table(list.keys))
        }
    }

    /// The steps of a key.
    enum Step: String, ExpressibleByArgument, CaseIterable {
        case prepare
        case activate
        case taint
        case revoke

        fileprivate var action: KeyChange.Action {
            switch self {
            case .prepare: .prepare
            case .activate: .activate
            case .taint: .taint
            case .revoke: .revoke
            }
        }
    }
}
