// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Testing

/// Services at several endpoints, from the configuration to what a person sees of them.
@Suite struct ServiceEndpointTests {
    private static func text(_ ports: [UInt16], service: String) -> String {
        let names = ports.indices.map { "e\($0).test: [127.0.0.1]" }.joined(separator: ", ")
        let exceptions = ports.enumerated().map { "{host: e\($0).test, port: \($1), cidr: 127.0.0.1/32}" }
        let endpoints = ports.enumerated().map { "\"e\($0).test:\($1)\"" }
        return """
            agents:
              bot:
                attest: [\(ServiceGate.tokenAttestation)]
                grants: [{name: tickets, service: tickets, methods: [GET, POST], paths: [/tickets]}]
            services:
              tickets: {endpoints: [\(endpoints.joined(separator: ", "))]\(service)\(ServiceGate.credential)}
            service_proxy:
              listeners: [{address: "127.0.0.1:0", identify: [token]}]
            egress:
              resolver: {hosts: {\(names)}}
              exceptions: [\(exceptions.joined(separator: ", "))]
            """
    }

    @Test func `Each endpoint shows its own name, gets the credential, and is asked how it is`() async throws {
        let authority = try TestAuthority()
        let named = try ["e0.test", "e1.test"].map { try authority.issue(dnsNames: [$0]) }
        // Who has the name of another endpoint is nobody.
        let servers = [
            try await SecureServer(named[0]) { _ in .ok("s0") }, try await SecureServer(named[1]) { _ in .ok("s1") },
            try await SecureServer(named[0]) { _ in .ok("s2") },
        ]
        let service =
            ", tls: web, ca: $DIRECTORY/ca.pem, ejection: {failures: 1}"
            + ", health: {path: /health, interval: 200ms, timeout: 200ms, unhealthy: 100}"
        try await RunningGate.run(
            Self.text(servers.map(\.port), service: service),
            prepare: {
                try ServiceGate.prepare($0)
                try ServiceGate.write(try authority.pem, as: "ca.pem", in: $0)
            }
        ) { gate throws in
            var answers: Set<String> = []
            for _ in 0..<6 { answers.insert(try gate.ask("GET", service: "/s/tickets/tickets").text) }
            #expect(answers == ["s0", "s1"])
            for (index, server) in servers.prefix(2).enumerated() {
                let asked = comesTrue { server.requests.contains { $0.hasPrefix("GET /health ") } }
                #expect(asked)
                for request in server.requests {
                    #expect(request.lowercased().contains("host: e\(index).test:\(server.port)\r\n"))
                    #expect(request.contains(ServiceGate.key) == request.hasPrefix("GET /tickets "))
                }
            }
            #expect(servers[2].requests.isEmpty)
            let endpoints = try #require(try gate.status().endpoints)
            #expect(endpoints.map(\.state) == [.well, .well, .ejected])
            #expect(endpoints.map(\.endpoint) == servers.enumerated().map { "e\($0).test:\($1.port)" })
            #expect(endpoints[2].problem != nil)
            let metrics = try gate.ask("GET", "metrics").text
            #expect(metrics.contains("\nyett_service_endpoints 3\n"))
            #expect(metrics.contains("\nyett_service_endpoints_out 1\n"))
            let event = try #require(try gate.record("kind=observation"))
            #expect(event.text("cause") == "endpoint_ejected" && event.text("service") == "tickets")
        }
    }

    @Test func `A reload changes the list, and what is known of the others stays`() async throws {
        let servers = (0..<3).map { index in
            UpstreamServer.http { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\ns\(index)" }
        }
        defer { for server in servers { server.stop() } }
        let ports = servers.map(\.port)
        try await RunningGate.run(Self.text(ports, service: ""), prepare: ServiceGate.prepare) { gate throws in
            let socket = try RawSocket.connect(port: gate.port)
            func answers() throws -> Set<String> {
                var answers: Set<String> = []
                for _ in 0..<6 {
                    answers.insert(try gate.ask("GET", service: "/s/tickets/tickets", on: socket).text)
                }
                return answers
            }
            #expect(try answers() == ["s0", "s1", "s2"])
            try gate.rewrite(Self.text(Array(ports.prefix(2)), service: ""))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try answers() == ["s0", "s1"])
            #expect(try gate.status().endpoints?.count == 2)
        }
    }
}
