// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Identity
import ProcessSupport
import Protocols
import Testing

extension ClusterSuites {
    /// What one gate signs counts at all of them, and what somebody else writes into etcd at none.
    @Suite("Several gates verify each other's tokens")
    struct ClusterTokenTests {
        /// An agent with a certificate, and a listener that takes signed tokens.
        private static func sections(_ port: UInt16) -> String {
            ServiceGate.text(
                to: port, grants: "[{name: tickets, service: tickets, tools: {search: {}}}]",
                service: ", protocol: mcp",
                attest: "{x509: true}", sections: ServiceGate.identity(("/agent/bot", "agent")))
        }

        /// A token for a call within a task, once the gate's key may sign.
        private static func token(_ gate: RunningGate, handle: String, _ key: TokenForge) throws -> String {
            let identity = IdentityGate(gate: gate)
            _ = try identity.fetch()
            var last = ""
            for _ in 0..<200 {
                let answer = try identity.exchange(
                    "search", handle: handle, ["-H", "DPoP: \(try key.proof("POST", "https://localhost/token"))"])
                if let token = try JSONValue(parsing: Array(answer.text.utf8))["access_token"]?.string { return token }
                last = answer.text
                guard last.contains("temporarily_unavailable") else { break }
            }
            throw MissingToken(description: last)
        }

        private struct MissingToken: Error, CustomStringConvertible {
            let description: String
        }

        /// Makes the call with the token; the reason when it is refused.
        private static func call(_ gate: RunningGate, _ token: String, _ key: TokenForge) throws -> String? {
            let answer = try gate.ask(
                "POST", service: "/s/tickets",
                fields: "Authorization: DPoP \(token)\r\n"
                    + "DPoP: \(try key.proof("POST", "http://gate.test/s/tickets", token: token))\r\n"
                    + "Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
                    + "MCP-Protocol-Version: 2025-06-18\r\n",
                body:
                    #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"search","arguments":{"id":"7"}}}"#
            )
            guard answer.status != 200 else { return nil }
            return answer["yett-reason"] ?? answer.text
        }

        private static func keys(_ gate: RunningGate) throws -> Set<String> {
            let identity = IdentityGate(gate: gate)
            _ = try identity.fetch()
            let set = try JSONWebKeySet(parsing: Array(try identity.ask("/token/keys").text.utf8))
            return Set(set.keys.compactMap(\.keyID))
        }

        @Test("a token that one gate issued counts at the other, until its key is revoked there")
        func tokens() async throws {
            let upstream = ToolUpstream([ToolUpstream.tool("search")])
            try await ClusterGates.run(
                2, members: 1, isSigned: true, upstream: upstream.server, prepare: ServiceGate.prepare,
                sections: Self.sections
            ) { cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                try cluster.wait("they know each other's keys") { gate in
                    try gate.status().cluster?.members.contains { $0.signingKeys == 2 } ?? false
                }
                let published = try Self.keys(first)
                #expect(published.count == 4)
                #expect(try Self.keys(second) == published)
                let (task, handle) = try IdentityGate(gate: first).startTask("bot")
                let key = try TokenForge()
                let token = try Self.token(first, handle: handle, key)
                try cluster.wait("the task is known") { try $0.ask("GET", "tasks/\(task)").status == 200 }
                for gate in cluster.gates { #expect(try Self.call(gate, token, key) == nil) }

                // The key is revoked where it never was: no gate takes the token, and the next key is known already.
                let name = try #require(try CompactJWS(parsing: Array(token.utf8)).header.keyID)
                #expect(published.contains(name))
                let body = #"{"key":"\#(name)","why":"leaked"}"#
                #expect(try second.ask("POST", "revocations", body: body).status == 201)
                try cluster.wait("the key is gone") { try !Self.keys($0).contains(name) }
                for gate in cluster.gates { #expect(try Self.call(gate, token, key) == "token_key_unknown") }
                let next = try Self.token(first, handle: handle, key)
                for gate in cluster.gates { #expect(try Self.call(gate, next, key) == nil) }
            }
        }

        @Test(
            "an identity that the authority in one gate issued counts at the other, until the agent is revoked anywhere"
        )
        func identities() async throws {
            let upstream = UpstreamServer.http()
            try await ClusterGates.run(
                2, members: 1, isSigned: true, upstream: upstream, prepare: ServiceGate.prepare,
                sections: { port in
                    ServiceGate.text(
                        to: port, listener: "identify: [x509], tls: svid", attest: "{x509: true}",
                        sections: ServiceGate.identity(("/agent/bot", "agent")))
                }
            ) { cluster in
                let (first, second) = (cluster.gates[0], cluster.gates[1])
                try cluster.wait("the bundles hold both authorities") { gate in
                    let bundle = try IdentityGate(gate: gate).fetch().ownBundle
                    return bundle?.x509.authorities.count == 2
                }
                let bundles = try cluster.gates.map { try IdentityGate(gate: $0).fetch().ownBundle }
                #expect(Set(bundles.compactMap { $0?.x509.authorities }.flatMap(\.self)).count == 2)
                // The agent knows the second gate by the bundle that it has from the first, and the gate the agent.
                func status(_ gate: RunningGate) throws -> String {
                    try Program(
                        "curl",
                        [
                            "-sS", "--max-time", "20", "--cacert", first.directory + "/bundle.pem", "--cert",
                            first.directory + "/agent.pem", "--key", first.directory + "/agent.key", "-o", "/dev/null",
                            "-w", "%{http_code}", "https://localhost:\(gate.port)/s/tickets/tickets",
                        ], keepsErrors: true
                    ).outcome().text
                }
                for gate in cluster.gates { #expect(try status(gate) == "200") }
                let prefix = "/yett/v1/gate.test/state/authority/"
                let entries = try cluster.servers.get(prefix: prefix)
                try #require(entries.count == 4)
                for kind in ["keys", "authority"] {
                    let entry = try cluster.servers.get(prefix: "/yett/v1/gate.test/state/\(kind)/a").joined()
                    print("measured: what a gate says of its \(kind): \(entry.utf8.count) bytes in etcd")
                }
                // The statement of one gate is not that of another, and no gate that nobody named has an authority.
                try cluster.servers.put(prefix + "b", entries[1])
                try cluster.servers.put(prefix + "c", entries[1])
                try cluster.wait("both are refused", of: [0]) { try $0.status().cluster?.refused.isEmpty == false }
                for gate in cluster.gates { #expect(try status(gate) == "200") }
                #expect(try second.ask("POST", "revocations", body: #"{"agent":"bot","why":"stolen"}"#).status == 201)
                try cluster.wait("the certificate of before counts no more") { try status($0) != "200" }
            }
        }

        @Test("keys that somebody else writes into etcd count nowhere, and the right ones come back")
        func forgery() async throws {
            try await ClusterGates.run(
                2, members: 1, isSigned: true, prepare: ServiceGate.prepare, sections: Self.sections
            ) { cluster in
                let prefix = "/yett/v1/gate.test/state/keys/"
                try cluster.wait("they know each other's keys") { gate in
                    try gate.status().cluster?.members.contains { $0.signingKeys == 2 } ?? false
                }
                let published = try Self.keys(cluster.gates[0])
                let entries = try cluster.servers.get(prefix: prefix)
                try #require(entries.count == 4)
                // Another gate's statement under this name, a changed one, none at all, and one of a gate that nobody
                // named.
                for value in [entries[3], entries[1].replacing("not_after", with: "not_before"), "{", ""] {
                    try cluster.servers.put(prefix + "a", value)
                }
                try cluster.servers.put(prefix + "c", entries[1])
                try cluster.wait("the stranger is refused") { gate in
                    for other in cluster.gates { #expect(try Self.keys(other) == published) }
                    return try gate.status().cluster?.refused.contains { $0.key.hasSuffix("keys/c") } ?? false
                }
                try cluster.servers.remove(prefix: prefix)
                try cluster.wait("the right ones are back") { _ in
                    let names = try cluster.servers.get(prefix: prefix).filter { $0.hasPrefix(prefix) }
                    return names == [prefix + "a", prefix + "b"]
                }
                for gate in cluster.gates { #expect(try Self.keys(gate) == published) }
            }
        }

        @Test("a gate whose own key is not among those that are named does not start, and without any it signs alone")
        func naming() async throws {
            let key = try ClusterGates.key(of: "b").verifier.text
            let text = "agents: {}\ncluster: {gate: a, endpoints: [\"127.0.0.1:1\"]"
            let error = try await RunningGate.failure("\(text), members: [\"\(key)\"]}")
            #expect(error?.description.contains("this gate's own key is missing: a+") == true)
            for wrong in ["gate-b+00000000+\(String(repeating: "A", count: 44))", "\(key)\", \"\(key)"] {
                let error = try await RunningGate.failure("\(text), members: [\"\(wrong)\"]}")
                #expect(error?.description.contains("cluster.members: ") == true)
            }
            try await RunningGate.run("\(text)}") { gate in
                let check = ConfigurationCheck.run(path: gate.configuration)
                #expect(check.isUsable)
                try gate.rewrite("\(text), members: [\"\(key.replacing("b+", with: "c+"))\"]}")
                let diagnostics = ConfigurationCheck.run(path: gate.configuration).diagnostics.joined()
                #expect(diagnostics.contains("is no key of a gate"))
                let report = try #require(try gate.status().cluster)
                #expect(report.key.hasPrefix("a+"))
                #expect(!report.isSigned)
            }
        }
    }
}
