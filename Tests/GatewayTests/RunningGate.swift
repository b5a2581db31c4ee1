// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import Glibc
import Logging
import Resolver
import Storage
import Testing
import Transport

/// A whole gate that runs in this process from a configuration file in a directory of its own.
struct RunningGate: Sendable {
    /// The directory, of mode 0700.
    let directory: String
    /// Where agents connect, in the order of the configuration.
    let listeners: [String]
    /// The port of the token endpoints; 0 without them.
    let tokenPort: Int
    /// Stops the gate in order.
    private let stop: @Sendable () async -> Void

    /// Asks the gate to stop, and does not wait for it.
    func beginStop() { Task { await stop() } }

    /// The configuration file.
    var configuration: String { directory + "/yett.yaml" }
    /// The operators' socket.
    var socket: String { directory + "/admin.sock" }
    /// The port of the first listener.
    var port: UInt16 { listeners.first?.split(separator: ":").last.flatMap { UInt16($0) } ?? 0 }

    /// Runs a gate for as long as `body` runs.
    ///
    /// - Parameters:
    ///   - agents: The lines of the configuration under `agents:`, and other sections.
    ///   - dialer: Opens upstream connections.
    ///   - prepare: Writes further files into the directory.
    static func run<Value: Sendable>(
        _ text: String, dialer: Dialer = Dialer(), clock: Clock = .system,
        prepare: (String) throws -> Void = { _ in }, _ body: @escaping @Sendable (RunningGate) throws -> Value
    ) async throws -> Value {
        let directory = "/tmp/yett-gate-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try write(text, in: directory)
        try prepare(directory)
        let watch = SecretWatch()
        defer { #expect(watch.leaks.isEmpty) }
        let gateway = Gateway(
            configurationPath: directory + "/yett.yaml", version: "test", logger: watch.logger, dialer: dialer,
            clock: clock, handlesSignals: false)
        let (ready, continuation) = AsyncStream<Gateway.Ready>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
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
                stop: started.stop)
            let value = try await onOwnThread { try body(gate) }
            await started.stop()
            try await tasks.waitForAll()
            return value
        }
    }

    /// Starts a gate that is expected not to start.
    static func failure(_ text: String, prepare: (String) throws -> Void = { _ in }) async throws -> GatewayError? {
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
    func rewrite(_ text: String) throws { try Self.write(text, in: directory) }

    private static func write(_ text: String, in directory: String) throws {
        var text = text.replacing("$DIRECTORY", with: directory)
        if !text.contains("trust_domain:") { text = "trust_domain: gate.test\n" + text }
        text += "\naudit: {directory: \(directory)/audit}\nadmin: {socket: \(directory)/admin.sock}\n"
        if !text.contains("\nlimits:") { text += "limits: {workers: 1, shutdown_grace: 1s}\n" }
        try text.write(toFile: directory + "/yett.yaml", atomically: true, encoding: .utf8)
    }

    // MARK: Operators

    /// Sends one admin request.
    func ask(_ method: String, _ path: String, body: String? = nil) throws -> HTTPText {
        let connection = try RawSocket.connect(unix: socket)
        var head = "\(method) /v1/\(path) HTTP/1.1\r\nHost: gate\r\nConnection: close\r\n"
        if let body { head += "Content-Length: \(body.utf8.count)\r\n" }
        try connection.write(head + "\r\n" + (body ?? ""))
        return try HTTPText.readResponse(from: connection)
    }

    /// Sends one admin request and reads a message.
    func ask<Message: Decodable>(
        _ method: String, _ path: String, body: String? = nil, for _: Message.Type
    ) throws -> Message {
        let answer = try ask(method, path, body: body)
        return try AdminJSON.decoder.decode(Message.self, from: Data(answer.body))
    }

    /// The state of the gate.
    func status() throws -> StatusReport { try ask("GET", "status", for: StatusReport.self) }

    /// The live connections.
    func connections() throws -> [ConnectionReport] {
        try ask("GET", "connections", for: ConnectionList.self).connections
    }

    /// The records that match a query string, in the order of the tree.
    func records(_ query: String = "limit=1000") throws -> [AuditRecord] {
        let lines = try ask("GET", "audit/records?" + query).text.split(separator: "\n")
        return lines.compactMap { line in
            guard let start = line.range(of: #""record":"#)?.upperBound else { return nil }
            return AuditRecord(Array(line[start...].dropLast().utf8))
        }
    }

    /// The newest record that matches, once there is one: a client may learn of an end or a denial from its connection
    /// before the loop of that connection has handed its record over.
    func record(_ query: String) throws -> AuditRecord? {
        var found: AuditRecord?
        _ = try comesTrue {
            found = try records(query).last
            return found != nil
        }
        return found
    }

    // MARK: Agents

    /// Opens a tunnel and checks that it was allowed.
    func tunnel(to host: String, _ port: UInt16) throws -> RawSocket {
        let connection = try RawSocket.connect(port: self.port)
        let answer = try connect(connection, to: host, port)
        guard answer.status == 200 else { throw TunnelRefused(text: answer.startLine + answer.text) }
        return connection
    }

    /// Asks for a tunnel.
    func connect(_ connection: RawSocket, to host: String, _ port: UInt16) throws -> HTTPText {
        try connection.write("CONNECT \(host):\(port) HTTP/1.1\r\nHost: \(host):\(port)\r\n\r\n")
        let head = try HTTPText.parseHead(connection.read(through: "\r\n\r\n"))
        guard head.status != 200, let length = head["content-length"].flatMap(Int.init) else { return head }
        var answer = head
        answer.body = try connection.read(exactly: length)
        return answer
    }

    /// Whether bytes go there and back.
    func echoes(_ connection: RawSocket) throws -> Bool {
        try connection.write("ping")
        return try connection.read(exactly: 4) == Array("ping".utf8)
    }
}

/// A tunnel that was expected to open did not.
struct TunnelRefused: Error {
    let text: String
}

/// The configurations of these tests.
enum Sample {
    /// One agent, known by its source, that may open tunnels to `web.test` and `other.test` on one port.
    static func tunnels(to port: UInt16, grants: String? = nil, limits: String = "") -> String {
        """
        agents:
          bot:
            attest: [{launch: true}, {source: [127.0.0.1]}]
            grants: \(grants ?? "[{name: web, hosts: [web.test], ports: [\(port)], tls: any}, {name: other, hosts: [other.test], ports: [\(port)], tls: any}]")
        egress:
          listeners: [{address: "127.0.0.1:0", identify: [source]}]
          resolver: {hosts: {web.test: [127.0.0.1], other.test: [127.0.0.1]}}
          exceptions:
            - {host: web.test, port: \(port), cidr: 127.0.0.1/32}
            - {host: other.test, port: \(port), cidr: 127.0.0.1/32}
        \(limits)
        """
    }
}
