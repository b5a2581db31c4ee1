// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// The tools of one server: which definition of each is in use, and which wait for somebody.
struct MCPCatalogue: Sendable {
    /// The most tools, those that wait included.
    static let maximumTools = 4096
    /// The most bytes of all definitions.
    static let maximumBytes = 32 << 20
    /// The most pages of the first list.
    static let maximumPages = 256

    /// One tool.
    struct Entry: Sendable {
        /// The definition in use.
        var pinned: MCPTool?
        /// Whether an operator approved it.
        var isApproved = false
        /// Another definition that the server gave, and why it is held.
        var pending: (tool: MCPTool, hold: MCPHold)?
        /// Whether something was kept of it that cannot be read any more; then an operator must say what is believed.
        var isLost = false

        var bytes: Int { (pinned?.bytes ?? 0) &+ (pending?.tool.bytes ?? 0) }
    }

    /// Whether no list was seen.
    var isUntouched: Bool {
        if case .before = opening { true } else { false }
    }

    /// How far the first list is, whose tools are taken for the server's.
    private enum Opening: Sendable {
        /// Nothing was listed.
        case before
        /// The page behind this cursor is next.
        case at(cursor: String, pages: Int)
        /// It is complete: whatever is new from here on is held.
        case over
    }

    /// The tools. A name is ASCII, so that comparing strings compares bytes.
    private(set) var entries: [String: Entry] = [:]
    /// The names by what is left of them in small letters and without `_`, `-` and `.`.
    private var plainNames: [[UInt8]: String] = [:]
    /// The tools that changed since they were kept.
    private var changed: Set<String> = []
    private var opening = Opening.before
    private var bytes = 0

    /// What a page of a list is, as the request and the answer say.
    struct Page {
        /// The cursor that was asked for.
        let cursor: String?
        /// The cursor of the next page.
        let next: String?
    }

    /// Takes note of a page, and says what is new.
    ///
    /// - Parameter hold: What speaks against a definition that would be taken into use.
    mutating func learn(
        _ tools: [MCPTool], _ page: Page, approval: MCPServiceSettings.Approval, hold: (MCPTool) -> MCPHold?
    ) -> [MediationEvent] {
        let isFirst = opens(tools, page)
        var events: [MediationEvent] = []
        for tool in tools {
            let name = tool.definition.name
            var entry = entries[name] ?? Entry()
            if let pinned = entry.pinned, pinned.digest == tool.digest {
                guard entry.pending != nil else { continue }
                entry.pending = nil
                _ = store(entry, name)
                continue
            }
            if entry.pending?.tool.digest == tool.digest { continue }
            let reason: MCPHold?
            if tool.schema == nil {
                reason = .unusable
            } else if entry.isLost {
                reason = .unreadable
            } else if entry.pinned != nil {
                reason = .changed
            } else if let other = plainNames[Self.plain(name)], other != name {
                reason = .sameName
            } else if approval == .approved {
                reason = hold(tool) ?? .notApproved
            } else {
                reason = hold(tool) ?? (isFirst ? nil : .new)
            }
            if let reason { entry.pending = (tool, reason) } else { entry.pinned = tool }
            if store(entry, name) {
                if let reason { events.append(MediationEvent(code: reason.rawValue, detail: "\(name) \(tool.digest)")) }
            } else {
                events.append(MediationEvent(code: MCPHold.full.rawValue, detail: name))
            }
        }
        return events
    }

    /// Whether a page belongs to the first list.
    private mutating func opens(_ tools: [MCPTool], _ page: Page) -> Bool {
        switch opening {
        case .before:
            // A list without tools is one of a server that is not ready.
            guard page.cursor == nil, !tools.isEmpty || page.next != nil else { return false }
            advance(page, pages: 1)
            return true
        case .at(let cursor, let pages):
            if let asked = page.cursor, asked.utf8.elementsEqual(cursor.utf8) {
                advance(page, pages: pages &+ 1)
                return true
            }
            // Somebody begins anew before the first list was read to its end.
            let isKnown = tools.allSatisfy { tool in
                let entry = entries[tool.definition.name]
                return entry?.pinned?.digest == tool.digest || entry?.pending?.tool.digest == tool.digest
            }
            if page.cursor == nil, isKnown { advance(page, pages: pages &+ 1) }
            return false
        case .over: return false
        }
    }

    private mutating func advance(_ page: Page, pages: Int) {
        if let next = page.next, pages < Self.maximumPages {
            opening = .at(cursor: next, pages: pages)
        } else {
            opening = .over
        }
    }

    /// False when there is no room.
    private mutating func store(_ entry: Entry, _ name: String) -> Bool {
        let old = entries[name]
        let more = entry.bytes &- (old?.bytes ?? 0)
        guard old != nil || entries.count < Self.maximumTools, more <= Self.maximumBytes &- bytes else { return false }
        bytes &+= more
        entries[name] = entry
        changed.insert(name)
        let plain = Self.plain(name)
        if plainNames[plain] == nil { plainNames[plain] = name }
        return true
    }

    private static func plain(_ name: String) -> [UInt8] {
        name.utf8.filter { $0 != 0x5f && $0 != 0x2d && $0 != 0x2e }.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    }

    /// The definition of a tool that may be called, or why none may.
    func standing(of name: String, approval: MCPServiceSettings.Approval) -> Result<MCPTool, MCPStanding> {
        guard let entry = entries[name] else { return .failure(MCPStanding(hold: .unlisted)) }
        if let pending = entry.pending { return .failure(MCPStanding(hold: pending.hold)) }
        guard let pinned = entry.pinned else {
            return .failure(MCPStanding(hold: entry.isLost ? .unreadable : .unlisted))
        }
        guard entry.isApproved || approval == .firstUse else { return .failure(MCPStanding(hold: .notApproved)) }
        return .success(pinned)
    }

    /// Takes the newest definition that the server gave into use; false when it has not this digest.
    mutating func approve(_ name: String, digest: String) -> Bool {
        guard var entry = entries[name] else { return false }
        if let pending = entry.pending {
            guard pending.tool.digest == digest, pending.hold.canBeApproved else { return false }
            entry.pinned = pending.tool
            entry.pending = nil
        } else if entry.pinned?.digest != digest {
            return false
        }
        entry.isApproved = true
        entry.isLost = false
        return store(entry, name)
    }

    /// Forgets what was approved of a tool; its definition waits again.
    mutating func withdraw(_ name: String) -> Bool {
        guard var entry = entries[name] else { return false }
        if entry.pending == nil, let pinned = entry.pinned { entry.pending = (pinned, .notApproved) }
        entry.pinned = nil
        entry.isApproved = false
        return store(entry, name)
    }

    /// Takes over definitions from an earlier run, which had their first list.
    mutating func restore(_ name: String, _ tool: MCPTool, hold: MCPHold?, isApproved: Bool) {
        var entry = entries[name] ?? Entry()
        if let hold {
            entry.pending = (tool, hold)
        } else {
            entry.pinned = tool
            entry.isApproved = isApproved
        }
        if store(entry, name) { opening = .over }
    }

    /// Takes over that an earlier run knew a tool, of which nothing can be read any more.
    mutating func restoreLost(_ name: String) {
        var entry = entries[name] ?? Entry()
        entry.isLost = true
        entry.pinned = nil
        if store(entry, name) { opening = .over }
    }

    /// The tools that changed since this was asked last.
    mutating func takeChanged() -> [String] {
        defer { changed.removeAll() }
        return changed.sorted()
    }
}

/// Why a tool is not called, as an error.
struct MCPStanding: Error, Sendable, Hashable {
    /// Why.
    let hold: MCPHold
}
