// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import ProcessSupport
import Testing

/// `yett run` as a process of its own, with an upstream to reach.
final class RunningProgram: @unchecked Sendable {
    // Unchecked: everything is set in init.
    let directory: String
    let upstream: UpstreamServer
    let port: UInt16
    private let process = ChildProcess()
    private let errors: FileHandle

    var socket: String { directory + "/admin.sock" }
    var configuration: String { directory + "/yett.yaml" }
    var pid: Int32 { process.processIdentifier }

    /// Starts a gate and waits until it serves.
    ///
    /// - Parameters:
    ///   - further: More sections of the configuration; `$DIRECTORY` stands for the gate's directory, `$UPSTREAM` for the
    ///     port of the upstream.
    ///   - servicePort: Another port of `web.test` on this machine.
    ///   - environment: What its environment has besides `PATH`.
    ///   - answer: What the upstream says.
    init(
        grants: String = "[{name: web, hosts: [web.test], ports: any, tls: any}]", further: String = "",
        servicePort: UInt16? = nil, environment: [String: String] = [:],
        answer: @escaping @Sendable (HTTPText) -> String = { _ in UpstreamServer.hello }
    ) throws {
        directory = "/tmp/yett-run-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
        upstream = UpstreamServer.http(answer)
        let sections = further.replacing("$DIRECTORY", with: directory).replacing("$UPSTREAM", with: "\(upstream.port)")
        var document = Self.text(grants, upstream.port, directory) + sections + "\n"
        if let servicePort {
            document.replace(
                "exceptions: [", with: "exceptions: [{host: web.test, port: \(servicePort), cidr: 127.0.0.1/32}, ")
        }
        try document.write(toFile: directory + "/yett.yaml", atomically: true, encoding: .utf8)
        _ = FileManager.default.createFile(atPath: directory + "/log", contents: nil)
        errors = try FileHandle(forWritingTo: URL(filePath: directory + "/log"))
        process.environment = environment
        port = try Self.start(process, in: directory, errors)
    }

    /// Starts another process with the files of one that has ended, before the same upstream.
    init(in other: RunningProgram) throws {
        directory = other.directory
        upstream = other.upstream
        errors = try FileHandle(forWritingTo: URL(filePath: directory + "/log"))
        port = try Self.start(process, in: directory, errors)
    }

    private static func start(_ process: ChildProcess, in directory: String, _ errors: FileHandle) throws -> UInt16 {
        let output = Pipe()
        process.executableURL = URL(filePath: CommandLineProgram.path)
        process.arguments = ["run", "--config", directory + "/yett.yaml"]
        process.environment = (process.environment ?? [:]).merging(["PATH": "/usr/bin:/bin"]) { $1 }
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        var text = ""
        while !text.contains("Operators"), let data = try output.fileHandleForReading.read(upToCount: 1), !data.isEmpty
        {
            text += String(decoding: data, as: UTF8.self)
        }
        let digits = text.drop { $0 != ":" }.dropFirst().prefix { $0.isNumber }
        guard let port = UInt16(digits) else { throw POSIXError(.ECONNREFUSED) }
        return port
    }

    /// Replaces the configuration.
    func rewrite(grants: String) throws {
        try Self.text(grants, upstream.port, directory).write(toFile: configuration, atomically: true, encoding: .utf8)
    }

    /// What the gate logged.
    var log: String { (try? String(contentsOfFile: directory + "/log", encoding: .utf8)) ?? "" }

    /// Runs a command that asks this gate.
    func yett(_ arguments: String...) throws -> CommandLineProgram.Outcome { try yett(arguments) }

    /// Runs a command that asks this gate.
    func yett(_ arguments: [String]) throws -> CommandLineProgram.Outcome {
        try CommandLineProgram.run(arguments, environment: ["YETT_SOCKET": socket])
    }

    /// Sends a signal.
    func signal(_ number: Int32) { kill(pid, number) }

    /// Waits for the end.
    func exitStatus() -> Int32 {
        process.waitUntilExit()
        return process.terminationStatus
    }

    /// Whether it runs.
    var isRunning: Bool { process.isRunning }

    /// Ends gate and upstream.
    func stop() {
        if process.isRunning { process.terminate() }
        process.waitUntilExit()
        for line in log.split(separator: "\n") where SecretWatch.isLeak(String(line)) { Issue.record("\(line)") }
        upstream.stop()
        try? FileManager.default.removeItem(atPath: directory)
    }

    private static func text(_ grants: String, _ port: UInt16, _ directory: String) -> String {
        """
        trust_domain: run.test
        agents:
          bot:
            attest: [{launch: true}, {source: [127.0.0.1]}]
            grants: \(grants)
        egress:
          listeners: [{address: "127.0.0.1:0", identify: [source]}]
          resolver: {hosts: {web.test: [127.0.0.1], idp.test: [127.0.0.1]}}
          exceptions: [{host: web.test, port: \(port), cidr: 127.0.0.1/32}]
        watch: {mode: observe}
        audit: {directory: \(directory)/audit}
        admin: {socket: \(directory)/admin.sock}
        limits: {workers: 1, shutdown_grace: 1s}

        """
    }
}
