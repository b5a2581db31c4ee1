// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import AuditTree
import Decision
import Foundation
import GateSupport
import Identity
import Protocols
import Resolver
import ServicePlane
import Transport

/// Plays a case before a running gate.
struct MCPAttackPlay {
    /// One step of a client and what it came to.
    struct Exchange {
        /// The name of the tool that was called, where one was.
        let tool: String?
        /// What the client saw.
        let answer: ToolClient.Answer
        /// What servers received meanwhile that was not the gate's own question for their tools.
        let received: [MCPAttackServer.Received]

        /// Whether a server received what the client sent.
        var isForwarded: Bool { !received.isEmpty }
        /// Whether it was answered by the server.
        var isAnswered: Bool { isForwarded && answer.result != nil }
    }

    /// What was seen.
    struct Outcome {
        var exchanges: [Exchange] = []
        /// The calls of each tool that the last list of a server had, whatever the client was shown.
        var trials: [Exchange] = []
        /// The codes of what the gate recorded besides decisions.
        var observations: [String] = []
        /// Dials to anything but the servers.
        var foreignDials: [String] = []
        /// By how much the process grew, in bytes.
        var growth = 0
    }

    /// What the gate shows servers.
    static let credential = "Bearer of-the-gate-81"
    private static let address = "203.0.114.10"

    let test: MCPAttackCase
    private let gate: GateHarness
    private let server: MCPAttackServer

    static func outcome(of test: MCPAttackCase) async throws -> Outcome {
        let policy = MCPAttackPolicy(test: test)
        let server = MCPAttackServer(catalogue: policy.catalogue())
        let upstream = server.start()
        defer { upstream.stop() }
        let grant = try policy.grant()
        let agents = ["a", "b"].map { name in
            var agent = AgentSetup("agent-\(name)", grants: [grant])
            agent.tokens = [token(of: name)]
            return agent
        }
        var options = GateOptions(agents: agents, resolver: ScriptedResolver(records: ["*": [["A \(address)"]]]))
        options.lead(to: upstream)
        options.identification = [.token]
        options.services = try test.services.map { name in
            var tools = ToolServer()
            tools.annotations = policy.annotations()
            tools.needsApproval = test.needsApproval
            var service = ServiceDescription(name: name, host: try Host(parsing: "\(name).test"), port: 80)
            service.language = .mcp(tools)
            service.credential = ServiceCredential(field: "Authorization", value: Array(credential.utf8))
            return service
        }
        return try await withGate(options) { gate in
            let play = MCPAttackPlay(test: test, gate: gate, server: server)
            var outcome = try play.run(policy)
            outcome.observations = try await gate.records().filter { $0.text("kind") == "observation" }
                .compactMap { $0.text("cause") }
            outcome.foreignDials = gate.dials.dials.map { "\($0.address):\($0.port)" }
                .filter { $0 != "\(address):80" }
            return outcome
        }
    }

    private static func token(of agent: String) -> String { "token-of-agent-\(agent)-5b1f" }

    private func run(_ policy: MCPAttackPolicy) throws -> Outcome {
        var outcome = Outcome()
        let before = ResidentMemory.bytes
        for handle in policy.handles { try giveOut(handle.argument, to: handle.owner, for: handle.call) }
        for (position, step) in test.steps.enumerated() {
            switch step {
            case .client(let request):
                let answers = test.steps[(position + 1)...].prefix { $0.isServers }.compactMap(\.value)
                outcome.exchanges.append(try exchange(request, answers))
            case .admin(let text) where MCPAttackPolicy.isApproval(text):
                for service in test.services { try Self.approveTools(of: service, gate.services) }
            case .server, .admin, .model: break
            case .other(let who): throw MCPAttackPolicy.Unknown(what: "the \(who)'s side")
            }
        }
        outcome.growth = ResidentMemory.bytes - before
        if test.expect["tool"] != nil {
            for tool in server.listed.compactMap({ $0["name"]?.string }) {
                outcome.trials.append(try trial(tool, ["a": "x"]))
            }
        }
        return outcome
    }

    /// An operator approves what the server said last.
    private static func approveTools(of service: String, _ services: ServicePlane?) throws {
        for tool in services?.tools(of: service) ?? [] {
            _ = try services?.approve(tool.newest.name, digest: tool.newest.digest, of: service)
        }
    }

    // MARK: Clients

    private func fields(of agent: String) -> [(name: String, value: String)] {
        [("Authorization", "Bearer \(Self.token(of: agent))")]
    }

