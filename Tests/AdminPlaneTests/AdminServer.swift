// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import Glibc
import Logging
import ServiceLifecycle

/// An admin plane in front of a fake gate, in a directory of its own.
struct AdminServer: Sendable {
    let gate: FakeGate
    let directory: String
    var socket: String { directory + "/admin.sock" }

    /// Runs the plane for as long as `body` runs.
    static func run<Value: Sendable>(
        users: [UInt32] = [], _ body: @escaping @Sendable (AdminServer) throws -> Value
    ) async throws -> Value {
        let server = AdminServer(gate: FakeGate(), directory: try TemporaryDirectory.make())
        defer { TemporaryDirectory.remove(server.directory) }
        let (listening, continuation) = AsyncStream<Void>.makeStream()
        let plane = try AdminPlane(
            gate: server.gate, socketPath: server.socket, users: users,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        ) { continuation.yield() }
        let group = ServiceGroup(services: [plane], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            for await _ in listening { break }
            let value = try await onOwnThread { try body(server) }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return value
        }
    }

    /// Sends one request on a connection of its own.
    func ask(_ method: String, _ path: String, body: String? = nil) throws -> HTTPText {
        let connection = try RawSocket.connect(unix: socket)
        var head = "\(method) \(path) HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n"
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        try connection.write(head + "\r\n" + (body ?? ""))
        return try HTTPText.readResponse(from: connection)
    }
}

extension AdminServer {
    /// Asks for a document with a body of any bytes.
    func send(_ body: [UInt8], _ headers: [String]) throws -> HTTPText {
        let connection = try RawSocket.connect(unix: socket)
        let lines = ["POST /v1/data/a HTTP/1.1", "Host: gate", "Connection: close", "Content-Length: \(body.count)"]
        try connection.write((lines + headers).joined(separator: "\r\n") + "\r\n\r\n")
        try connection.write(body)
        return try HTTPText.readResponse(from: connection)
    }
}

/// Directories for one test.
enum TemporaryDirectory {
    /// Makes a directory of mode 0700 with a short path.
    static func make() throws -> String {
        let path = "/tmp/yett-admin-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(path, 0o700) == 0 else { throw POSIXError(.EIO) }
        return path
    }

    /// Removes a directory with everything in it.
    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
