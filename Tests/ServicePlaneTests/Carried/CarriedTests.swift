// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import GateSupport
import Identity
import Protocols
import ServicePlane
import Synchronization
import Testing
import Transport

/// Requests that an Envoy carries, read as at the gate's own listeners.
@Suite("Requests that somebody else carries") struct CarriedTests {
    private static let list =
        #"{"jsonrpc":"2.0","id":1,"result":{"tools":[{"name":"search","inputSchema":{"type":"object","#
        + #""properties":{"q":{"type":"string"}},"additionalProperties":false}}]}}"#

    private static func service(_ language: ServiceDescription.Language) throws -> ServiceDescription {
        var service = ServiceDescription(name: "tools", host: try Host(parsing: "tools.test"), port: 80)
        service.language = language
        return service
    }

    /// A gate in front of a server that has the tool `search`.
    private static func run(
        _ service: ServiceDescription, _ body: @escaping (GateHarness, CarriedServices) async throws -> Void
    ) async throws {
        let upstream = UpstreamServer.http { _ in
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(list.utf8.count)\r\n\r\n\(list)"
        }
        defer { upstream.stop() }
        var grant = Grant(name: "tools", hosts: [try HostPattern(parsing: "tools.test")])
        grant.ports = PortSet([80...80])
        var agent = AgentSetup("bot", grants: [grant])
        agent.tokens = ["token-of-bot"]
        var options = GateOptions(agents: [agent])
        options.identification = [.token]
        options.lead(to: upstream)
        options.services = [service]
        try await withGate(options) { gate in try await body(gate, try #require(gate.services).carried) }
    }

    private static func request(
        _ gate: GateHarness, _ json: String, path: String = "/mcp", _ fields: [(name: String, value: String)] = []
    ) throws -> CarriedRequest {
        let agents = gate.authorizer.snapshot.agents.agents
        let id = try #require(agents.first?.id)
        var facts = Facts(
            identity: VerifiedIdentity(proved: id, by: .x509SVID), plane: .mesh, operation: Operation(.request),
            destination: Destination(host: try Host(parsing: "tools.test"), port: 80, scheme: .http),
            time: 1_790_000_000, source: .unknown)
        facts.service = "tools"
        facts.http = HTTPFacts(method: "POST", path: path)
        let usual: [(name: String, value: String)] = [
            (name: "accept", value: "application/json, text/event-stream"),
            (name: "content-type", value: "application/json"), (name: "mcp-protocol-version", value: "2025-06-18"),
        ]
        return CarriedRequest(
            service: "tools", facts: facts, path: path, task: nil, links: [], fields: usual + fields,
            body: Array(json.utf8), decision: DecisionID(rawValue: 1))
    }

    private static func call(_ tool: String, _ arguments: String = "{}", _ more: String = "") -> String {
        #"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\#(tool)","arguments":\#(arguments)\#(more)}}"#
    }

    private static func reason(_ reading: CarriedReading) -> ReasonCode? {
        switch reading {
        case .refused(let reason, _, _): reason
        case .operation, .unread: nil
        }
    }

    private static func operation(_ reading: CarriedReading) -> CarriedCall? {
        guard case .operation(let call) = reading else { return nil }
        return call
    }

    @Test("are calls of tools by name until the gate has seen the list, and of those in the list then")
    func pins() async throws {
        try await Self.run(try Self.service(.mcp(ToolServer()))) { gate, services throws in
            let unlisted = services.read(try Self.request(gate, Self.call("anything")))
            #expect(Self.operation(unlisted)?.operation.tool == "anything")
            let message = #"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#
            let socket = try gate.connectToServices()
            defer { socket.close() }
            try socket.write(
                "POST /s/tools/mcp HTTP/1.1\r\nHost: gate.test\r\nContent-Type: application/json\r\n"
                    + "Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-06-18\r\n"
                    + "Authorization: Bearer token-of-bot\r\nContent-Length: \(message.utf8.count)\r\n\r\n\(message)")
            #expect(try HTTPText.readResponse(from: socket).status == 200)
            #expect(
                Self.operation(services.read(try Self.request(gate, Self.call("search"))))?.operation.tool == "search")
            #expect(Self.reason(services.read(try Self.request(gate, Self.call("anything")))) == .toolNotApproved)
            let misfit = services.read(try Self.request(gate, Self.call("search", #"{"q":7}"#)))
            #expect(Self.reason(misfit) == .argumentRefused)
        }
    }

    @Test("are refused where tools need approval and have none")
    func approval() async throws {
        var server = ToolServer()
        server.needsApproval = true
        try await Self.run(try Self.service(.mcp(server))) { gate, services throws in
            #expect(Self.reason(services.read(try Self.request(gate, Self.call("search")))) == .toolNotApproved)
        }
    }

    @Test("touch what is planted as elsewhere")
    func decoys() async throws {
        var server = ToolServer()
        server.decoys = ["dump_all": "Writes everything down."]
        try await Self.run(try Self.service(.mcp(server))) { gate, services throws in
            guard
                case .refused(.quarantined, _, let notes) = services.read(
                    try Self.request(gate, Self.call("dump_all")))
            else {
                Issue.record("a decoy was not refused")
                return
            }
            #expect(notes.map(\.cause) == ["canary_touched"])
        }
    }

    @Test(
        "are refused where the gate would write them otherwise",
        arguments: [
            call("search", "{}", #","_meta":{"io.yett/task":"yth_x"}"#), call("search", "{}", #","unknown":1"#),
            call("search", "{}", #","requestState":"x""#),
        ])
    func differences(json: String) async throws {
        try await Self.run(try Self.service(.mcp(ToolServer()))) { gate, services throws in
            #expect(Self.reason(services.read(try Self.request(gate, json))) == .protocolViolation)
        }
    }

    @Test("keep the server's own session, and lose what no server of the protocol gets")
    func fields() async throws {
        try await Self.run(try Self.service(.mcp(ToolServer()))) { gate, services throws in
            let request = try Self.request(
                gate, Self.call("search"),
                [
                    (name: "authorization", value: "Bearer mine"), (name: "cookie", value: "a=b"),
                    (name: "mcp-session-id", value: "server-7"),
                ])
            let call = try #require(Self.operation(services.read(request)))
            #expect(call.withheld.contains("authorization") && call.withheld.contains("cookie"))
            #expect(!call.withheld.contains("mcp-session-id") && !call.withheld.contains("content-type"))
        }
    }

    @Test("get the tokens of their service, from a fetch or from before")
    func tokens() async throws {
        let tokens = ScriptedTokens()
        var service = try Self.service(.http)
        service.credential = .token(TokenCredential(source: tokens.source()))
        try await Self.run(service) { gate, services throws in
            let facts = try Self.request(gate, "").facts
            for _ in 0..<2 {
                let fields = await withCheckedContinuation { waiting in
                    services.obtain("tools", facts, DecisionID(rawValue: 1), nil) { waiting.resume(returning: $0) }
                }
                let field = try #require(try fields.get().first)
                #expect(field.name == "Authorization")
                #expect(String(decoding: field.value, as: UTF8.self).hasPrefix("Bearer token-of-bot-number-1"))
            }
            #expect(tokens.agents == ["bot"])
            let gone = await withCheckedContinuation { waiting in
                services.obtain("gone", facts, DecisionID(rawValue: 1), nil) { waiting.resume(returning: $0) }
            }
            #expect(throws: CarriedFailure.self) { try gone.get() }
        }
    }
}
