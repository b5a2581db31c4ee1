// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import ArgumentParser

/// How a command finds the running gate, and for whom it prints.
struct ClientOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The admin socket of the gate.", valueName: "path"))
    var socket: String?

    @Option(help: ArgumentHelp("The configuration file that names the admin socket.", valueName: "file"))
    var config: String?

    @Flag(help: "Print JSON for programs.")
    var json = false

    /// Calls `body` with a connection to the gate.
    func withGate<Value>(_ body: (AdminClient) async throws -> Value) async throws -> Value {
        try await body(AdminClient(socket: try SocketLocation.find(option: socket, configuration: config)))
    }
}
