// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Testing

/// Launched agents ask for services on the socket that they have for everything.
@Suite struct ServiceLaunchTests {
    private static func text(to port: UInt16, service: String = "") -> String {
        ServiceGate.text(
            to: port,
            grants:
                "[{name: tickets, service: tickets, paths: [/tickets]}, {name: web, hosts: [web.test], ports: [\(port)], tls: any}]",
            service: service + ServiceGate.credential + ", env: {TICKETS_URL: /tickets}", attest: "{launch: true}"
        ).replacing("{tickets.test: [127.0.0.1]}", with: "{tickets.test: [127.0.0.1], web.test: [127.0.0.1]}")
            .replacing(
                "cidr: 127.0.0.1/32}]",
                with: "cidr: 127.0.0.1/32}, {host: web.test, port: \(port), cidr: 127.0.0.1/32}]")
    }

    private static func open(_ gate: RunningGate) throws -> LaunchReport {
        let body = #"{"agent":"bot","uid":\#(geteuid()),"program":"python3"}"#
        return try gate.ask("POST", "launches", body: body, for: LaunchReport.self)
    }

    /// Connects as the relay of the launch does.
    private static func connect(_ launch: LaunchReport) throws -> RawSocket {
        geteuid() == 0
            ? try RawSocket.connect(unix: launch.socketPath, as: 60_000)
            : try RawSocket.connect(unix: launch.socketPath)
    }

    @Test func `One socket leads to services and, as a proxy, elsewhere`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: ServiceGate.prepare) { gate throws in
            let launch = try Self.open(gate)
            #expect(launch.serviceVariables == ["TICKETS_URL": "/s/tickets/tickets"])
            func connect() throws -> RawSocket { try Self.connect(launch) }
            let services = try connect()
            for _ in 0..<2 {
                let answer = try gate.ask("GET", service: "/s/tickets/tickets/7", fields: "", on: services)
                #expect(answer.status == 200 && answer.text == "hello")
            }
            #expect(upstream.text.contains("\r\nAuthorization: Bearer \(ServiceGate.key)\r\n"))
            let decision = try #require(try gate.record("kind=decision"))
            #expect(decision.text("proof") == "launched" && decision.text("plane") == "service")
            #expect(try gate.ask("GET", service: "/s/tickets/users", fields: "", on: try connect()).status == 403)
            #expect(try gate.ask("GET", service: "/s/books/", fields: "", on: try connect()).status == 404)

            // A connection that begins with a service stays with services.
            let other = try gate.ask("GET", service: "http://web.test:\(upstream.port)/", fields: "", on: services)
            #expect(other.status == 404)
            let proxied = try gate.ask(
                "GET", service: "http://web.test:\(upstream.port)/x", fields: "", host: "web.test:\(upstream.port)",
                on: try connect())
            #expect(proxied.status == 200)
            #expect(upstream.text.contains("GET /x HTTP/1.1\r\n"))
            let tunnel = try connect()
            #expect(try gate.connect(tunnel, to: "web.test", upstream.port).status == 200)
        }
    }

    @Test func `Single bytes, and bytes of no request, come to where they belong`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: ServiceGate.prepare) { gate throws in
            let launch = try Self.open(gate)
            let slow = try Self.connect(launch)
            for byte in "GET /s/tickets/tickets HTTP/1.1\r\nHost: gate\r\n\r\n".utf8 { try slow.write([byte]) }
            #expect(try HTTPText.readResponse(from: slow).status == 200)
            for text in [
                " / HTTP/1.1\r\n\r\n", "\r\n\r\n\r\n", String(repeating: "A", count: 40) + " / HTTP/1.1\r\n\r\n",
            ] {
                let socket = try Self.connect(launch)
                try socket.write(text)
                socket.finishWriting()
                #expect(!String(decoding: socket.readToEnd().bytes, as: UTF8.self).contains("hello"))
            }
            #expect(upstream.text.components(separatedBy: "GET ").count == 2)
        }
    }

    @Test func `The end of a launch ends its requests`() async throws {
        let upstream = UpstreamServer { connection in
            guard try HTTPText.readRequest(from: connection, within: 60) != nil else { return }
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
            _ = try connection.readSome(within: 60)
        }
        defer { upstream.stop() }
        try await RunningGate.run(Self.text(to: upstream.port), prepare: ServiceGate.prepare) { gate throws in
            let launch = try Self.open(gate)
            let socket = try Self.connect(launch)
            try socket.write("GET /s/tickets/tickets HTTP/1.1\r\nHost: gate\r\n\r\n")
            _ = try socket.read(through: "first")
            #expect(try gate.ask("DELETE", "launches/\(launch.launchId)").status == 204)
            #expect(!String(decoding: socket.readToEnd().bytes, as: UTF8.self).contains("0\r\n\r\n"))
            #expect(try comesTrue { try gate.connections().isEmpty })
        }
    }
}
