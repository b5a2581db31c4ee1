// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Identity
import Protocols
import Storage
import Testing

/// Security events that transmitters push, and what the gate does about them.
@Suite struct SignalPushTests {
    private static func begin(_ gate: RunningGate, _ person: String) throws -> String {
        let body = #"{"agent":"bot","purpose":"p","grants":[{"name":"web"}],"person":"\#(person)"}"#
        let answer = try gate.ask("POST", "tasks", body: body)
        try #require(answer.status == 201 || answer.status == 200, "\(answer.text)")
        return try #require(try JSONValue(parsing: answer.body)["task"]?["id"]?.string)
    }

    private static func state(_ gate: RunningGate, _ task: String) throws -> String? {
        try gate.ask("GET", "tasks", for: TaskList.self).tasks.first { $0.id == task }?.state
    }

    @Test func `A revoked session ends what acts for the person, once, and nobody else`() async throws {
        try await SignalGate.run { signals throws in
            let gate = signals.gate
            let (alice, bob) = (
                try Self.begin(gate, "\(SignalGate.issuer)#alice"), try Self.begin(gate, "\(SignalGate.issuer)#bob")
            )
            let token = try signals.token(.sessionRevoked, SignalGate.person("alice"), id: "one")
            let answer = try signals.push(token)
            #expect(answer.status == 202 && answer.body.isEmpty)
            #expect(try Self.state(gate, alice) == "stopped" && Self.state(gate, bob) == "open")
            // The same once more is taken and does nothing.
            let later = try Self.begin(gate, "\(SignalGate.issuer)#carol")
            #expect(try signals.push(token).status == 202)
            #expect(try Self.state(gate, later) == "open")
            let records = try signals.records()
            #expect(records.count == 1)
            let record = try #require(records.first)
            #expect(record.text("source") == "signal:idp" && record.text("operation") == "session-revoked")
            #expect(record.text("person") == "\(SignalGate.issuer)#alice" && record.text("cause") == "taken")
            #expect(record.text("detail")?.contains("jti one; session-revoked: revoked") == true)
            let list = try gate.ask("GET", "revocations", for: RevocationList.self).revocations
            #expect(list.map(\.value) == ["\(SignalGate.issuer)#alice"] && list.first?.by == "signal idp")
        }
    }

    @Test func `What began after the moment of the event goes on`() async throws {
        try await SignalGate.run { signals throws in
            let task = try Self.begin(signals.gate, "\(SignalGate.issuer)#alice")
            let before = JSONValue.integer(TokenForge.now - 600)
            let token = try signals.token(
                .sessionRevoked, SignalGate.person("alice"), ["event_timestamp": before])
            #expect(try signals.push(token).status == 202)
            #expect(try Self.state(signals.gate, task) == "open")
        }
    }

    @Test func `Claims that changed end what nobody can be asked about`() async throws {
        try await SignalGate.run { signals throws in
            let task = try Self.begin(signals.gate, "\(SignalGate.issuer)#alice")
            let token = try signals.token(.tokenClaimsChange, SignalGate.person("alice"), ["claims": [:]])
            #expect(try signals.push(token).status == 202)
            #expect(try Self.state(signals.gate, task) == "stopped")
            #expect(try signals.records().first?.text("detail")?.contains("nobody can be asked") == true)
        }
    }

