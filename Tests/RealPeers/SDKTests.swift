// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Credentials
import Decision
import Foundation
import GateSupport
import Identity
import PKI
import Protocols
import ServicePlane
import Testing
import Transport

@Suite("Official SDKs, unmodified, through the service proxy,") struct SDKTests {
    private static let key = "sk-upstream-1234567890abcdef"

    /// A gate with one service at a port of this machine.
    private static func options(
        _ port: UInt16, _ service: ServiceDescription, _ grants: [Grant]
    ) throws -> GateOptions {
        var options = GateOptions(agents: [.local(grants: grants)])
        options.route = { _ in port }
        options.services = [service]
        return options
    }

    private static func service(
        _ name: String, _ change: (inout ServiceDescription) throws -> Void
    ) throws -> ServiceDescription {
        var service = ServiceDescription(name: name, host: try Host(parsing: "\(name).test"), port: 80)
        try change(&service)
        return service
    }

    private static func url(_ gate: GateHarness, _ path: String) -> String {
        "http://127.0.0.1:\(gate.servicePort)\(path)"
    }

    // MARK: MCP

    struct ToolPeers: Sendable, CustomTestStringConvertible {
        let client: PythonPeer.Environment
        let server: PythonPeer.Environment
        let mode: String
        let revision: String
        var testDescription: String { "\(client) as \(mode) with \(server)" }
    }

