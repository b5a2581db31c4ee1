// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Foundation
import Identity
import Protocols
import Storage
import Synchronization
import Testing
import Transport

@testable import Gateway
@testable import IdentityPlane

/// Tokens that rest on the gate's tasks and grants.
@Suite struct GateTokensTests {
    private static let now: Int64 = 1_790_000_000
    private static let issuer = "https://gw.gate.test"

    private struct Harness {
        let authorizer: Authorizer
        let database: StateDatabase
        let service: TokenService
        let handle: TaskHandle
        let task: AgentTask
        let bot: ExchangeClient

        func exchange(_ tool: String, client: ExchangeClient? = nil) async -> TokenAnswer {
            let details = #"[{"type":"mcp_tool_call","server":"tickets","tool":"\#(tool)"}]"#
                .replacing("\"", with: "%22").replacing("{", with: "%7b").replacing("}", with: "%7d")
            let body =
                "grant_type=urn:ietf:params:oauth:grant-type:token-exchange&subject_token=\(handle.secret)"
                + "&subject_token_type=urn:yett:params:oauth:token-type:task-handle"
                + "&resource=\(issuer)/mcp/tickets&authorization_details=\(details)"
            return await service.answer(
                TokenRequest(
                    method: "POST", path: "/token", contentType: "application/x-www-form-urlencoded",
                    body: Array(body.utf8)), client: client ?? bot)
        }
    }

    private static func id(_ name: String) throws -> SPIFFEID {
        try SPIFFEID(parsing: "spiffe://gate.test/agent/\(name)")
    }

    private static func snapshot(_ tools: [String]) throws -> Snapshot {
        var grant = Grant(name: "tickets", hosts: [try HostPattern(parsing: "tickets.test")])
        grant.tools = tools.map { ToolGrant(name: $0) }
        let ids = [try id("bot"), try id("planner")]
        return Snapshot(
            revision: 1, digest: "", trustDomain: ids[0].trustDomain,
            agents: AgentDirectory(agents: ids.map { .init(id: $0, allowsCertificate: true) }),
            grants: [
                ids[0]: GrantIndex(agent: "bot", grants: [grant]),
                ids[1]: GrantIndex(agent: "planner", grants: [grant]),
            ],
            addressGuard: AddressGuard())
    }

