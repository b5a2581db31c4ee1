// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Credentials
import Decision
import GateSupport
import ServicePlane

/// A gate with one service, `tickets`, at a server of the test's own.
enum ServiceGate {
    static let secret = "tk-7Q2mZ0pW4xUe9sLr"

    static func options(
        _ upstream: UpstreamServer, _ change: (inout ServiceDescription) throws -> Void = { _ in }
    ) throws -> GateOptions {
        var grant = try Grant.test("tickets.test")
        grant.ports = PortSet([80...80])
        grant.paths = [try PathPrefix(parsing: "/v1")]
        var options = GateOptions(agents: [.local(grants: [grant])])
        options.lead(to: upstream)
        var service = ServiceDescription(name: "tickets", host: try Host(parsing: "tickets.test"), port: 80)
        service.virtualHosts = ["tickets.gate.test"]
        try change(&service)
        options.services = [service]
        return options
    }

    /// With a secret that the gate adds and looks for.
    static func secure(_ service: inout ServiceDescription) throws {
        service.credential = ServiceCredential(field: "Authorization", value: Array("Bearer \(secret)".utf8))
        service.secrets = try SecretPatterns([Array(secret.utf8)])
    }
}

extension GateHarness {
    /// Sends a request to the service proxy and reads its answer.
    func ask(
        _ path: String, method: String = "GET", host: String = "gate.test", fields: String = "", body: String? = nil,
        on socket: RawSocket? = nil
    ) throws -> HTTPText {
        let own = socket == nil
        let socket = try socket ?? connectToServices()
        defer { if own { socket.close() } }
        let length = body.map { "Content-Length: \($0.utf8.count)\r\n" } ?? ""
        try socket.write("\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(fields)\(length)\r\n\(body ?? "")")
        return try HTTPText.readResponse(from: socket)
    }
}
