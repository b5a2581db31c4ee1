// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
package import GateSupport
import Glibc

/// Configurations with a service proxy, and what clients do there.
package enum ServiceGate {
    /// The agent's token at the gate.
    package static let token = "agent-token-6f1d2c"
    /// The service's key, which agents never see.
    package static let key = "service-key-94be77a0c1"

    /// One agent that may read `/tickets` and `/stream` of one service.
    ///
    /// - Parameters:
    ///   - service: Further keys of the service, each behind a comma.
    ///   - sections: Further sections.
    package static func text(
        to port: UInt16,
        grants: String = "[{name: tickets, service: tickets, methods: [GET, POST], paths: [/tickets, /stream]}]",
        service: String = "", listener: String = "identify: [token]", attest: String = tokenAttestation,
        sections: String = ""
    ) -> String {
        """
        agents:
          bot:
            attest: [\(attest)]
            grants: \(grants)
        services:
          tickets: {host: tickets.test, port: \(port)\(service)}
        service_proxy:
          listeners: [{address: "127.0.0.1:0", \(listener)}]
        egress:
          resolver: {hosts: {tickets.test: [127.0.0.1]}}
          exceptions: [{host: tickets.test, port: \(port), cidr: 127.0.0.1/32}]
        \(sections)
        """
    }

    /// An embedded authority with an issuer of tokens; the entries are for processes of this user.
    ///
    /// - Parameter entries: The paths of the identities, and what callers know them by.
    package static func identity(_ entries: (path: String, hint: String)...) -> String {
        """
        identity:
          source: embedded
          directory: $DIRECTORY/identity
          socket: $DIRECTORY/workload.sock
          endpoints: {address: "127.0.0.1:0", issuer: "https://localhost"}
          dns_names: [localhost]
          entries:
        """
            + entries.map { "\n    - {id: \($0.path), selectors: [\"unix:uid:\(geteuid())\"], hint: \($0.hint)}" }
            .joined() + "\n"
    }

    package static let tokenAttestation = "{token: {value: \"file:$DIRECTORY/token\"}}"
    package static let credential = ", credential: {secret: \"file:$DIRECTORY/key\"}"

    /// Writes the secrets that the configuration refers to.
    package static func prepare(_ directory: String) throws {
        try write(token, as: "token", in: directory)
        try write(key, as: "key", in: directory)
    }

    /// Writes a file that only its owner can read.
    package static func write(_ text: String, as name: String, in directory: String) throws {
        let isWritten = FileManager.default.createFile(
            atPath: directory + "/" + name, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600])
        guard isWritten else { throw CocoaError(.fileWriteUnknown) }
    }
}

extension RunningGate {
    /// Sends a request to the service proxy and reads the answer.
    package func ask(
        _ method: String, service path: String, fields: String = "Authorization: Bearer \(ServiceGate.token)\r\n",
        host: String = "gate.test", body: String = "", on socket: RawSocket? = nil
    ) throws -> HTTPText {
        let socket = try socket ?? RawSocket.connect(port: port)
        try socket.write(
            "\(method) \(path) HTTP/1.1\r\nHost: \(host)\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try HTTPText.readResponse(from: socket)
    }
}
