// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import Testing

/// A real Squid with the configuration that `yett render squid` writes, in front of a gate.
@Suite("Squid in front of the gate") struct SquidFrontTests {
    private static let golden = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../ManifestsTests/Golden/quickstart-squid/squid.conf").standardizedFileURL

    @Test("leads what grants name to the gate, and refuses the rest by itself")
    func carries() async throws {
        try await PeerGate.run { gate, server in
            let directory = "/tmp/yett-squid-" + String(UInt32.random(in: .min ... .max), radix: 36)
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o777])
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let port = FreePort.take()
            try Self.configuration(directory, port: port, gate: gate.port).write(
                toFile: directory + "/squid.conf", atomically: true, encoding: .utf8)
            let squid = try Program(
                "squid", ["-N", "-f", directory + "/squid.conf"], keepsErrors: true, install: "apt-get install squid")
            defer { squid.stop() }
            let curl = { (url: String) in
                try Program(
                    "curl",
                    ["-sSi", "--max-time", "20", "--noproxy", "", "--proxy", "http://127.0.0.1:\(port)", url],
                    keepsErrors: true
                ).outcome().text
            }
            let isUp = await eventually(within: 30) {
                (try? curl("http://nobody.test/"))?.hasPrefix("HTTP/1.1 403") == true
            }
            #expect(isUp, "\(squid.text)")
            #expect(try await gate.decisions().isEmpty, "Squid refused that by itself")

            let allowed = try curl("http://allowed.test/text")
            #expect(allowed.hasSuffix("hello from nginx"), "\(allowed)")
            #expect(try await gate.decisions().map { $0.list("reasons") } == [["granted"]])

            // Squid's lists name it, the gate's grants do not.
            let denied = try curl("http://denied.test/")
            #expect(denied.contains("host_not_granted"), "\(denied)")

            // Without the gate nothing goes anywhere else.
            let count = try await gate.decisions().count
            #expect(try curl("http://allowed.test:81/").hasPrefix("HTTP/1.1 403"))
            #expect(try await gate.decisions().count == count)
        }
    }

    /// The golden file for another place and other names.
    private static func configuration(_ directory: String, port: UInt16, gate: UInt16) throws -> String {
        let text = try String(contentsOf: golden, encoding: .utf8)
            .replacing(/http_port \d+/, with: "http_port 127.0.0.1:\(port)")
            .replacing("parent 18128 ", with: "parent \(gate) ")
            .replacing("tickets.quickstart.test", with: "allowed.test")
            .replacing("model.quickstart.test", with: "denied.test")
            .replacing("port 18129", with: "port 80").replacing("port 18130", with: "port 80")
        return text + """
            pid_filename \(directory)/squid.pid
            cache_log \(directory)/cache.log
            coredump_dir \(directory)
            access_log none
            netdb_filename none
            visible_hostname squid.test
            shutdown_lifetime 0 seconds

            """
    }
}
