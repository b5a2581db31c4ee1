// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Gateway
import Glibc
import Logging

/// A whole gate that runs in this process from a configuration file.
struct WholeGate: Sendable {
    /// The directory of its files, of mode 0700.
    let directory: String
    /// The port of the first listener.
    let port: UInt16

    /// Runs a gate for as long as `body` runs. In the text `$DIRECTORY` is the directory.
    static func run(
        _ text: String, prepare: (String) throws -> Void, _ body: @escaping @Sendable (WholeGate) async throws -> Void
    ) async throws {
        let directory = "/tmp/yett-peer-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw HarnessError.setup("no directory") }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try prepare(directory)
        try write(text, in: directory)
        let gateway = Gateway(
            configurationPath: directory + "/yett.yaml", version: "test",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, handlesSignals: false)
        let (ready, continuation) = AsyncStream<Gateway.Ready>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { continuation.finish() }
                try await gateway.run { continuation.yield($0) }
            }
            var started: Gateway.Ready?
            for await ready in ready {
                started = ready
                break
            }
            guard let started else {
                try await tasks.waitForAll()
                throw HarnessError.setup("the gate did not start")
            }
            let port = started.listeners.first?.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
            do {
                try await body(WholeGate(directory: directory, port: port))
            } catch {
                await started.stop()
                throw error
            }
            await started.stop()
            try await tasks.waitForAll()
        }
    }

    /// Puts another configuration in force.
    func reload(_ text: String) throws -> Bool {
        try Self.write(text, in: directory)
        let socket = try RawSocket.connect(unix: directory + "/admin.sock")
        try socket.write("POST /v1/reload HTTP/1.1\r\nHost: gate\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
        return try HTTPText.readResponse(from: socket).status == 200
    }

    private static func write(_ text: String, in directory: String) throws {
        let sections =
            "\naudit: {directory: \(directory)/audit}\nadmin: {socket: \(directory)/admin.sock}\nlimits: {workers: 1}\n"
        try (text.replacing("$DIRECTORY", with: directory) + sections).write(
            toFile: directory + "/yett.yaml", atomically: true, encoding: .utf8)
    }
}
