// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Foundation
import Identity
import Protocols
import Synchronization

@testable import IdentityPlane

/// A gate for the token endpoints: keys in memory, one person's task, and a decision that allows two tools.
final class ScriptedAuthority: TokenAuthority {
    struct State {
        var time: Int64 = 1_790_000_000
        var stopped: Set<String> = []
        var kept: [RevocationTable.Entry] = []
        var recorded: [String] = []
        var canKeep = true
        var mayAct: [String]?
    }

    static let issuer = "https://gw.gate.test"
    static let resource = TokenResource(
        identifier: "https://gw.gate.test/mcp/github", server: "github", id: try? id("tool/github"))
    static let other = TokenResource(
        identifier: "https://gw.gate.test/mcp/mail", server: "mail", id: try? id("tool/mail"))

    let keys: ToolKeyRing
    let state = Mutex(State())

    init() throws { keys = try ToolKeyRing(now: 1_790_000_000) }

    static func id(_ path: String) throws -> SPIFFEID { try SPIFFEID(parsing: "spiffe://gate.test/\(path)") }

    func identityKeys() -> JSONWebKeySet { JSONWebKeySet([]) }
    func resources() -> [TokenResource] { [Self.resource, Self.other] }
    func time() -> Int64 { state.withLock { $0.time } &* 1_000_000 }

    func subject(of request: ExchangeRequest, client: ExchangeClient) async throws(OAuthError) -> ExchangeSubject {
        guard request.subjectToken == "th_task" else { throw .invalidGrant }
        var subject = ExchangeSubject(
            subject: PersonSubject.text(issuer: "https://idp.test", subject: "8812"), transaction: "t-1",
            expiry: 1_790_000_000 + 3600)
        if let planner = try? Self.id("agent/planner") { subject.actors = [planner] }
        subject.mayAct = state.withLock { $0.mayAct }
        return subject
    }

    func actor(of token: String) async throws(OAuthError) -> SPIFFEID {
        guard let id = try? Self.id(token) else { throw .invalidRequest }
        return id
    }

    func authorize(
        _ request: ExchangeRequest, client: ExchangeClient, subject: ExchangeSubject, resource: TokenResource
    ) async throws(OAuthError) -> String {
        guard ["create_issue", "search"].contains(request.call.tool) else { throw .invalidScope }
        return "1/d-1"
    }

    func stands(_ claims: ToolTokenClaims, keyID: String?) -> Bool {
        state.withLock { !$0.stopped.contains(claims.transaction) }
    }

    func record(_ claims: ToolTokenClaims) throws {
        try state.withLock { state in
            guard state.canKeep else { throw POSIXError(.EIO) }
            state.recorded.append(claims.tokenID)
        }
    }

    func keep(_ revocation: RevocationTable.Entry, until expiry: Int64) throws {
        try state.withLock { state in
            guard state.canKeep else { throw POSIXError(.EIO) }
            state.kept.append(revocation)
        }
    }
}

/// The endpoints over a scripted gate.
struct TokenHarness {
    let authority: ScriptedAuthority
    let service: TokenService
    let coder: ExchangeClient
    let thumbprint = [UInt8](repeating: 7, count: 32)

    init(
        revocations: [(entry: RevocationTable.Entry, expiry: Int64)] = [], limits: RateLimits = RateLimits()
    ) throws {
        authority = try ScriptedAuthority()
        service = try TokenService(
            issuer: ScriptedAuthority.issuer, gate: try ScriptedAuthority.id("yett/gate"), authority: authority,
            revocations: revocations, limits: limits)
        coder = ExchangeClient(
            id: try ScriptedAuthority.id("agent/coder"), certificateThumbprint: thumbprint,
            certificateExpiry: 1_790_000_000 + 3600)
    }

    static let fields = [
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "subject_token": "th_task",
        "subject_token_type": "urn:yett:params:oauth:token-type:task-handle",
        "resource": "https://gw.gate.test/mcp/github",
        "authorization_details": #"[{"type":"mcp_tool_call","server":"github","tool":"create_issue"}]"#,
    ]

    /// Posts a form.
    func post(
        _ path: String, _ fields: [String: String?], client: ExchangeClient?, proofs: [String] = []
    ) async -> TokenAnswer {
        let body = fields.compactMap { name, value in value.map { "\(name)=\(Self.escaped($0))" } }.joined(
            separator: "&")
        return await service.answer(
            TokenRequest(
                method: "POST", path: path, contentType: "application/x-www-form-urlencoded", proofs: proofs,
                body: Array(body.utf8)), client: client)
    }

    /// Asks for a token, with some fields changed.
    func exchange(
        _ changes: [String: String?] = [:], client: ExchangeClient? = nil, proofs: [String] = []
    ) async -> TokenAnswer {
        var fields: [String: String?] = Self.fields.mapValues { $0 }
        for (name, value) in changes { fields[name] = .some(value) }
        return await post("/token", fields, client: client ?? coder, proofs: proofs)
    }

    /// A token, or nothing.
    func token(_ changes: [String: String?] = [:], client: ExchangeClient? = nil) async -> String {
        await exchange(changes, client: client).body?["access_token"]?.string ?? ""
    }

    /// The payload of a token, unverified.
    static func payload(_ token: String) throws -> JSONValue {
        let part = token.split(separator: ".").dropFirst().first ?? ""
        return try JSONValue(parsing: StrictBase64.url.decode(part.utf8) ?? [])
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

extension TokenAnswer {
    /// The error code.
    var error: String? { body?["error"]?.string }
}
