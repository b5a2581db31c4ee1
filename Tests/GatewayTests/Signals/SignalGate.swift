// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Identity
import Protocols
import Testing

/// A gate that takes events of one transmitter, and the transmitter.
struct SignalGate: Sendable {
    static let issuer = "https://idp.test"
    static let audience = "https://gate.test/signals"
    static let bearer = "a-bearer-token-of-32-characters!"

    let gate: RunningGate
    let forge: TokenForge

    static func section(_ delivery: String = #"push: {path: /signals/idp, credential: "file:$DIRECTORY/bearer"}"#)
        -> String
    {
        """
        signals:
          address: "127.0.0.1:0"
          receivers:
            - name: idp
              issuer: \(issuer)
              audience: \(audience)
              keys: $DIRECTORY/idp.json
              trust_domains: [gate.test]
              ca: "file:$DIRECTORY/bearer"
              allow_private: true
              \(delivery)
        """
    }

    /// Runs a gate for as long as `body` runs.
    static func run(
        to port: UInt16 = 1, prepare: @escaping (String, TokenForge) throws -> Void = { _, _ in },
        _ body: @escaping @Sendable (SignalGate) throws -> Void
    ) async throws {
        let forge = try TokenForge()
        try await RunningGate.run(
            Sample.tunnels(to: port, limits: section().replacing(#"ca: "file:$DIRECTORY/bearer""#, with: "")),
            prepare: { directory in
                try ServiceGate.write(bearer, as: "bearer", in: directory)
                try ServiceGate.write(forge.keySet, as: "idp.json", in: directory)
                try prepare(directory, forge)
            }
        ) { gate throws in try body(SignalGate(gate: gate, forge: forge)) }
    }

    static func person(_ subject: String, issuer: String = Self.issuer) -> JSONValue {
        ["format": "iss_sub", "iss": .string(issuer), "sub": .string(subject)]
    }

    static func agent(_ id: String) -> JSONValue { ["format": "uri", "uri": .string(id)] }

    /// A token with one event.
    static func token(
        _ forge: TokenForge, _ type: SecurityEventType, _ subject: JSONValue?, _ payload: [String: JSONValue] = [:],
        id: String = UUID().uuidString, changes: [String: JSONValue?] = [:], header: [String: JSONValue?] = [:]
    ) throws -> String {
        var event = JSONObject()
        for (name, value) in payload { event[name] = value }
        var claims: [String: JSONValue?] = [
            "iss": .string(issuer), "aud": .string(audience), "jti": .string(id), "iat": .integer(TokenForge.now),
            "sub_id": subject, "events": .object(JSONObject([(type.uri, .object(event))]) ?? JSONObject()),
        ]
        claims.merge(changes) { $1 }
        return try forge.token(
            claims, header: ["typ": .string(SecurityEventToken.type)].merging(header) { $1 })
    }

    func token(
        _ type: SecurityEventType, _ subject: JSONValue?, _ payload: [String: JSONValue] = [:],
        id: String = UUID().uuidString, changes: [String: JSONValue?] = [:], header: [String: JSONValue?] = [:]
    ) throws -> String {
        try Self.token(forge, type, subject, payload, id: id, changes: changes, header: header)
    }

    /// Pushes a body as a transmitter does.
    func push(
        _ body: String, path: String = "/signals/idp", bearer: String? = Self.bearer,
        type: String = "application/secevent+jwt"
    ) throws -> HTTPText {
        let connection = try RawSocket.connect(port: UInt16(clamping: gate.signalPort))
        let authorization = bearer.map { "Authorization: Bearer \($0)\r\n" } ?? ""
        try connection.write(
            "POST \(path) HTTP/1.1\r\nHost: gate.test\r\nContent-Type: \(type)\r\n\(authorization)"
                + "Connection: close\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        return try HTTPText.readResponse(from: connection)
    }

    /// The records of tokens.
    func records() throws -> [AuditRecord] { try gate.records("kind=security_event") }
}
