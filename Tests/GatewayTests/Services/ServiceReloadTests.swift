// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Testing

/// What becomes of the service proxy while the configuration changes and when the gate stops.
@Suite struct ServiceReloadTests {
    /// Begins an answer that goes on until its connection ends.
    private static func streaming() -> UpstreamServer {
        UpstreamServer { connection in
            guard try HTTPText.readRequest(from: connection, within: 60) != nil else { return }
            try connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n")
            _ = try connection.readSome(within: 60)
        }
    }

    private static func stream(_ gate: RunningGate) throws -> RawSocket {
        let socket = try RawSocket.connect(port: gate.port)
        try socket.write(
            "GET /s/tickets/stream HTTP/1.1\r\nHost: gate.test\r\nAuthorization: Bearer \(ServiceGate.token)\r\n\r\n")
        _ = try socket.read(through: "first")
        return socket
    }

    @Test func `A reload that withdraws the grant cuts an answer that streams`() async throws {
        let upstream = Self.streaming()
        defer { upstream.stop() }
        try await RunningGate.run(ServiceGate.text(to: upstream.port), prepare: ServiceGate.prepare) { gate throws in
            let socket = try Self.stream(gate)
            let live = try #require(try gate.connections().first)
            #expect(live.service == "tickets")
            try gate.rewrite(
                ServiceGate.text(to: upstream.port, grants: "[{name: tickets, service: tickets, paths: [/tickets]}]"))
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted, "\(report.diagnostics)")
            #expect(report.cut == 1)
            #expect(report.needsRestart == [])
            let rest = String(decoding: socket.readToEnd().bytes, as: UTF8.self)
            #expect(!rest.contains("0\r\n\r\n"))
            #expect(try gate.connections().isEmpty)
            let end = try #require(try gate.record("kind=connection_end"))
            #expect(end.text("cause") == "grant_withdrawn")
        }
    }

    @Test func `Services, keys and paths are those of the last reload that was accepted`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ServiceGate.text(to: upstream.port, service: ServiceGate.credential)
        try await RunningGate.run(text, watchesFiles: true, prepare: ServiceGate.prepare) { gate throws in
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            try ServiceGate.write("another-key-2b9c4e", as: "key", in: gate.directory)
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            #expect(upstream.text.contains("\r\nAuthorization: Bearer another-key-2b9c4e\r\n"))

            // The gate looks at its files itself.
            try ServiceGate.write("one-more-key-77d0f3", as: "key", in: gate.directory)
            #expect(
                try comesTrue(within: 30) {
                    _ = try gate.ask("GET", service: "/s/tickets/tickets")
                    return upstream.text.contains("\r\nAuthorization: Bearer one-more-key-77d0f3\r\n")
                })

            try ServiceGate.write("short", as: "key", in: gate.directory)
            let check = ConfigurationCheck.run(path: gate.configuration)
            #expect(!check.isUsable)
            #expect(check.diagnostics.contains { $0.contains("services.tickets: credential: ") })
            let refused = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(!refused.isAccepted)
            #expect(refused.diagnostics.contains { $0.contains("services.tickets: credential: ") })
            #expect(!refused.diagnostics.contains { $0.contains("short ") })
            let before = upstream.text.components(separatedBy: "one-more-key-77d0f3").count
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 200)
            #expect(upstream.text.components(separatedBy: "one-more-key-77d0f3").count == before + 1)

            try gate.rewrite(ServiceGate.text(to: upstream.port).replacing("tickets: {host", with: "books: {host"))
            #expect(try !gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            let renamed = ServiceGate.text(to: upstream.port, grants: "[{name: b, service: books}]")
            try gate.rewrite(renamed.replacing("tickets: {host", with: "books: {host"))
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 404)
            #expect(try gate.ask("GET", service: "/s/books/anything").status == 200)
        }
    }

    @Test func `Other listeners wait for a restart, and without the section nothing is served`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        try await RunningGate.run(ServiceGate.text(to: upstream.port), prepare: ServiceGate.prepare) { gate throws in
            let text = ServiceGate.text(to: upstream.port)
            try gate.rewrite(
                text.split(separator: "\n").filter { !$0.contains("service_proxy") && !$0.contains("listeners: [") }
                    .joined(separator: "\n"))
            let report = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(report.isAccepted, "\(report.diagnostics)")
            #expect(report.needsRestart == ["service_proxy.listeners"])
            #expect(try gate.ask("GET", service: "/s/tickets/tickets").status == 404)
            #expect(upstream.connectionCount == 0)
        }
    }

    @Test func `A gate that stops lets nobody in and cuts what does not end`() async throws {
        let upstream = Self.streaming()
        defer { upstream.stop() }
        try await RunningGate.run(ServiceGate.text(to: upstream.port), prepare: ServiceGate.prepare) { gate throws in
            let socket = try Self.stream(gate)
            gate.beginStop()
            #expect(comesTrue { (try? RawSocket.connect(port: gate.port)) == nil })
            let rest = String(decoding: socket.readToEnd(within: 20).bytes, as: UTF8.self)
            #expect(!rest.contains("0\r\n\r\n"))
        }
    }

    @Test(
        "A secret or authority that cannot be used keeps the gate from starting",
        arguments: [
            (", credential: {secret: \"file:$DIRECTORY/none\"}", "none"),
            (", credential: {secret: \"file:$DIRECTORY/short\"}", "services.tickets: credential: "),
            (", credential: {secret: \"file:$DIRECTORY/lines\"}", "services.tickets: credential: "),
            (", tls: web, ca: $DIRECTORY/none", "services.tickets: ca: "),
            (", tls: web, ca: $DIRECTORY/key", "services.tickets: ca: "),
        ])
    func failures(service: String, message: String) async throws {
        let text = ServiceGate.text(to: 9, service: service)
        let error = try await RunningGate.failure(text) { directory in
            try ServiceGate.prepare(directory)
            try ServiceGate.write("secret", as: "short", in: directory)
            try ServiceGate.write("first-line\nsecond-line", as: "lines", in: directory)
        }
        let failure = try #require(error)
        #expect(failure.description.contains(message), "\(failure)")
        #expect(!failure.description.contains(ServiceGate.key))
        #expect(!failure.description.contains("first-line"))
    }

    @Test func `A short secret goes where answers are not looked through`() async throws {
        let upstream = UpstreamServer.http()
        defer { upstream.stop() }
        let text = ServiceGate.text(
            to: upstream.port,
            service: ", scan_response: false, credential: {secret: \"file:$DIRECTORY/pin\", header: X-Pin}")
        try await RunningGate.run(
            text,
            prepare: {
                try ServiceGate.prepare($0)
                try ServiceGate.write("4711", as: "pin", in: $0)
            }
        ) { gate throws in
            let fields = "Authorization: Bearer \(ServiceGate.token)\r\nX-Pin: 0000\r\n"
            #expect(try gate.ask("GET", service: "/s/tickets/tickets", fields: fields).status == 200)
            #expect(upstream.text.contains("\r\nX-Pin: 4711\r\n"))
            #expect(!upstream.text.contains("0000"))
        }
    }
}
