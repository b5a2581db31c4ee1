// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Protocols
import Storage
import Testing

/// What a gate keeps of the tools of MCP servers.
@Suite struct ServiceToolTests {
    static let grants = "[{name: tickets, service: tickets, tools: {search: {}, delete: {}}}]"

    /// Keeps a copy of what a running gate has on disk, as a machine that loses power would leave it.
    private static func image(of gate: RunningGate) throws -> String {
        let copy = "/tmp/yett-image-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try FileManager.default.copyItem(atPath: gate.directory + "/audit", toPath: copy)
        return copy
    }

    private static func restore(_ image: String, in directory: String) throws {
        try ServiceGate.prepare(directory)
        try FileManager.default.copyItem(atPath: image, toPath: directory + "/audit")
    }

    @Test func `What was seen of tools outlives a gate that is killed`() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search"), ToolUpstream.tool("delete")])
        defer { upstream.server.stop() }
        let text = ServiceGate.text(
            to: upstream.server.port, grants: Self.grants, service: ", protocol: mcp")
        let image = try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            let shown = try gate.shownTools()
            #expect(shown == ["search", "delete"])
            return try Self.image(of: gate)
        }
        defer { try? FileManager.default.removeItem(atPath: image) }
        upstream.replace([ToolUpstream.tool("search", "Does it, and more."), ToolUpstream.tool("delete")])
        try await RunningGate.run(text, prepare: { try Self.restore(image, in: $0) }) { gate throws in
            // Nobody listed anything in this run, and nothing is asked for anew.
            let known = try gate.refusal(of: "delete")
            #expect(known == nil)
            let shown = try gate.shownTools()
            #expect(shown == ["delete"])
            let changed = try gate.refusal(of: "search")
            #expect(changed == "tool_definition_changed")
            #expect(try gate.record("kind=observation")?.text("cause") == "tool_definition_changed")
        }
    }

    @Test func `A gate whose state is damaged does not start`() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search")])
        defer { upstream.server.stop() }
        let text = ServiceGate.text(to: upstream.server.port, grants: Self.grants, service: ", protocol: mcp")
        let image = try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            _ = try gate.shownTools()
            return try Self.image(of: gate)
        }
        defer { try? FileManager.default.removeItem(atPath: image) }
        for name in ["state.db-wal", "state.db-shm"] {
            try? FileManager.default.removeItem(atPath: image + "/" + name)
        }
        try Data(repeating: 0x5A, count: 8192).write(to: URL(filePath: image + "/state.db"))
        let error = try await RunningGate.failure(text, prepare: { try Self.restore(image, in: $0) })
        #expect(error?.lines.contains { $0.contains("state.db") } == true, "\(String(describing: error))")
    }

    @Test func `A record of a tool that is not what was kept leaves the tool to an operator`() async throws {
        let upstream = ToolUpstream([ToolUpstream.tool("search"), ToolUpstream.tool("delete")])
        defer { upstream.server.stop() }
        let text = ServiceGate.text(to: upstream.server.port, grants: Self.grants, service: ", protocol: mcp")
        let image = try await RunningGate.run(text, prepare: ServiceGate.prepare) { gate throws in
            _ = try gate.shownTools()
            return try Self.image(of: gate)
        }
        defer { try? FileManager.default.removeItem(atPath: image) }
        try await RunningGate.run(
            text,
            prepare: { directory in
                try Self.restore(image, in: directory)
                let database = try StateDatabase(path: directory + "/audit/state.db")
                var tool = try #require(try database.tools().first { $0.name == "search" })
                tool.definition = tool.definition.replacing("Does it.", with: "Does more.")
                try database.keep(tools: [tool], named: ["search"], of: "tickets")
            }
        ) { gate throws in
            let refusal = try gate.refusal(of: "search")
            #expect(refusal == "tool_record_unreadable")
            let shown = try gate.shownTools()
            #expect(shown == ["delete"])
        }
    }
}
