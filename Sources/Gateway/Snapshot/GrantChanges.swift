// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import YettConfiguration

/// What differs between the grants of two configurations.
struct GrantChanges {
    /// How a grant differs.
    enum Kind: String {
        case added
        case changed
        case withdrawn
    }

    /// One difference.
    struct Change {
        let agent: String
        let grant: String
        let kind: Kind
    }

    /// Differences beyond this number are counted only.
    static let mostChanges = 1000

    /// The differences, in the order of the agents' names.
    private(set) var changes: [Change] = []
    /// How many there are beyond those listed.
    private(set) var unlisted = 0

    /// Compares grants by the text that they have in a configuration file.
    init(from old: GateConfiguration, to new: GateConfiguration) {
        let (before, after) = (Self.texts(of: old), Self.texts(of: new))
        for agent in Set(before.keys).union(after.keys).sorted() {
            let (had, has) = (before[agent] ?? [:], after[agent] ?? [:])
            for grant in Set(had.keys).union(has.keys).sorted() where had[grant] != has[grant] {
                add(agent, grant, had[grant] == nil ? .added : has[grant] == nil ? .withdrawn : .changed)
            }
        }
    }

    private mutating func add(_ agent: String, _ grant: String, _ kind: Kind) {
        guard changes.count < Self.mostChanges else {
            unlisted += 1
            return
        }
        changes.append(Change(agent: agent, grant: grant, kind: kind))
    }

    private static func texts(of configuration: GateConfiguration) -> [String: [String: String]] {
        var texts: [String: [String: String]] = [:]
        for agent in configuration.agents {
            for grant in agent.grants { texts[agent.name, default: [:]][grant.grant.name] = grant.effectiveText() }
        }
        return texts
    }
}