    @Test func `High risk puts an agent in quarantine and cuts it, and low risk lets nobody out`() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        try await SignalGate.run(to: upstream.port) { signals throws in
            let gate = signals.gate
            let tunnel = try gate.tunnel(to: "web.test", upstream.port)
            #expect(try gate.echoes(tunnel))
            let bot = SignalGate.agent("spiffe://gate.test/agent/bot")
            let medium = try signals.token(.riskLevelChange, bot, ["current_level": "MEDIUM"])
            #expect(try signals.push(medium).status == 202)
            #expect(try gate.echoes(tunnel))
            let high = try signals.token(.riskLevelChange, bot, ["current_level": "HIGH"], id: "high")
            #expect(try signals.push(high).status == 202)
            #expect(tunnel.readToEnd().bytes.isEmpty)
            let state = try #require(try gate.status().quarantines?.first)
            #expect(state.by == "signal idp" && state.why == "idp said risk-level-change" && state.until == nil)
            let again = try signals.token(.riskLevelChange, bot, ["current_level": "HIGH"])
            #expect(try signals.push(again).status == 202)
            #expect(try signals.records().last?.text("detail")?.hasSuffix("in quarantine already") == true)
            let low = try signals.token(.riskLevelChange, bot, ["current_level": "LOW"])
            #expect(try signals.push(low).status == 202)
            #expect(try gate.status().quarantined.count == 1)
            #expect(try gate.ask("POST", "release", body: #"{"agent":"bot"}"#).status == 200)
            // An old token does not quarantine anew.
            #expect(try signals.push(high).status == 202)
            #expect(try gate.status().quarantines == nil)
        }
    }

    @Test func `Whom the transmitter may not speak about, and what names nobody, is recorded and ignored`() async throws
    {
        try await SignalGate.run { signals throws in
            let task = try Self.begin(signals.gate, "https://other.test#alice")
            for subject: JSONValue? in [
                SignalGate.person("alice", issuer: "https://other.test"),
                SignalGate.agent("spiffe://other.test/agent/bot"), SignalGate.agent("spiffe://gate.test/agent/nobody"),
                ["format": "email", "email": "alice@idp.test"], ["format": "opaque", "id": "alice"], .none,
            ] {
                let token = try signals.token(.sessionRevoked, subject)
                #expect(try signals.push(token).status == 202)
            }
            let unknown = try signals.token(
                .sessionRevoked, SignalGate.person("alice"), changes: ["events": ["https://e.test/x": [:]]])
            #expect(try signals.push(unknown).status == 202)
            let verification = try signals.token(.verification, ["format": "opaque", "id": "stream"], ["state": "s"])
            #expect(try signals.push(verification).status == 202)
            #expect(try Self.state(signals.gate, task) == "open")
            let details = try signals.records().compactMap { $0.text("detail") }
            #expect(details.count == 8 && details.prefix(7).allSatisfy { $0.contains(": ignored, ") })
            #expect(details.last?.hasSuffix("verification: the stream works") == true)
            #expect(try signals.gate.ask("GET", "revocations", for: RevocationList.self).revocations.isEmpty)
        }
    }

    @Test func `Who does not show the credential is told so and changes nothing`() async throws {
        try await SignalGate.run { signals throws in
            let token = try signals.token(.sessionRevoked, SignalGate.person("alice"))
            for bearer in [nil, "", "wrong", SignalGate.bearer + "x"] {
                let answer = try signals.push(token, bearer: bearer)
                #expect(answer.status == 401 && answer["www-authenticate"] == "Bearer")
                #expect(try JSONValue(parsing: answer.body)["err"]?.string == "authentication_failed")
            }
            #expect(try signals.push(token, path: "/signals/other").status == 404)
            #expect(try signals.push(token, path: "/signals/idp/").status == 404)
            #expect(try signals.records().isEmpty)
            #expect(try signals.push(token).status == 202)
        }
    }

    @Test func `Tokens that do not count are refused with their code, recorded, and change nothing`() async throws {
        try await SignalGate.run { signals throws in
            let alice = SignalGate.person("alice")
            func make(_ changes: [String: JSONValue?] = [:], header: [String: JSONValue?] = [:]) throws -> String {
                try signals.token(.sessionRevoked, alice, changes: changes, header: header)
            }
            let good = try make()
            let parts = good.split(separator: ".").map(String.init)
            let stranger = try SignalGate.token(TokenForge(), .sessionRevoked, alice)
            let cases: [(String, String)] = [
                (try make(header: ["alg": "none"]), "invalid_key"), (try make(header: ["alg": "HS256"]), "invalid_key"),
                (try make(header: ["typ": "JWT"]), "invalid_request"),
                (try make(header: ["kid": .none]), "invalid_key"),
                (try make(header: ["kid": "other"]), "invalid_key"), (stranger, "invalid_key"),
                (parts[0] + "." + parts[1] + ".", "invalid_key"), (parts[0] + "." + parts[1], "invalid_request"),
                (try make(["aud": "https://other.test"]), "invalid_audience"),
                (try make(["iss": "https://other.test"]), "invalid_issuer"),
                (try make(["iat": .integer(TokenForge.now + 3600)]), "invalid_request"),
                (try make(["iat": .integer(TokenForge.now - 100_000)]), "invalid_request"),
                (try make(["exp": .integer(TokenForge.now + 3600)]), "invalid_request"),
                (String(repeating: "a", count: 20_000), "invalid_request"), ("", "invalid_request"),
                ("{\"payload\":\"x\"}", "invalid_request"),
            ]
            for (token, code) in cases {
                let answer = try signals.push(token)
                #expect(answer.status == 400 && answer["content-language"] == "en")
                #expect(try JSONValue(parsing: answer.body)["err"]?.string == code, "\(token.prefix(80))")
            }
            #expect(try signals.push(good, type: "application/json").status == 400)
            #expect(try signals.push(good, type: "application/jwt").status == 400)
            let records = try signals.records()
            #expect(records.allSatisfy { $0.text("cause") == "refused" } && records.count == cases.count - 1)
            #expect(try signals.gate.ask("GET", "revocations", for: RevocationList.self).revocations.isEmpty)
        }
    }

    @Test func `A restart forgets no token that was taken`() async throws {
        try await SignalGate.run(prepare: { directory, _ in
            try FileManager.default.createDirectory(
                atPath: directory + "/audit", withIntermediateDirectories: false,
                attributes: [.posixPermissions: 0o700])
            let database = try StateDatabase(path: directory + "/audit/" + StateDatabase.fileName)
            try database.keep(
                StoredSignal(issuer: SignalGate.issuer, token: "before", expires: TokenForge.now + 600))
            try database.keep(
                StoredSignal(issuer: SignalGate.issuer, token: "long-ago", expires: TokenForge.now - 1))
        }) { signals throws in
            let task = try Self.begin(signals.gate, "\(SignalGate.issuer)#alice")
            let known = try signals.token(.sessionRevoked, SignalGate.person("alice"), id: "before")
            #expect(try signals.push(known).status == 202)
            #expect(try Self.state(signals.gate, task) == "open" && signals.records().isEmpty)
            let other = try signals.token(.sessionRevoked, SignalGate.person("alice"), id: "long-ago")
            #expect(try signals.push(other).status == 202)
            #expect(try Self.state(signals.gate, task) == "stopped")
            let database = try StateDatabase(path: signals.gate.directory + "/audit/" + StateDatabase.fileName)
            #expect(try database.signals(now: TokenForge.now).map(\.token).sorted() == ["before", "long-ago"])
        }
    }
}
