// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Synchronization
import Testing

@testable import ServicePlane

/// What is known of tools outlives the gate, and what cannot be kept or read does not count.
@Suite struct MCPKeepingTests {
    /// Keeps records as a database does.
    private final class Keeper: MCPToolKeeper {
        private let state = Mutex<(records: [String: [MCPToolRecord]], isBroken: Bool, changes: Int)>(([:], false, 0))

        var records: [MCPToolRecord] {
            state.withLock { state in state.records.sorted { $0.key < $1.key }.flatMap(\.value) }
        }
        var changes: Int { state.withLock(\.changes) }
        var isBroken: Bool {
            get { state.withLock(\.isBroken) }
            set { state.withLock { $0.isBroken = newValue } }
        }

        func keep(
            _ records: [MCPToolRecord], named names: [String], of service: String
        ) throws(MCPToolKeepingError) {
            let isKept = state.withLock { state in
                guard !state.isBroken else { return false }
                for name in names { state.records[name] = records.filter { $0.name == name } }
                state.changes += 1
                return true
            }
            if !isKept { throw MCPToolKeepingError("the disk is full") }
        }
    }

    private static let other = MCPFixture.tool("run_shell")
    private static let changed = MCPFixture.tool("get_weather", "Current weather, and more.")

    @Test func `What was seen counts after a restart, and nothing is pinned anew`() throws {
        let keeper = Keeper()
        let first = try MCPFixture(keeper: keeper)
        try first.list([MCPFixture.weather])
        #expect(keeper.records.map(\.name) == ["get_weather"])
        let second = try MCPFixture(records: keeper.records, keeper: keeper)
        #expect(try second.call("get_weather", ["city": "x"]).isForwarded)
        let outcome = try second.list([Self.changed, Self.other])
        #expect(MCPFixture.names(outcome).isEmpty)
        #expect(outcome.codes == ["tool_definition_changed", "tool_new_after_approval"])
        // A third run knows of both definitions, and that one of them waits.
        let third = try MCPFixture(records: keeper.records, keeper: keeper)
        #expect(third.service.records == second.service.records)
        #expect(third.service.records.map(\.isPinned) == [true, false, false])
        #expect(try third.call("get_weather", ["city": "x"]).detail == "tool_definition_changed")
        #expect(try third.call("run_shell").detail == "tool_new_after_approval")
    }

    @Test func `An approval counts after a restart`() throws {
        var settings = MCPServiceSettings()
        settings.approval = .approved
        let keeper = Keeper()
        let first = try MCPFixture(settings, keeper: keeper)
        try first.list([MCPFixture.weather])
        let digest = try #require(first.service.records.first?.digest)
        #expect(try first.service.approve("get_weather", digest: digest))
        let second = try MCPFixture(settings, records: keeper.records, keeper: keeper)
        #expect(try second.call("get_weather", ["city": "x"]).isForwarded)
        #expect(second.service.records.first?.isApproved == true)
    }

    @Test func `Nothing is kept where nothing changed`() throws {
        let keeper = Keeper()
        let fixture = try MCPFixture(keeper: keeper)
        for _ in 0..<3 { try fixture.list([MCPFixture.weather]) }
        #expect(keeper.changes == 1)
    }

    @Test(
        "Records that are not what was kept leave their tools to an operator",
        arguments: ["another digest", "another name", "no JSON", "an unknown reason", "nothing"])
    func damage(_ kind: String) throws {
        let keeper = Keeper()
        try MCPFixture(keeper: keeper).list([MCPFixture.weather])
        let good = try #require(keeper.records.first)
        let renamed = String(decoding: good.definition, as: UTF8.self).replacing("get_weather", with: "got_weather")
        let bad = MCPToolRecord(
            name: good.name, digest: kind == "another digest" ? "sha256:00" : good.digest,
            definition: kind == "another name"
                ? Array(renamed.utf8) : kind == "no JSON" ? [0x7b, 0xff] : kind == "nothing" ? [] : good.definition,
            hold: kind == "an unknown reason" ? .unreadable : nil, isPinned: true, isApproved: true)
        let fixture = try MCPFixture(records: [bad])
        #expect(try fixture.call("get_weather", ["city": "x"]).detail == "tool_record_unreadable")
        let outcome = try fixture.list([MCPFixture.weather, Self.other])
        #expect(MCPFixture.names(outcome).isEmpty)
        #expect(outcome.codes == ["tool_record_unreadable", "tool_new_after_approval"])
        #expect(try fixture.service.approve("get_weather", digest: good.digest))
        #expect(try fixture.call("get_weather", ["city": "x"]).isForwarded)
    }

    @Test func `Where nothing can be kept, no tool counts until it can`() throws {
        let keeper = Keeper()
        let fixture = try MCPFixture(keeper: keeper)
        try fixture.list([MCPFixture.weather])
        keeper.isBroken = true
        let outcome = try fixture.list([MCPFixture.weather, Self.other])
        #expect(MCPFixture.names(outcome).isEmpty)
        #expect(outcome.codes == ["tool_record_not_kept"])
        #expect(try fixture.call("get_weather", ["city": "x"]).detail == "tool_record_not_kept")
        let digest = try #require(fixture.service.records.first?.digest)
        #expect(throws: MCPToolKeepingError.self) { try fixture.service.approve("get_weather", digest: digest) }
        keeper.isBroken = false
        #expect(MCPFixture.names(try fixture.list([MCPFixture.weather, Self.other])) == ["get_weather"])
        #expect(keeper.records.map(\.name) == ["get_weather", "run_shell"])
    }

    @Test func `A service that is gone for a while is not a new one`() throws {
        let states = MCPToolStates()
        let state = states.state(of: "tools", MCPServiceSettings())
        var settings = MCPServiceSettings()
        settings.approval = .approved
        #expect(states.state(of: "tools", settings) === state)
        #expect(state.settings.approval == .approved)
        #expect(states.state(of: "others", settings) !== state)
    }
}