    private func exchange(_ request: JSONValue, _ answers: [JSONValue]) throws -> Exchange {
        let service = request["server"]?.string ?? MCPAttackCase.service
        let agent = (request["agent"]?.string ?? "a").lowercased()
        let client = ToolClient(gate)
        let asked = request["implied"]?.string ?? request["body"]?["method"]?.string
        let isListing = asked == "tools/list"
        if let method = request["implied"]?.string {
            server.script(answers, isListing: isListing)
            let answer =
                method == "tools/call"
                ? try client.call(service, MCPAttackPolicy.default, [:], fields: fields(of: agent))
                : try client.ask(service, method, fields: fields(of: agent))
            return exchange(answer, method: method, tool: nil)
        }
        let token = Self.token(of: agent)
        // A case that wants the question who asks gives no answer to it.
        let isAnonymous = test.expect["status"].map { $0 == 401 || $0 == "401" } ?? false
        var fields = isAnonymous ? [] : fields(of: agent)
        for member in request["headers"]?.object?.members ?? [] {
            let name = member.name.split(separator: "#").first.map(String.init) ?? ""
            if name == "authorization", fields.first?.name == "Authorization" { fields.removeFirst() }
            var value = member.value.string ?? ""
            if let owner = MCPAttackPolicy.ownerOfSession(value) { value = try openSession(of: owner) }
            fields.append((name, try MCPAttackPolicy.filled(value, token: token)))
        }
        server.script(answers, isListing: isListing)
        let answer = try client.send(
            "/s/\(service)\(request["target"]?.string ?? "/mcp")", method: request["method"]?.string ?? "POST",
            fields: fields, body: try Self.body(request, token: token))
        return exchange(
            answer, method: request["body"]?["method"]?.string, tool: request["body"]?["params"]?["name"]?.string)
    }

    private func exchange(_ answer: ToolClient.Answer, method: String?, tool: String?) -> Exchange {
        Exchange(
            tool: tool, answer: answer,
            received: server.received.filter { $0.method != "tools/list" || method == "tools/list" })
    }

    private func trial(_ tool: String, _ arguments: JSONValue, as agent: String = "a") throws -> Exchange {
        server.script([])
        let service = test.services.first { $0 != MCPAttackCase.service } ?? MCPAttackCase.service
        let answer = try ToolClient(gate).call(service, tool, arguments, fields: fields(of: agent))
        return exchange(answer, method: "tools/call", tool: tool)
    }

    /// An agent gets a handle and can use it.
    private func giveOut(
        _ argument: String, to owner: String, for call: (tool: String, arguments: JSONValue)
    ) throws {
        let agent = owner.lowercased()
        let given = try trial(MCPAttackPolicy.mint, ["for": .string(argument)], as: agent)
        let used = try trial(
            call.tool, try MCPAttackPolicy.filled(call.arguments, token: ""), as: agent)
        guard given.isAnswered, used.isAnswered else {
            throw HarnessError.setup("the owner of the handle: \(given.answer.summary), \(used.answer.summary)")
        }
    }

    /// A session that an agent opened, as the agent got to know it.
    private func openSession(of owner: String) throws -> String {
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": [
                "protocolVersion": .string(test.revision), "capabilities": [:],
                "clientInfo": ["name": "client", "version": "1"],
            ],
        ]
        let answer = try ToolClient(gate).send(
            "/s/\(MCPAttackCase.service)/mcp",
            fields: fields(of: owner.lowercased()) + [
                ("Content-Type", "application/json"), ("Accept", "application/json, text/event-stream"),
            ], body: message.bytes)
        guard let session = answer.http["mcp-session-id"] else {
            throw HarnessError.setup("no session was opened: \(answer.summary)")
        }
        return session
    }

    private static func body(_ request: JSONValue, token: String) throws -> [UInt8] {
        let prefix = Data(base64Encoded: request["body_prefix_b64"]?.string ?? "").map { Array($0) } ?? []
        if let text = request["body_text"]?.string { return prefix + Array(text.utf8) }
        if let encoded = request["body_b64"]?.string {
            return prefix + (Data(base64Encoded: encoded).map { Array($0) } ?? [])
        }
        if let body = request["body"] { return prefix + (try MCPAttackPolicy.filled(body, token: token)).bytes }
        guard let note = request["note"]?.string else { return prefix }
        guard let bomb = note.wholeMatch(of: /\d+ MB gzip of (\d+) GB of spaces/), let size = Int(bomb.1) else {
            throw MCPAttackPolicy.Unknown(what: "a body: \(note)")
        }
        // The members of a compressed file are read one after the other (RFC 1952 section 2.2).
        let member = try Gzip.compress([UInt8](repeating: 0x20, count: 1 << 20))
        return Array(repeatElement(member, count: min(size, 4) << 10).joined())
    }
}

extension MCPAttackCase.Step {
    fileprivate var isServers: Bool {
        if case .server = self { true } else { false }
    }

    fileprivate var value: JSONValue? {
        if case .server(let value) = self { value } else { nil }
    }
}
