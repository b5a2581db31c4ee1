// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import AdminPlane
package import AuditTree
import Foundation
package import GateSupport
package import Gateway
import Glibc
import Logging
import Resolver
import Storage
import Telemetry
package import Transport

/// A whole gate that runs in this process from a configuration file in a directory of its own.
package struct RunningGate: Sendable {
    /// The directory, of mode 0700.
    package let directory: String
    /// Where agents connect, in the order of the configuration.
    package let listeners: [String]
    /// The port of the token endpoints; 0 without them.
    package let tokenPort: Int
    /// The port to which security events are pushed; 0 without it.
    package let signalPort: Int
    /// The port of the dashboard; 0 without it.
    package let dashboardPort: Int
    /// Stops the gate in order.
    private let stop: @Sendable () async -> Void

    /// Asks the gate to stop, and does not wait for it.
    package func beginStop() { Task { await stop() } }

    /// The configuration file.
    package var configuration: String { directory + "/yett.yaml" }
    /// The operators' socket.
    package var socket: String { directory + "/admin.sock" }
    /// The port of the first listener.
    package var port: UInt16 { listeners.first?.split(separator: ":").last.flatMap { UInt16($0) } ?? 0 }

    /// Runs a gate for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - agents: The lines of the configuration under `agents:`, and other sections.
    ///   - dialer: Opens upstream connections.
    ///   - watchesFiles: Whether it reloads by itself; a test that reloads would race against that.
    ///   - prepare: Writes further files into the directory.
    package static func run<Value: Sendable>(
        _ text: String, dialer: Dialer = Dialer(), clock: Clock = .system, watchesFiles: Bool = false,
        prepare: (String) throws -> Void = { _ in }, _ body: @escaping @Sendable (RunningGate) throws -> Value
    ) async throws -> Value {
        let directory = "/tmp/yett-gate-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try write(text, in: directory)
        try prepare(directory)
        let watch = SecretWatch()
        let tap = LogTap()
        let lines = JSONLineHandler(label: "yett", level: .notice, sink: LogSink(descriptor: -1), tap: tap)
        var logger = Logger(label: "watched") { _ in MultiplexLogHandler([watch.logger.handler, lines]) }
        logger.logLevel = .trace
        let gateway = Gateway(
            configurationPath: directory + "/yett.yaml", version: "test", logger: logger, dialer: dialer,
            clock: clock, tap: tap, handlesSignals: false, watchesFiles: watchesFiles)
        let (ready, continuation) = AsyncStream<Gateway.Ready>.makeStream()
        let value = try await withThrowingTaskGroup(of: Void.self) { tasks in
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
                throw POSIXError(.ECANCELED)
            }
            let gate = RunningGate(
                directory: directory, listeners: started.listeners, tokenPort: started.tokenPort ?? 0,
                signalPort: started.signalPort ?? 0,
                dashboardPort: started.dashboardPort ?? 0,
                stop: started.stop)
            let value = try await onOwnThread { try body(gate) }
            await started.stop()
            try await tasks.waitForAll()
            return value
        }
        if let leak = watch.leaks.first { throw LeakedSecret(line: "\(leak)") }
        return value
    }

    /// Starts a gate that is expected not to start.
    package static func failure(_ text: String, prepare: (String) throws -> Void = { _ in }) async throws
        -> GatewayError?
    {
        let directory = "/tmp/yett-gate-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try write(text, in: directory)
        try prepare(directory)
        let gateway = Gateway(
            configurationPath: directory + "/yett.yaml", version: "test",
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, handlesSignals: false)
        do {
            try await gateway.run { ready in Task { await ready.stop() } }
            return nil
        } catch let error as GatewayError {
            return error
        }
    }

    /// Writes another configuration, by replacing the file as editors do.
    package func rewrite(_ text: String) throws { try Self.write(text, in: directory) }

    private static func write(_ text: String, in directory: String) throws {
        var text = text.replacing("$DIRECTORY", with: directory)
        if !text.contains("trust_domain:") { text = "trust_domain: gate.test\n" + text }
        text += "\naudit: {directory: \(directory)/audit}\nadmin: {socket: \(directory)/admin.sock}\n"
        // Tests that are not about it ask for what is refused more often than an agent may.
        if !text.contains("watch:") { text += "watch: {mode: observe}\n" }
        if !text.contains("\nlimits:") { text += "limits: {workers: 1, shutdown_grace: 1s}\n" }
        try text.write(toFile: directory + "/yett.yaml", atomically: true, encoding: .utf8)
    }

    // MARK: Operators

    /// Sends one admin request.
    package func ask(_ method: String, _ path: String, body: String? = nil) throws -> HTTPText {
        let connection = try RawSocket.connect(unix: socket)
        var head = "\(method) /v1/\(path) HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n"
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        try connection.write(head + "\r\n" + (body ?? ""))
        return try HTTPText.readResponse(from: connection)
    }

    /// Sends one admin request and reads a message.
    package func ask<Message: Decodable>(
        _ method: String, _ path: String, body: String? = nil, for _: Message.Type
    ) throws -> Message {
        let answer = try ask(method, path, body: body)
        return try AdminJSON.decoder.decode(Message.self, from: Data(answer.body))
    }

    /// The state of the gate.
    package func status() throws -> StatusReport { try ask("GET", "status", for: StatusReport.self) }

    /// The live connections.
    package func connections() throws -> [ConnectionReport] {
        try ask("GET", "connections", for: ConnectionList.self).connections
    }

    /// The records that match a query string, in the order of the tree.
    package func records(_ query: String = "limit=1000") throws -> [AuditRecord] {
        let lines = try ask("GET", "audit/records?" + query).text.split(separator: "\n")
        return lines.compactMap { line in
            guard let start = line.range(of: #""record":"#)?.upperBound else { return nil }
            return AuditRecord(Array(line[start...].dropLast().utf8))
        }
    }

    /// The newest record that matches, once there is one: a client may learn of an end or a denial from its connection
    /// before the loop of that connection has handed its record over.
    package func record(_ query: String) throws -> AuditRecord? {
        var found: AuditRecord?
        _ = try comesTrue {
            found = try records(query).last
            return found != nil
        }
        return found
    }

    // MARK: Agents

    /// Opens a tunnel and checks that it was allowed.
    package func tunnel(to host: String, _ port: UInt16) throws -> RawSocket {
        let connection = try RawSocket.connect(port: self.port)
        let answer = try connect(connection, to: host, port)
        guard answer.status == 200 else { throw TunnelRefused(text: answer.startLine + answer.text) }
        return connection
    }

    /// Asks for a tunnel.
    package func connect(_ connection: RawSocket, to host: String, _ port: UInt16) throws -> HTTPText {
        try connection.write("CONNECT \(host):\(port) HTTP/1.1\r\nHost: \(host):\(port)\r\n\r\n")
        let head = try HTTPText.parseHead(connection.read(through: "\r\n\r\n"))
        guard head.status != 200, let length = head["content-length"].flatMap(Int.init) else { return head }
        var answer = head
        answer.body = try connection.read(exactly: length)
        return answer
    }

    /// Whether bytes go there and back.
    package func echoes(_ connection: RawSocket) throws -> Bool {
        try connection.write("ping")
        return try connection.read(exactly: 4) == Array("ping".utf8)
    }
}

/// A gate wrote a secret into its log.
package struct LeakedSecret: Error {
    package let line: String
}

/// A tunnel that was expected to open did not.
package struct TunnelRefused: Error {
    package let text: String

    package init(text: String) { self.text = text }
}
