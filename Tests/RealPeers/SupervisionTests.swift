// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Testing

/// The program under those who start services: systemd's own tool for sockets, and a service manager in Python that
/// shares no code with the gate.
@Suite("Service managers") struct SupervisionTests {
    private static let program =
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/yett"

    /// A directory with a configuration that has these listeners and lets the loopback network reach `web.test`.
    private static func withConfiguration(
        listeners: String, upstream: UInt16, _ body: (_ directory: String) throws -> Void
    ) throws {
        let directory = "/tmp/yett-sd-" + String(UInt64.random(in: .min ... .max), radix: 36)
        guard mkdir(directory, 0o700) == 0 else { throw POSIXError(.EIO) }
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let text = """
            trust_domain: run.test
            agents:
              bot:
                attest: [{source: [127.0.0.1]}, {unix: {uid: \(getuid())}}]
                grants: [{name: web, hosts: [web.test], ports: any, tls: any}]
            egress:
              listeners: [\(listeners)]
              resolver: {hosts: {web.test: [127.0.0.1]}}
              exceptions: [{host: web.test, port: \(upstream), cidr: 127.0.0.1/32}]
            watch: {mode: observe}
            audit: {directory: \(directory)/audit}
            admin: {socket: \(directory)/admin.sock}
            limits: {workers: 2, shutdown_grace: 20s}

            """
        try text.write(toFile: directory + "/yett.yaml", atomically: true, encoding: .utf8)
        try body(directory)
    }

    @Test("one run follows another: the open tunnel carries on, and no new connection is refused")
    func followsOn() throws {
        let (port, upstream) = (FreePort.take(), FreePort.take())
        let listeners = """
            {address: "127.0.0.1:\(port)", identify: [source]}, {unix: $DIRECTORY/agents.sock}
            """
        try Self.withConfiguration(listeners: listeners, upstream: upstream) { directory in
            let configuration = directory + "/yett.yaml"
            let text = try String(contentsOfFile: configuration, encoding: .utf8)
            try text.replacing("$DIRECTORY", with: directory).write(
                toFile: configuration, atomically: true, encoding: .utf8)
            let script = URL(filePath: #filePath).deletingLastPathComponent().appending(
                path: "Python/service_manager.py")
            let manager = try Program(
                "python3", [script.path, Self.program, configuration, "\(port)", "\(upstream)"], keepsErrors: true)
            let lines = manager.outcome(within: 90).text.split(separator: "\n").map(String.init)
            for line in lines where line.hasPrefix("measured: ") { print(line) }
            #expect(
                lines.filter { !$0.hasPrefix("measured: ") } == [
                    "ready: serving 127.0.0.1:\(port)", "kept: 2", "reloading: True", "ready again: snapshot 2",
                    "stopping: True", "the tunnel carries on: True", "the tunnel carries on: True",
                    "the first one waits for it: True", "the first one ended: 0", "others than served: {}", "kept: 2",
                    "the second one ended: 0", "with a stranger: 2",
                ])
            let log = try String(contentsOfFile: configuration + ".log", encoding: .utf8)
            #expect(log.contains("'front.socket' was handed over for 127.0.0.1:"))
            #expect(log.contains("systemctl edit front.socket"))
        }
    }

    @Test("systemd-socket-activate hands the listener over, and the first connection is served")
    func socketActivation() throws {
        let port = FreePort.take()
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let listener = #"{address: "127.0.0.1:\#(port)", identify: [source]}"#
        try Self.withConfiguration(listeners: listener, upstream: upstream.port) { directory in
            let activate = try Program(
                "systemd-socket-activate",
                ["--listen=127.0.0.1:\(port)", Self.program, "run", "--config", directory + "/yett.yaml"],
                keepsErrors: true, install: "apt-get install systemd")
            defer { activate.stop() }
            #expect(comesTrue { activate.text.contains("Listening on") })
            let client = try RawSocket.connect(port: port)
            try client.write(
                "GET http://web.test:\(upstream.port)/ HTTP/1.1\r\nHost: web.test:\(upstream.port)\r\n\r\n")
            #expect(String(decoding: try client.read(through: "\r\n"), as: UTF8.self).contains(" 200 "))
            // Before that, a signal ends it as it ends any program that is about to start.
            #expect(comesTrue { activate.text.contains("the gate serves") })
            kill(activate.pid, SIGTERM)
            #expect(activate.outcome(within: 30).status == 0)
        }
    }
}