    private static func run(_ body: (Harness) async throws -> Void) async throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "yett-tokens-\(UUID().uuidString).db").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + end) } }
        let database = try StateDatabase(path: path)
        let origin = try #require(NoteName("gate.test/audit"))
        let log = try AuditLog.open(AuditLog.Configuration(directory: path + ".audit", origin: origin))
        defer {
            log.close()
            try? FileManager.default.removeItem(atPath: path + ".audit")
        }
        let authorizer = Authorizer(snapshot: try snapshot(["search", "create"]))
        var generator = SystemRandomNumberGenerator()
        let handle = TaskHandle(using: &generator)
        var outerOrder = TaskOrder(
            origin: "uid:0", agent: try id("planner"), purpose: "p", grants: [TaskGrant("tickets")])
        outerOrder.person = Person(issuer: "https://idp.test", subject: "8812", authenticationTime: now - 9)
        let outer = try authorizer.snapshot.task(
            outerOrder, id: TaskID(rawValue: 1), handleDigest: Array(repeating: 0, count: 32), at: now)
        authorizer.changeTasks { _, book in book.insert(outer) }
        var part = TaskGrant("tickets")
        part.tools = ["search"]
        var order = TaskOrder(origin: "uid:0", agent: try id("bot"), purpose: "p", grants: [part])
        order.parent = outer.id
        let task = try authorizer.snapshot.task(
            order, id: TaskID(rawValue: 2), handleDigest: handle.digest, at: now)
        authorizer.changeTasks { _, book in book.insert(task) }
        let server = TokenTarget(
            resource: TokenResource(
                identifier: issuer + "/mcp/tickets", server: "tickets",
                id: try SPIFFEID(parsing: "spiffe://gate.test/tool/tickets")),
            destination: Destination(host: try Host(parsing: "tickets.test"), port: 443, scheme: .https))
        let tokens = GateTokens(
            keys: try ToolKeyRing(now: now), authorizer: authorizer, database: database, log: log,
            servers: TokenTargets([server]), identities: nil, issuer: issuer,
            clock: Clock(monotonic: { 0 }, wall: { now * 1_000_000 }))
        let service = try TokenService(
            issuer: issuer, gate: try SPIFFEID(parsing: "spiffe://gate.test/yett/gate"), authority: tokens,
            revocations: try GateTokens.revocations(in: database, now: now))
        let bot = ExchangeClient(
            id: try id("bot"), certificateThumbprint: Array(repeating: 1, count: 32), certificateExpiry: now + 3600)
        try await body(
            Harness(
                authorizer: authorizer, database: database, service: service, handle: handle, task: task, bot: bot))
    }

    private static func payload(_ answer: TokenAnswer) throws -> JSONValue {
        let token = try #require(answer.body?["access_token"]?.string)
        return try JSONValue(
            parsing: StrictBase64.url.decode((token.split(separator: ".").dropFirst().first ?? "").utf8) ?? [])
    }

    @Test func `A token names the person, both agents and the task, and is given for what the task takes in`()
        async throws
    {
        try await Self.run { harness in
            let payload = try Self.payload(await harness.exchange("search"))
            #expect(payload["sub"]?.string?.hasSuffix(":8812") == true)
            #expect(payload["txn"]?.string == harness.task.id.description)
            #expect(payload["auth_time"]?.integer == Self.now - 9)
            #expect(
                payload["act"]
                    == ["sub": "spiffe://gate.test/agent/bot", "act": ["sub": "spiffe://gate.test/agent/planner"]])
            let decision = try #require(payload["urn:gw:decision"]?.string)
            #expect(decision.hasPrefix("1/d-"))
            // The agent's grant has it, the task leaves it out.
            #expect(await harness.exchange("create").body?["error"] == "invalid_scope")
            #expect(await harness.exchange("delete").body?["error"] == "invalid_scope")
        }
    }

    @Test func `The handle is of no use to another agent`() async throws {
        try await Self.run { harness in
            let planner = ExchangeClient(
                id: try Self.id("planner"), certificateThumbprint: Array(repeating: 1, count: 32),
                certificateExpiry: Self.now + 3600)
            #expect(await harness.exchange("search", client: planner).body?["error"] == "invalid_grant")
            let stranger = ExchangeClient(
                id: try Self.id("stranger"), certificateThumbprint: Array(repeating: 1, count: 32),
                certificateExpiry: Self.now + 3600)
            #expect(await harness.exchange("search", client: stranger).body?["error"] == "invalid_grant")
        }
    }

    @Test(arguments: ["stop", "stop above", "reload", "agent", "quarantine"])
    func `Whatever a token rests on ends it`(what: String) async throws {
        try await Self.run { harness in
            let token = try #require(await harness.exchange("search").body?["access_token"]?.string)
            let server = ExchangeClient(id: try SPIFFEID(parsing: "spiffe://gate.test/tool/tickets"))
            func isActive() async -> Bool {
                let request = TokenRequest(
                    method: "POST", path: "/introspect", contentType: "application/x-www-form-urlencoded",
                    body: Array("token=\(token)".utf8))
                return await harness.service.answer(request, client: server).body?["active"] == true
            }
            #expect(await isActive())
            switch what {
            case "stop":
                harness.authorizer.changeTasks { _, book in _ = book.stop(harness.task.id, .init(time: Self.now)) }
            case "stop above":
                harness.authorizer.changeTasks { _, book in _ = book.stop(TaskID(rawValue: 1), .init(time: Self.now)) }
            case "reload": harness.authorizer.replace(with: try Self.snapshot(["create"]))
            case "agent":
                let old = harness.authorizer.snapshot
                harness.authorizer.replace(
                    with: Snapshot(
                        revision: 2, digest: "", trustDomain: old.trustDomain, agents: old.agents,
                        grants: old.grants.filter { $0.key.agentName == "bot" }, addressGuard: old.addressGuard))
            default: harness.authorizer.quarantine(try Self.id("planner"), why: "test")
            }
            if what != "reload", what != "quarantine" { #expect(await !isActive()) }
            #expect(await harness.exchange("search").status == 400)
        }
    }

    @Test func `Revocations are found again after a restart`() async throws {
        try await Self.run { harness in
            try harness.service.revoke(.init(.transaction, harness.task.id.description))
            let found = try GateTokens.revocations(in: harness.database, now: Self.now)
            #expect(found.map(\.entry) == [.init(.transaction, harness.task.id.description)])
            #expect(try GateTokens.revocations(in: harness.database, now: Self.now + 361).isEmpty)
        }
    }
}
