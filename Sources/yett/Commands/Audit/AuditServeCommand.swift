// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import ArgumentParser
import AuditTree
import Glibc
import Logging
import ServiceLifecycle
import Storage
import Telemetry
import UnixSignals

/// `yett audit serve`: hands the tree out to mirrors and monitors, and cosigns the trees of others.
struct AuditServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serve an audit tree over HTTP (C2SP tlog-tiles), and cosign others' trees.",
        discussion: """
            The tree can be read by everybody who reaches the address: it names agents and hosts. With --witness and
            --log it also answers add-checkpoint (C2SP tlog-witness) for those logs.
            """)

    @Option(help: ArgumentHelp("The audit directory.", valueName: "path"))
    var directory: String

    @Option(help: ArgumentHelp("Where to listen.", valueName: "address:port"))
    var listen = "127.0.0.1:8780"

    @Option(help: ArgumentHelp("Cosign under this name.", valueName: "name"))
    var witness: String?

    @Option(help: ArgumentHelp("Where the witness keeps its key and state.", valueName: "path"))
    var witnessDirectory: String?

    @Option(
        name: .customLong("log"), parsing: .singleValue,
        help: ArgumentHelp("The public key of a log to cosign, or a file that holds it.", valueName: "key or file"))
    var logs: [String] = []

    func validate() throws {
        guard (witness == nil) == (witnessDirectory == nil), (witness == nil) == logs.isEmpty else {
            throw ValidationError("--witness, --witness-directory and --log belong together.")
        }
    }

    func run() async throws {
        guard let colon = listen.lastIndex(of: ":"), let port = UInt16(listen[listen.index(after: colon)...]) else {
            throw CommandFailure("--listen “\(listen)” is not of the form address:port", code: .usage)
        }
        let sink = LogSink(descriptor: STDERR_FILENO)
        defer { sink.flush() }
        let logger = Logger(label: "yett.serve") { JSONLineHandler(label: $0, level: .warning, sink: sink) }
        let host = String(listen[..<colon])
        let server = TileServer(
            directory: directory, host: host, port: Int(port), witness: try openWitness(),
            now: { UInt64(max(0, time(nil))) }, logger: logger
        ) { port in
            Terminal.write("Serving \(directory) on http://\(host):\(port)/checkpoint\n")
        }
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [server], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch {
            throw CommandFailure("\(listen) cannot be served: \(error)", remedy: "see who has the address: ss -ltnp")
        }
    }

    private func openWitness() throws -> Witness? {
        guard let witness, let witnessDirectory else { return nil }
        guard let name = NoteName(witness) else {
            throw CommandFailure("--witness “\(witness)” is no name of a key: visible ASCII without “+”", code: .usage)
        }
        let keys = try logs.map { try LogKey.parse($0) }
        do {
            let opened = try Witness(directory: witnessDirectory, name: name, logs: keys)
            Terminal.write("Cosigning as \(opened.verifierKey.text)\n")
            return opened
        } catch {
            throw CommandFailure("\(error)")
        }
    }
}