    @Test(
        "speak MCP",
        arguments: [
            ToolPeers(client: .sdks, server: .sdks, mode: "2026-07-28", revision: "2026-07-28"),
            ToolPeers(client: .sdks, server: .sdks, mode: "auto", revision: "2026-07-28"),
            ToolPeers(client: .sdks, server: .sdks, mode: "legacy", revision: "2025-11-25"),
            ToolPeers(client: .sdks, server: .firstMCP, mode: "auto", revision: "2025-11-25"),
            ToolPeers(client: .firstMCP, server: .sdks, mode: "-", revision: "2025-11-25"),
            ToolPeers(client: .firstMCP, server: .firstMCP, mode: "-", revision: "2025-11-25"),
        ])
    func tools(_ peers: ToolPeers) async throws {
        let server = try await PythonPeer.serve(peers.server, "mcp_server.py")
        defer { server.program.stop() }
        let service = try Self.service("tickets") {
            $0.language = .mcp(ToolServer())
            $0.path = "/mcp"
        }
        var grant = try Grant.test("tickets.test")
        grant.tools = [ToolGrant(name: "add"), ToolGrant(name: "count")]
        grant.resources = ["ticket://*"].compactMap { ResourcePattern($0) }
        grant.prompts = ["summarise"]
        try await withGate(try Self.options(server.port, service, [grant])) { gate in
            let lines = try PythonPeer.run(
                peers.client, "mcp_client.py", [Self.url(gate, "/s/tickets"), peers.mode])
            #expect(
                lines == [
                    "revision \(peers.revision)", "tools add count", "resources ticket://7", "prompts summarise",
                    "sum 3", "progress 1 2", "progress 2 2", "counted", "Printer on fire", "Summarise ticket 7",
                    "tool: The tool is not granted",
                    "arguments: The client's request is refused: the arguments do not fit the tool's input schema (a: "
                        + "has another type than the schema names)",
                    "resource: The tool is not granted", "prompt: The tool is not granted",
                ])
            #expect(await gate.becomesIdle())
        }
    }

    // MARK: Models

    @Test(
        "call models",
        arguments: [
            (
                "openai_client.py", "/s/models/v1", "authorization", "Bearer ",
                [
                    "models small", "chat It is done.", "chat stream It is done.", "chat tool {\"number\": 7}",
                    "chat tool stream {\"number\": 7}", "responses It is done.", "responses tool {\"number\": 7}",
                    "responses stream It is done.", "responses tool stream {\"number\": 7}", "embeddings [0.5, 0.25]",
                    "other model 403 tool_not_granted", "other model stream 403 tool_not_granted",
                    "other tool 403 tool_not_granted",
                ]
            ),
            (
                "anthropic_client.py", "/s/models", "x-api-key", "",
                [
                    "messages It is done.", "messages tool {'number': 7}", "messages stream It is done.",
                    "messages tool stream {'number': 7}", "other model 403 [tool_not_granted]",
                ]
            ),
        ])
    func models(_ script: String, _ path: String, _ field: String, _ prefix: String, _ expected: [String]) async throws
    {
        let server = try await PythonPeer.serve(.sdks, "model_server.py")
        defer { server.program.stop() }
        let service = try Self.service("models") {
            var server = ModelServer()
            server.toolRule = .granted
            $0.language = .model(server)
            $0.credential = ServiceCredential(field: field, value: Array("\(prefix)\(Self.key)".utf8))
        }
        var grant = try Grant.test("models.test")
        grant.tools = [ToolGrant(name: "small"), ToolGrant(name: "read_ticket")]
        try await withGate(try Self.options(server.port, service, [grant])) { gate in
            let lines = try PythonPeer.run(.sdks, script, [Self.url(gate, path)])
            #expect(lines == expected)
            #expect(await gate.becomesIdle())
        }
    }

    @Test("make an agent of LangGraph whose model and tool are services")
    func agent() async throws {
        let model = try await PythonPeer.serve(.sdks, "model_server.py")
        defer { model.program.stop() }
        let pages = try await NginxServer(names: ["pages.test"])
        let models = try Self.service("models") {
            $0.language = .model(ModelServer())
            $0.credential = ServiceCredential(field: "authorization", value: Array("Bearer \(Self.key)".utf8))
        }
        var grant = try Grant.test("models.test", name: "models")
        grant.tools = [ToolGrant(name: "small")]
        var reading = try Grant.test("pages.test", name: "pages")
        reading.ports = PortSet([8080...8080])
        reading.paths = [try PathPrefix(parsing: "/text")]
        var options = try Self.options(model.port, models, [grant, reading])
        options.services.append(ServiceDescription(name: "pages", host: try Host(parsing: "pages.test"), port: 8080))
        let (modelPort, pagesPort) = (model.port, pages.port)
        options.route = { $0.port == 80 ? modelPort : pagesPort }
        try await withGate(options) { gate in
            let lines = try PythonPeer.run(.agents, "agent.py", [Self.url(gate, "")])
            #expect(lines == ["human Read ticket 7.", "ai read_ticket", "tool hello from nginx", "ai It is done."])
        }
    }

    // MARK: HTTP/2

    @Test("speak HTTP/2 with a client certificate")
    func multiplexed() async throws {
        let server = try await NginxServer(names: ["pages.test"])
        let authority = try TestAuthority()
        let own = try authority.issue(dnsNames: ["gate.test"], addresses: [[127, 0, 0, 1]])
        let agent = try authority.issue(uris: ["spiffe://gate.test/agent/tester"])
        var grant = try Grant.test("pages.test")
        grant.paths = [try PathPrefix(parsing: "/text"), try PathPrefix(parsing: "/upload")]
        var tester = AgentSetup("tester", grants: [grant])
        tester.allowsCertificate = true
        var options = GateOptions(agents: [tester])
        server.lead(&options)
        options.identification = .certificate
        options.services = [ServiceDescription(name: "pages", host: try Host(parsing: "pages.test"), port: 80)]
        options.serviceTLS = SVIDServerTLS(
            try .files(
                certificate: Array(own.certificate.utf8), key: Array(own.key.utf8),
                clientAuthorities: Array(try authority.pem.utf8), trustDomain: TrustDomain(parsing: "gate.test")),
            protocols: ["h2", "http/1.1"])
        try await withGate(options) { gate in
            let files = [("ca", try authority.pem), ("cert", agent.certificate), ("key", agent.key)].map { name, text in
                ("\(gate.directory)/\(name).pem", text)
            }
            for (path, text) in files { try text.write(toFile: path, atomically: true, encoding: .utf8) }
            let lines = try PythonPeer.run(
                .sdks, "http2_client.py",
                ["https://127.0.0.1:\(gate.servicePort)/s/pages"] + files.map(\.0))
            #expect(lines == ["{('HTTP/2', 200, 'hello from nginx')}", "404", "path_not_granted"])
        }
    }
}
