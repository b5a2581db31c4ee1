// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Synchronization

/// What the gate knows of one MCP server, for all agents and connections.
final class MCPServiceState: Sendable {
    /// The name of the service.
    let name: String
    /// What earlier exchanges left for later ones.
    let memory: MCPMemory

    private let names: MCPToolNames?
    private let state: Mutex<State>

    private struct State {
        var settings: MCPServiceSettings
        var catalogue = MCPCatalogue()
        var lastListing: Int64?
        /// Whether a definition in use has annotations of its own.
        var hasOwnAnnotations = false
    }

    /// A server of which nothing is known but its configuration.
    ///
    /// - Parameters:
    ///   - names: Where the tools of all servers stand together; `nil` when they are not compared.
    ///   - records: The tools as an earlier run left them.
    init(
        name: String, settings: MCPServiceSettings = MCPServiceSettings(), names: MCPToolNames? = nil,
        records: [MCPToolRecord] = []
    ) {
        self.name = name
        self.names = names
        memory = MCPMemory()
        state = Mutex(State(settings: settings))
        restore(records)
    }

    /// What the configuration says.
    var settings: MCPServiceSettings { state.withLock(\.settings) }

    /// Takes what a reload brought.
    func replace(_ settings: MCPServiceSettings) { state.withLock { $0.settings = settings } }

    /// Whether anything is known of any tool, so that values are followed.
    var isAnnotated: Bool {
        state.withLock { state in
            !state.settings.annotations.isEmpty || state.settings.unannotated != nil
                || state.hasOwnAnnotations
        }
    }

    // MARK: Tools

    /// Takes note of the tools of one page of a list.
    func learn(_ definitions: [MCPToolDefinition], _ page: MCPCatalogue.Page) -> [MediationEvent] {
        let tools = definitions.map { definition in
            // What is known already need not be read again.
            state.withLock { known(definition, in: $0.catalogue) } ?? MCPTool(definition)
        }
        let settings = settings
        let own = state.withLock { Set($0.catalogue.entries.keys) }.union(definitions.map(\.name))
        var events: [MediationEvent] = []
        var holds: [String: MCPHold] = [:]
        for tool in tools {
            if let hold = tool.hold { holds[tool.definition.name] = hold }
            guard let names, !isPinned(tool) else { continue }
            for way in names.shadowing(by: tool.definition, of: name, own: own) {
                let hold: MCPHold = way == .name ? .sameName : .mention
                if (way == .name ? settings.sameName : settings.mention) == .held {
                    holds[tool.definition.name] = holds[tool.definition.name] ?? hold
                } else {
                    events.append(MediationEvent(code: hold.rawValue, detail: "\(tool.definition.name) \(tool.digest)"))
                }
            }
        }
        events += change { catalogue, approval in
            catalogue.learn(tools, page, approval: approval) { holds[$0.definition.name] }
        }
        return Array(events.prefix(64))
    }

    /// Whether the gate shall read the list of tools by itself: when it has seen none, and not again and again.
    func startsListing(at time: Int64) -> Bool {
        state.withLock { state in
            guard state.catalogue.isUntouched else { return false }
            if let last = state.lastListing, time >= last, time &- last < MCPToolListing.pause { return false }
            state.lastListing = time
            return true
        }
    }

    private func known(_ definition: MCPToolDefinition, in catalogue: MCPCatalogue) -> MCPTool? {
        guard let entry = catalogue.entries[definition.name] else { return nil }
        let digest = MCPTool.digest(definition.canonicalBytes)
        if let pinned = entry.pinned, pinned.digest == digest { return pinned }
        if let pending = entry.pending, pending.tool.digest == digest { return pending.tool }
        return nil
    }

    private func isPinned(_ tool: MCPTool) -> Bool {
        state.withLock { $0.catalogue.entries[tool.definition.name]?.pinned?.digest == tool.digest }
    }

    /// The tool to call, or why it is not called.
    func tool(_ name: String) -> Result<MCPTool, MCPStanding> {
        guard MCPNames.isToolName(name) else { return .failure(MCPStanding(hold: .unlisted)) }
        return state.withLock { $0.catalogue.standing(of: name, approval: $0.settings.approval) }
    }

