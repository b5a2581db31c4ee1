// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing
import YettConfiguration

/// Services that run beside their clients.
@Suite struct LocalServerTests {
    private static func read(_ service: String, attest: String = "launch: true") -> ReadResult {
        GateConfiguration.read(
            """
            trust_domain: a.test
            service_proxy: {limits: {stdio_line: 1MiB, stdio_grace: 2s}}
            agents:
              server: {attest: [{\(attest)}], grants: []}
            services:
              s: {\(service)}

            """, file: "f")
    }

    @Test("a local server has an agent in the place of host and port")
    func plain() throws {
        let result = Self.read("protocol: mcp, stdio: server")
        let configuration = try #require(result.configuration, "\(result.diagnostics)")
        #expect(result.diagnostics.isEmpty, "\(result.diagnostics)")
        #expect(configuration.services.first?.stdio == "server")
        #expect(configuration.services.first?.host.description == "stdio.invalid")
        #expect(configuration.serviceProxy?.limits.stdioLine == 1 << 20)
        #expect(configuration.serviceProxy?.limits.stdioGrace == .seconds(2))
    }

    @Test(
        "refuses what a local server cannot have",
        arguments: [
            ("protocol: mcp, stdio: server, host: s.test", "'host' is for services with host and port"),
            ("protocol: mcp, stdio: server, tls: web", "'tls' is for services with host and port"),
            ("protocol: mcp, stdio: server, credential: {secret: env:A}", "'credential' is for services"),
            ("protocol: http, stdio: server", "'stdio' is for services with protocol: mcp"),
            ("protocol: mcp, stdio: nobody", "which may not be launched"), ("protocol: mcp, stdio: [a]", "agent"),
            ("protocol: mcp", "'host' is missing"),
        ])
    func refused(service: String, message: String) {
        let result = Self.read(service)
        #expect(result.configuration == nil)
        #expect(result.diagnostics.contains { $0.description.contains(message) }, "\(result.diagnostics)")
    }

    @Test("refuses an agent that cannot be launched")
    func attestation() {
        let result = Self.read("protocol: mcp, stdio: server", attest: "unix: {uid: 5}")
        #expect(result.diagnostics.contains { $0.description.contains("add under agents: 'server: {attest:") })
    }
}
