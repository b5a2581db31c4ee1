// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Identity
import Protocols
import Testing

/// Workloads of other machines: join tokens, certificate requests, renewal.
@Suite struct JoinTests {
    /// A key and a request for it, made by openssl.
    private static func request(_ gate: IdentityGate, _ name: String, curve: String = "P-256") throws -> String {
        let base = gate.gate.directory + "/" + name
        let made = try Program(
            "openssl",
            [
                "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:\(curve)", "-nodes", "-keyout",
                base + ".key", "-out", base + ".csr", "-subj", "/CN=spiffe:yett-gate", "-addext",
                "subjectAltName=URI:spiffe://gate.test/yett/gate,DNS:localhost",
            ], keepsErrors: true
        ).outcome()
        try #require(made.status == 0, "\(made.text)")
        return try String(contentsOfFile: base + ".csr", encoding: .utf8)
    }

    private static func token(_ gate: IdentityGate, _ id: String) throws -> String {
        try gate.gate.ask("POST", "join-tokens", body: #"{"id":"\#(id)"}"#, for: JoinTokenReport.self).token
    }

    private static func post(
        _ gate: IdentityGate, _ path: String, _ body: JSONValue, as name: String? = nil
    ) throws -> (code: Int, text: String) {
        let file = gate.gate.directory + "/body.json"
        try Data(body.bytes).write(to: URL(filePath: file))
        return try gate.ask(path, as: name, ["--data-binary", "@" + file])
    }

    @Test func `A token gives one certificate, for the identity of the token and not for what the request wishes`()
        async throws
    {
        try await IdentityGate.run { gate throws in
            _ = try gate.fetch()
            let csr = try Self.request(gate, "remote")
            let token = try Self.token(gate, "/agent/planner")
            let answer = try Self.post(gate, "/join", ["token": .string(token), "csr": .string(csr)])
            #expect(answer.code == 200, "\(answer.text)")
            let issued = try JSONValue(parsing: answer.text)
            #expect(issued["spiffe_id"]?.string == "spiffe://gate.test/agent/planner")
            let pem = try #require(issued["svid"]?.string)
            try pem.write(toFile: gate.gate.directory + "/remote.pem", atomically: true, encoding: .utf8)
            let text = try Program(
                "openssl", ["x509", "-noout", "-text", "-in", gate.gate.directory + "/remote.pem"]
            ).outcome().text
            #expect(text.contains("URI:spiffe://gate.test/agent/planner"))
            #expect(!text.contains("yett/gate") && !text.contains("DNS:localhost"))
            // Used up, in the same words as one that never was.
            let again = try Self.post(gate, "/join", ["token": .string(token), "csr": .string(csr)])
            let never = "yett-join-" + String(repeating: "0", count: 40)
            let unknown = try Self.post(gate, "/join", ["token": .string(never), "csr": .string(csr)])
            #expect(again.code == 403 && again.text == unknown.text)
            // With the certificate it gets the next one and acts.
            let renewed = try Self.post(gate, "/renew", ["csr": .string(csr)], as: "remote")
            #expect(renewed.code == 200 && renewed.text.contains("spiffe://gate.test/agent/planner"))
            let task = try gate.startTask("planner")
            #expect(try gate.exchange("search", handle: task.handle, as: "remote").code == 200)
            #expect(try gate.exchange("create", handle: task.handle, as: "remote").text.contains("invalid_scope"))
            // Without one it gets none, and neither does an agent that is quarantined or no longer configured.
            #expect(try Self.post(gate, "/renew", ["csr": .string(csr)]).code == 403)
            #expect(try gate.gate.ask("POST", "quarantine", body: #"{"agent":"planner"}"#).status == 200)
            let quarantined = try Self.post(gate, "/renew", ["csr": .string(csr)], as: "remote")
            #expect(quarantined.code == 403 && quarantined.text.contains("quarantined"))
            #expect(try gate.gate.ask("POST", "release", body: #"{"agent":"planner"}"#).status == 200)
            try gate.gate.rewrite(
                IdentityGate.text().replacing(
                    "  planner:\n    attest: [{x509: true}]", with: "  planner:\n    attest: []"))
            #expect(try gate.gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try Self.post(gate, "/renew", ["csr": .string(csr)], as: "remote").code == 403)
            let records = try gate.gate.records("kind=identity_issue").compactMap { $0.text("operation") }
            #expect(records.contains("x509-svid join") && records.contains("x509-svid renew"))
        }
    }

    @Test func `Of 64 who show one token at the same time exactly one gets a certificate`() async throws {
        try await IdentityGate.run { gate throws in
            _ = try gate.fetch()
            let csr = try Self.request(gate, "remote")
            for round in 0..<3 {
                let token = try Self.token(gate, "/agent/planner")
                let body: JSONValue = ["token": .string(token), "csr": .string(csr)]
                try Data(body.bytes).write(to: URL(filePath: gate.gate.directory + "/body.json"))
                let common = [
                    "--cacert", gate.gate.directory + "/bundle.pem", "--data-binary",
                    "@" + gate.gate.directory + "/body.json", "--max-time", "60", "-o", "/dev/null",
                ]
                var arguments = ["-sS", "-Z", "--parallel-immediate", "--parallel-max", "64", "-w", "%{http_code}\n"]
                for number in 0..<64 {
                    if number > 0 { arguments += ["--next", "-sS", "-w", "%{http_code}\n"] }
                    arguments += common + [gate.url + "/join"]
                }
                let outcome = try Program("curl", arguments, keepsErrors: true).outcome(within: 90)
                let codes = outcome.text.split(separator: "\n").compactMap { Int($0) }
                #expect(codes.count == 64, "round \(round): \(outcome.text)")
                #expect(codes.count { $0 == 200 } == 1 && codes.count { $0 == 403 } == 63, "\(codes)")
            }
        }
    }

    @Test func `A request that is none is refused, and uses up no token`() async throws {
        try await IdentityGate.run { gate throws in
            _ = try gate.fetch()
            let csr = try Self.request(gate, "remote")
            let other = try Self.request(gate, "other")
            let token = try Self.token(gate, "/agent/planner")
            func lines(_ text: String) -> [String] { text.split(separator: "\n").map(String.init) }
            // The head of one request with the signature of another one.
            var mixed = Array(
                try #require(StrictBase64.standard.decode(lines(csr).dropFirst().dropLast().joined().utf8)))
            mixed[mixed.count - 5] ^= 1
            let broken =
                "-----BEGIN CERTIFICATE REQUEST-----\n\(StrictBase64.standard.text(mixed))\n-----END CERTIFICATE REQUEST-----\n"
            let bad: [(String, JSONValue)] = [
                ("none", ["token": .string(token)]),
                ("text", ["token": .string(token), "csr": "hello"]),
                ("number", ["token": .string(token), "csr": 7]),
                ("two", ["token": .string(token), "csr": .string(csr + other)]),
                ("changed", ["token": .string(token), "csr": .string(broken)]),
                ("cut", ["token": .string(token), "csr": .string(String(csr.prefix(120)))]),
                ("long", ["token": .string(token), "csr": .string(String(repeating: "A", count: 20_000))]),
                ("curve", ["token": .string(token), "csr": .string(try Self.request(gate, "curve", curve: "P-521"))]),
                (
                    "certificate",
                    [
                        "token": .string(token),
                        "csr": .string(
                            try String(contentsOfFile: gate.gate.directory + "/bundle.pem", encoding: .utf8)),
                    ]
                ),
            ]
            for (name, body) in bad {
                let answer = try Self.post(gate, "/join", body)
                #expect(answer.code == 400, "\(name): \(answer.code) \(answer.text)")
            }
            #expect(try Self.post(gate, "/join", ["csr": .string(csr)]).text.contains("token is missing"))
            #expect(try Self.post(gate, "/join", .string(String(repeating: "x", count: 40_000))).code == 413)
            #expect(try gate.ask("/join").code == 405)
            #expect(try Self.post(gate, "/join", ["token": .string(token), "csr": .string(csr)]).code == 200)
        }
    }

    @Test(arguments: [
        (#"{"id":"/yett/gate"}"#, "the gate's own"), (#"{"id":"spiffe://other.test/agent/a"}"#, "trust domain"),
        (#"{"id":"/agent/a","seconds":0}"#, "1 to 86400"), (#"{"id":"/agent//a"}"#, "SPIFFE ID"),
    ])
    func `A token for what nobody may be is not made`(body: String, reason: String) async throws {
        try await IdentityGate.run { gate throws in
            let answer = try gate.gate.ask("POST", "join-tokens", body: body)
            #expect((400..<500).contains(answer.status) && answer.text.contains(reason), "\(answer.text)")
        }
    }
}
