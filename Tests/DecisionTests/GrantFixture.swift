// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols

/// Facts and grants for the suites about grants.
enum GrantFixture {
    static func identity(_ proof: Proof = .token) throws -> VerifiedIdentity {
        let domain = try TrustDomain(parsing: "techresolve.local")
        return VerifiedIdentity(proved: try SPIFFEID(agent: "bot", in: domain), by: proof)
    }

    static func tunnel(
        _ host: String, _ port: UInt16 = 443, time: Int64 = 1_790_000_000, proof: Proof = .token
    ) throws -> Facts {
        Facts(
            identity: try identity(proof), plane: .egress, operation: Operation(.tunnel),
            destination: Destination(host: try Host(parsing: host), port: port, scheme: .https), time: time,
            source: .unknown)
    }

    static func request(
        _ method: String, _ host: String, _ port: UInt16 = 80, _ path: String = "/"
    ) throws -> Facts {
        var facts = try tunnel(host, port)
        facts.operation = Operation(.request)
        facts.destination.scheme = .http
        facts.http = HTTPFacts(method: method, path: path)
        return facts
    }

    static func toolCall(_ tool: String, _ arguments: JSONValue?) throws -> Facts {
        var facts = try tunnel("tickets.test", 443)
        facts.plane = .service
        facts.operation = Operation(.toolCall, tool: tool, arguments: arguments)
        facts.http = HTTPFacts(method: "POST", path: "/mcp")
        return facts
    }

    static func grant(_ name: String, _ hosts: [String], _ change: (inout Grant) throws -> Void = { _ in }) throws
        -> Grant
    {
        var grant = Grant(name: name, hosts: try hosts.map { try HostPattern(parsing: $0, permitsAny: true) })
        try change(&grant)
        return grant
    }

    static func judge(_ grants: [Grant], _ facts: Facts, usage: GrantUsage = GrantUsage()) -> Verdict {
        GrantIndex(agent: "bot", grants: grants).judge(facts) { _ in usage }
    }
}
