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
    private let keeper: (any MCPToolKeeper)?
    private let state: Mutex<State>
    /// Held while tools change, so that what is kept and what counts follow each other.
    private let changing = Mutex<Void>(())

    private struct State {
        var settings: MCPServiceSettings
        var catalogue = MCPCatalogue()
        var lastListing: Int64?
        /// Whether a definition in use has annotations of its own.
        var hasOwnAnnotations = false
        /// Whether the last change could not be kept; until one can, no tool counts.
        var isUnkept = false
    }

    /// A server of which nothing is known but its configuration.
    ///
    /// - Parameters:
    ///   - names: Where the tools of all servers stand together; `nil` when they are not compared.
    ///   - records: The tools as an earlier run left them.
    ///   - keeper: Where changes of tools are kept before they count; `nil` when they end with this run.
    init(
        name: String, settings: MCPServiceSettings = MCPServiceSettings(), names: MCPToolNames? = nil,
        records: [MCPToolRecord] = [], keeper: (any MCPToolKeeper)? = nil
    ) {
        self.name = name
        self.names = names
        self.keeper = keeper
        memory = MCPMemory()
        state = Mutex(State(settings: settings))
        restore(records)
    }

    /// What the configuration says.
    var settings: MCPServiceSettings { state.withLock(\.settings) }

    /// Takes what a reload brought.
    func replace(_ settings: MCPServiceSettings) {
        state.withLock { state in
            state.settings = settings
            settle(&state)
        }
    }

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
        do throws(MCPToolKeepingError) {
            events += try change { catalogue, approval in
                catalogue.learn(tools, page, approval: approval) { holds[$0.definition.name] }
            }
        } catch { events = [MediationEvent(code: MCPHold.unkept.rawValue, detail: error.description)] }
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
        return state.withLock { state in
            if state.isUnkept { return .failure(MCPStanding(hold: .unkept)) }
            return state.catalogue.standing(of: name, approval: state.settings.approval)
        }
    }

    /// Whether no list of tools was seen, and the first one would be believed.
    var isUnlisted: Bool {
        state.withLock { $0.catalogue.isUntouched && !$0.isUnkept && $0.settings.approval == .firstUse }
    }

    /// Whether a definition is the one in use and may be shown.
    func shows(_ definition: MCPToolDefinition) -> Bool {
        guard case .success(let tool) = tool(definition.name) else { return false }
        return tool.digest == MCPTool.digest(definition.canonicalBytes)
    }

    /// What is known of a tool, or of a method by its name: from the configuration, else from a definition that an
    /// operator approved. What another definition says of itself counts where the configuration lets it, and only as far
    /// as it makes the rules stricter.
    func annotations(of name: String) -> ToolAnnotations? {
        state.withLock { state in
            let settings = state.settings
            let entry = state.catalogue.entries[name]
            let own = entry?.pending == nil ? entry?.pinned?.own : nil
            let configured = settings.annotations[name]
            if configured == nil, let own, entry?.isApproved == true { return own }
            let known = configured ?? (MCPNames.isToolName(name) ? settings.unannotated : nil)
            guard settings.heedsAnnotations, let own else { return known }
            return ToolAnnotations.stricter(known, own)
        }
    }

    // MARK: Operators

    /// All tools, by name; those in use before those that wait.
    var records: [MCPToolRecord] {
        state.withLock { state in
            state.catalogue.entries.sorted { $0.key < $1.key }.flatMap { name, entry in
                Self.records(name, entry, approval: state.settings.approval)
            }
        }
    }

    private static func records(
        _ name: String, _ entry: MCPCatalogue.Entry, approval: MCPServiceSettings.Approval
    ) -> [MCPToolRecord] {
        var records: [MCPToolRecord] = []
        if let tool = entry.pinned {
            let isHeld = approval == .approved && !entry.isApproved
            records.append(record(name, tool, isHeld ? .notApproved : nil, isPinned: true, entry.isApproved))
        }
        if let pending = entry.pending {
            records.append(record(name, pending.tool, pending.hold, isPinned: false, false))
        }
        if entry.isLost, records.isEmpty {
            records.append(
                MCPToolRecord(
                    name: name, digest: "", definition: [], hold: .unreadable, isPinned: false, isApproved: false))
        }
        return records
    }

    private static func record(
        _ name: String, _ tool: MCPTool, _ hold: MCPHold?, isPinned: Bool, _ isApproved: Bool
    ) -> MCPToolRecord {
        MCPToolRecord(
            name: name, digest: tool.digest, definition: tool.definition.canonicalBytes, hold: hold,
            isPinned: isPinned, isApproved: isApproved)
    }

    /// Approves the definition of a tool with this digest; false when the server gave none, or none that can be used.
    func approve(_ name: String, digest: String) throws(MCPToolKeepingError) -> Bool {
        try change { catalogue, _ in catalogue.approve(name, digest: digest) }
    }

    /// Approves every definition that the server gave last; says how many could be.
    func approveAll() throws(MCPToolKeepingError) -> Int {
        try change { catalogue, _ in
            var count = 0
            for (name, entry) in catalogue.entries {
                guard let digest = entry.pending?.tool.digest ?? entry.pinned?.digest else { continue }
                if catalogue.approve(name, digest: digest) { count &+= 1 }
            }
            return count
        }
    }

    /// Withdraws the approval of a tool; false when there is no such tool.
    func withdraw(_ name: String) throws(MCPToolKeepingError) -> Bool {
        try change { catalogue, _ in catalogue.withdraw(name) }
    }

    /// Takes over what an earlier run left. Of what cannot be read, or does not have its digest, it is known that there was
    /// something, so that the server's next word is not taken for its first.
    private func restore(_ records: [MCPToolRecord]) {
        guard !records.isEmpty else { return }
        state.withLock { state in
            for record in records {
                guard let tool = Self.tool(record, settings: state.settings), record.hold != .unreadable else {
                    state.catalogue.restoreLost(record.name)
                    continue
                }
                guard !record.isPinned else {
                    state.catalogue.restore(record.name, tool, hold: nil, isApproved: record.isApproved)
                    continue
                }
                // A tool that waited only for the mode of that run is not held in this one.
                let isModal = record.hold == .notApproved && state.settings.approval == .firstUse
                state.catalogue.restore(
                    record.name, tool, hold: isModal ? .new : record.hold ?? .unreadable, isApproved: false)
            }
            _ = state.catalogue.takeChanged()
            settle(&state)
        }
    }

    private static func tool(_ record: MCPToolRecord, settings: MCPServiceSettings) -> MCPTool? {
        guard
            case .object(let value)? = try? JSONValue(parsing: record.definition, limits: settings.answers.rpc.json),
            let definition = try? MCPToolDefinition(value), definition.name.utf8.elementsEqual(record.name.utf8)
        else { return nil }
        let tool = MCPTool(definition)
        return tool.digest.utf8.elementsEqual(record.digest.utf8) ? tool : nil
    }

    /// Changes the tools. What changed is kept before it counts; where it cannot be, no tool counts.
    private func change<Value>(
        _ body: (inout MCPCatalogue, MCPServiceSettings.Approval) -> Value
    ) throws(MCPToolKeepingError) -> Value {
        let outcome = changing.withLock { _ -> Result<Value, MCPToolKeepingError> in
            var (catalogue, approval) = state.withLock { ($0.catalogue, $0.settings.approval) }
            let value = body(&catalogue, approval)
            let changed = catalogue.takeChanged()
            do throws(MCPToolKeepingError) {
                if !changed.isEmpty { try keep(changed, of: catalogue) }
            } catch {
                state.withLock { $0.isUnkept = true }
                return .failure(error)
            }
            state.withLock { state in
                state.catalogue = catalogue
                state.isUnkept = false
                if !changed.isEmpty { settle(&state) }
            }
            return .success(value)
        }
        return try outcome.get()
    }

    private func keep(_ changed: [String], of catalogue: MCPCatalogue) throws(MCPToolKeepingError) {
        guard let keeper else { return }
        // In which mode the gate runs is no part of what is known.
        let records = changed.flatMap { name in
            catalogue.entries[name].map { Self.records(name, $0, approval: .firstUse) } ?? []
        }
        try keeper.keep(records, named: changed, of: name)
    }

    /// Works out what follows from the tools.
    private func settle(_ state: inout State) {
        let inUse = state.catalogue.entries.filter { $0.value.pinned != nil }
        let heeds = state.settings.heedsAnnotations
        state.hasOwnAnnotations = inUse.contains { ($0.value.isApproved || heeds) && $0.value.pinned?.own != nil }
        names?.set(Array(inUse.keys), of: name)
    }
}
