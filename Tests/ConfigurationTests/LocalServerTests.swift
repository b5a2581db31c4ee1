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

    // MARK: Several servers

    private static func join(_ service: String, agents: String = "") -> ReadResult {
        GateConfiguration.read(
            """
            trust_domain: a.test
            service_proxy: {}
            services:
              a: {host: a.test, port: 80, protocol: mcp}
              a_: {host: a.test, port: 80, protocol: mcp}
              b__c: {host: a.test, port: 80, protocol: mcp}
              web: {host: a.test, port: 80}
              one: {protocol: mcp, servers: [a]}
              s: {\(service)}
            \(agents)

            """, file: "f")
    }

    @Test("an endpoint of several servers has their names in the place of host and port")
    func joined() throws {
        let service = try #require(
            Self.join("protocol: mcp, servers: [a], origins: [\"https://a.test\"]").configuration
        )
        .services.last
        #expect(service?.servers == ["a"] && service?.host.description == "servers.invalid")
        #expect(service?.origins == ["https://a.test"])
    }

    @Test(
        "refuses endpoints whose tools could not be told apart, or that lead nowhere",
        arguments: [
            ("protocol: mcp, servers: [a_]", "could not be told where it ends"),
            ("protocol: mcp, servers: [b__c]", "could not be told where it ends"),
            ("protocol: mcp, servers: [a, a]", "is named already"), ("protocol: mcp, servers: []", "one to 32"),
            ("protocol: mcp, servers: [none]", "which is no single server"),
            ("protocol: mcp, servers: [web]", "which is no single server"),
            ("protocol: mcp, servers: [one]", "which is no single server"),
            ("protocol: mcp, servers: [s]", "which is no single server"),
            ("protocol: http, servers: [a]", "'servers' is for services with protocol: mcp"),
            ("protocol: mcp, servers: [a], host: a.test", "'host' is for single servers"),
            ("protocol: mcp, servers: [a], pin_tools: approved", "'pin_tools' is for single servers"),
            ("protocol: mcp, servers: [a], stdio: x", "'stdio' is for single servers"),
        ])
    func unfit(service: String, message: String) {
        let result = Self.join(service)
        #expect(result.configuration == nil)
        #expect(result.diagnostics.contains { $0.description.contains(message) }, "\(result.diagnostics)")
    }

    @Test("warns of a grant that names an endpoint of several servers")
    func grant() {
        let result = Self.join(
            "protocol: mcp, servers: [a]",
            agents: "agents: {b: {attest: [{unix: {uid: 1}}], grants: [{name: g, service: s}]}}")
        #expect(result.diagnostics.contains { $0.description.contains("name one of them: a") }, "\(result.diagnostics)")
    }
}
