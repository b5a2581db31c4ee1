// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import NIOCore
import NIOHTTP1

/// `yett entry add`: adds an entry.
struct EntryAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Give an identity to the processes that have all of the selectors.",
        discussion: """
            Selectors: unix:uid, unix:user, unix:gid, unix:group, unix:supplementary_gid, unix:supplementary_group,
            unix:path, unix:sha256, systemd:id, container:id, yett:agent, yett:launch, each with a colon and its value.
            """)

    @Argument(help: ArgumentHelp("The identity.", valueName: "SPIFFE ID or path"))
    var id: String

    @Option(
        name: .customLong("selector"), parsing: .singleValue,
        help: ArgumentHelp("What a process must have.", valueName: "selector"))
    var selectors: [String]

    @Option(
        name: .customLong("x509-seconds"), help: ArgumentHelp("How long its certificates hold.", valueName: "seconds"))
    var x509Lifetime: Int64?

    @Option(name: .customLong("jwt-seconds"), help: ArgumentHelp("How long its tokens hold.", valueName: "seconds"))
    var jwtLifetime: Int64?

    @Option(help: ArgumentHelp("Tells identities of one process apart.", valueName: "text"))
    var hint: String?

    @Option(
        name: .customLong("dns-name"), parsing: .singleValue,
        help: ArgumentHelp("A name for the certificate.", valueName: "name"))
    var names: [String] = []

    @Option(
        name: .customLong("federates-with"), parsing: .singleValue,
        help: ArgumentHelp("Hand out the trust bundle of this domain, too.", valueName: "trust domain"))
    var domains: [String] = []

    @Option(help: ArgumentHelp("How long the entry lasts; for ever when nothing is said.", valueName: "seconds"))
    var seconds: Int64?

    @OptionGroup var client: ClientOptions

    func validate() throws {
        if selectors.isEmpty { throw ValidationError("Say who gets it: --selector unix:uid:1001, once or more.") }
    }

    func run() async throws {
        var body = EntryRequest(id: id, selectors: selectors)
        body.x509Lifetime = x509Lifetime
        body.jwtLifetime = jwtLifetime
        body.hint = hint
        body.dnsNames = names.isEmpty ? nil : names
        body.federatesWith = domains.isEmpty ? nil : domains
        body.seconds = seconds
        try await client.withGate { [body] gate in
            if client.json { return print(String(buffer: try await gate.ask("entries", method: .POST, body: body))) }
            let report = try await gate.ask("entries", method: .POST, body: body, for: EntryReport.self)
            print("Entry \(report.id) gives \(report.spiffeId) to \(report.selectors.joined(separator: " and ")).")
        }
    }
}
