// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Foundation
import GateSupport
import Protocols
import ServicePlane
import Testing

@Suite("Official SDKs at an endpoint of several servers") struct JoinedSDKTests {
    @Test(
        "see and use the servers as one",
        arguments: [
            (PythonPeer.Environment.sdks, "2026-07-28", "2026-07-28", PythonPeer.Environment.sdks),
            (.sdks, "auto", "2026-07-28", .sdks), (.sdks, "legacy", "2025-11-25", .firstMCP),
            (.firstMCP, "-", "2025-11-25", .sdks), (.firstMCP, "-", "2025-11-25", .firstMCP),
        ])
    func joined(
        client: PythonPeer.Environment, mode: String, revision: String, other: PythonPeer.Environment
    ) async throws {
        let tickets = try await PythonPeer.serve(.sdks, "mcp_server.py")
        defer { tickets.program.stop() }
        let wiki = try await PythonPeer.serve(other, "mcp_server.py")
        defer { wiki.program.stop() }
        func service(_ name: String, _ port: UInt16) throws -> ServiceDescription {
            var service = ServiceDescription(name: name, host: try Host(parsing: "\(name).test"), port: port)
            var server = ToolServer()
            server.holdsMentions = false
            service.language = .mcp(server)
            service.path = "/mcp"
            return service
        }
        var desk = try service("desk", 80)
        desk.language = .joined(JoinedEndpoint(name: "desk", members: ["tickets", "wiki"]))
        var first = try Grant.test("tickets.test", name: "tickets")
        first.tools = [ToolGrant(name: "add"), ToolGrant(name: "count")]
        first.resources = ["ticket://*"].compactMap { ResourcePattern($0) }
        first.prompts = ["summarise"]
        var second = try Grant.test("wiki.test", name: "wiki")
        second.ports = PortSet([8080...8080])
        second.tools = [ToolGrant(name: "add")]
        var options = GateOptions(agents: [.local(grants: [first, second])])
        let (ticketsPort, wikiPort) = (tickets.port, wiki.port)
        options.route = { $0.port == 80 ? ticketsPort : wikiPort }
        options.services = [try service("tickets", 80), try service("wiki", 8080), desk]
        try await withGate(options) { gate in
            let lines = try PythonPeer.run(
                client, "mcp_joined_client.py", ["http://127.0.0.1:\(gate.servicePort)/s/desk/", mode])
            #expect(
                lines == [
                    "revision \(revision)", "tools tickets__add tickets__count wiki__add",
                    "resources yett://tickets/ticket://7", "prompts tickets__summarise", "sums 3 7", "progress 1 2",
                    "progress 2 2", "counted", "yett://tickets/ticket://7 Printer on fire", "Summarise ticket 7",
                    "tool: The tool is not granted", "resource: The tool is not granted",
                    "nobody: The client's request is refused: no server of this endpoint is named by it",
                ])
            #expect(await gate.becomesIdle())
        }
    }
}
