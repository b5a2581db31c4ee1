// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import GateSupport
import Resolver
import ServicePlane
import Synchronization

/// A gate with one service, `tickets`, at several servers of the test's own, `e0.test`, `e1.test` and so on.
struct EndpointGate {
    /// Which version of HTTP the service is asked with.
    enum Version: CaseIterable { case http1, http2 }

    /// The servers by address; none where nobody listens.
    let servers: Servers
    var options: GateOptions
    private(set) var service: ServiceDescription

    /// Where the endpoints really are; may be changed while a gate runs.
    final class Servers: Sendable {
        private let ports: Mutex<[UInt16?]>

        init(_ ports: [UInt16?]) { self.ports = Mutex(ports) }

        subscript(index: Int) -> UInt16? {
            get { ports.withLock { $0[index] } }
            set { ports.withLock { $0[index] = newValue } }
        }

        func port(of address: IPAddress) -> UInt16? {
            ports.withLock { ports in
                for index in ports.indices where "\(address)" == EndpointGate.address(index) { return ports[index] }
                return nil
            }
        }
    }

    static func address(_ index: Int) -> String { "203.0.114.\(10 + index)" }

    /// - Parameters:
    ///   - upstreams: The servers; `nil` where nobody listens.
    ///   - records: What names resolve to, where that is something else.
    init(
        _ upstreams: [UpstreamServer?], _ version: Version = .http1, records: [String: [[String]]] = [:],
        _ change: (inout ServiceDescription) throws -> Void = { _ in }
    ) throws {
        let servers = Servers(upstreams.map { $0?.port })
        self.servers = servers
        var all: [String: [[String]]] = [:]
        for index in upstreams.indices { all["e\(index).test"] = [["A \(Self.address(index))"]] }
        all.merge(records) { $1 }
        var grant = try Grant.test("e0.test")
        grant.hosts = try upstreams.indices.map { try HostPattern(parsing: "e\($0).test") }
        grant.ports = PortSet([80...80])
        options = GateOptions(agents: [.local(grants: [grant])], resolver: ScriptedResolver(records: all))
        options.route = { servers.port(of: $0.address) }
        options.workers = 1
        var service = ServiceDescription(name: "tickets", host: try Host(parsing: "e0.test"), port: 80)
        service.endpoints = try upstreams.indices.map {
            EndpointDescription(try Endpoint(parsing: "e\($0).test:80"))
        }
        if version == .http2 { service.http = .http2(.off) }
        try change(&service)
        self.service = service
        options.services = [service]
    }

    /// A server that answers with its name, and the host and body of the request.
    static func server(
        _ name: String, _ version: Version = .http1, status: @escaping @Sendable (_ path: String) -> Int = { _ in 200 }
    ) -> UpstreamServer {
        switch version {
        case .http1:
            .http { request in
                let text = "\(name) \(request["host"] ?? "-") \(request.text)"
                let path = request.startLine.split(separator: " ")[1]
                return "HTTP/1.1 \(status(String(path))) OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)"
            }
        case .http2:
            .http2 { peer, request in
                try peer.answer(
                    request.stream, status: "\(status(request[":path"] ?? "/"))",
                    body: "\(name) \(request[":authority"] ?? "-") \(request.body)")
            }
        }
    }

    /// The endpoints of decisions, in the order of their records.
    static func decided(_ gate: GateHarness) async throws -> [String] {
        try await gate.decisions().map { $0.text("host") ?? "-" }
    }
}

extension GateHarness {
    /// How one of the service's endpoints fares.
    func endpoint(_ index: Int) async throws -> EndpointReport {
        let reports = await services?.endpointReports() ?? []
        guard let service = reports.first, index < service.endpoints.count else {
            throw HarnessError.setup("no such endpoint")
        }
        return service.endpoints[index]
    }

    /// What the gate noted beside decisions.
    func observations() async throws -> [String] {
        try await records().filter { $0.text("kind") == "observation" }.map { $0.text("cause") ?? "-" }
    }
}