    /// Whether a definition is the one in use and may be shown.
    func shows(_ definition: MCPToolDefinition) -> Bool {
        guard case .success(let tool) = tool(definition.name) else { return false }
        return tool.digest == MCPTool.digest(definition.canonicalBytes)
    }

    /// What is known of a tool, or of a method by its name: from the configuration, or from a definition that an operator
    /// approved.
    func annotations(of name: String) -> ToolAnnotations? {
        state.withLock { state in
            if let configured = state.settings.annotations[name] { return configured }
            if let entry = state.catalogue.entries[name], entry.isApproved, entry.pending == nil,
                let own = entry.pinned?.own
            {
                return own
            }
            return MCPNames.isToolName(name) ? state.settings.unannotated : nil
        }
    }

    // MARK: Operators

    /// All tools, by name; those in use before those that wait.
    var records: [MCPToolRecord] {
        state.withLock { state in
            state.catalogue.entries.sorted { $0.key < $1.key }.flatMap { name, entry in
                var records: [MCPToolRecord] = []
                if let tool = entry.pinned {
                    let isHeld = state.settings.approval == .approved && !entry.isApproved
                    records.append(Self.record(name, tool, isHeld ? .notApproved : nil, entry.isApproved))
                }
                if let pending = entry.pending {
                    records.append(Self.record(name, pending.tool, pending.hold, false))
                }
                return records
            }
        }
    }

    private static func record(_ name: String, _ tool: MCPTool, _ hold: MCPHold?, _ isApproved: Bool) -> MCPToolRecord {
        MCPToolRecord(
            name: name, digest: tool.digest, definition: tool.definition.canonicalBytes, hold: hold,
            isApproved: isApproved)
    }

    /// Counts the changes of the tools, so that whoever keeps ``records`` knows when they are to be kept again.
    var revision: UInt64 { state.withLock(\.catalogue.version) }

    /// Approves the definition of a tool with this digest; false when the server gave none, or none that can be used.
    func approve(_ name: String, digest: String) -> Bool {
        change { catalogue, _ in catalogue.approve(name, digest: digest) }
    }

    /// Approves every definition that the server gave last; says how many could be.
    func approveAll() -> Int {
        change { catalogue, _ in
            var count = 0
            for (name, entry) in catalogue.entries {
                guard let digest = entry.pending?.tool.digest ?? entry.pinned?.digest else { continue }
                if catalogue.approve(name, digest: digest) { count &+= 1 }
            }
            return count
        }
    }

    /// Withdraws the approval of a tool; false when there is no such tool.
    func withdraw(_ name: String) -> Bool { change { catalogue, _ in catalogue.withdraw(name) } }

    /// Takes over what an earlier run left. What cannot be read, or does not have its digest, is left out.
    private func restore(_ records: [MCPToolRecord]) {
        for record in records {
            guard
                case .object(let value)? = try? JSONValue(parsing: record.definition, limits: settings.answers.rpc.json),
                let definition = try? MCPToolDefinition(value), definition.name == record.name
            else { continue }
            let tool = MCPTool(definition)
            guard tool.digest == record.digest else { continue }
            change { catalogue, approval in
                // A tool that waited only for the mode of that run is not held in this one.
                let isModal = record.hold == .notApproved && approval == .firstUse
                catalogue.restore(
                    record.name, tool, hold: isModal ? .new : record.hold, isApproved: record.isApproved)
            }
        }
    }

    private func change<Value>(
        _ body: (inout MCPCatalogue, MCPServiceSettings.Approval) -> Value
    ) -> Value {
        let (value, tools): (Value, [String]?) = state.withLock { state in
            let version = state.catalogue.version
            let value = body(&state.catalogue, state.settings.approval)
            guard state.catalogue.version != version else { return (value, nil) }
            let inUse = state.catalogue.entries.filter { $0.value.pinned != nil }
            state.hasOwnAnnotations = inUse.contains { $0.value.isApproved && $0.value.pinned?.own != nil }
            return (value, Array(inUse.keys))
        }
        if let tools { names?.set(tools, of: name) }
        return value
    }
}
