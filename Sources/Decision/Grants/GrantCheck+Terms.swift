// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

extension GrantCheck {
    /// The name of the check in explanations.
    var label: String {
        switch self {
        case .expiry: "expires"
        case .strength, .person, .task: "require.\(self)"
        case .name: "name_budget"
        default: "\(self)"
        }
    }

    /// What the grant asks for and what the facts have, in words.
    func terms(
        _ indexed: IndexedGrant, _ facts: borrowing Facts, _ match: HostMatch, _ usage: () -> GrantUsage
    ) -> (expected: String, actual: String) {
        let grant = indexed.grant
        switch self {
        case .port where !grant.endpoints.isEmpty:
            let destination = facts.destination
            return (Self.list(grant.endpoints.map(\.description)), "\(destination.host):\(destination.port)")
        case .port: return ("port \(grant.ports)", "port \(facts.destination.port)")
        case .scheme:
            let schemes = grant.schemes.map { $0.map(\.rawValue).sorted().joined(separator: ", ") }
            return ("scheme \(schemes ?? "any")", "scheme \(facts.destination.scheme.rawValue)")
        case .tunnel:
            let kind = facts.operation.name == .tunnel ? "a tunnel, which hides what is done inside" : "not a tunnel"
            guard grant.paths != nil || grant.listsCalls || !grant.methods.contains("CONNECT") else {
                return ("no limit on what is done", "is \(kind)")
            }
            return ("a limit on methods, paths or tools", "is \(kind)")
        case .method: return ("methods \(grant.methods)", "method \(facts.http?.method ?? "none that is known")")
        case .path:
            let paths = grant.paths.map { Self.list($0.map(\.description)) }
            return ("paths \(paths ?? "any")", "path \(facts.http?.path ?? "none that is known")")
        case .tool:
            return (Self.calls(of: grant), "\(Self.kind(of: facts.operation)) \(facts.operation.tool ?? "none")")
        case .arguments: return argumentTerms(indexed, facts)
        case .expiry:
            return (grant.expires.map { "an end at \($0)" } ?? "no end", "time \(facts.time)")
        case .window: return (grant.window.map { "hours \($0)" } ?? "all hours", "time \(facts.time)")
        case .budget:
            guard let budget = grant.budget else { return ("no budget", "spends nothing") }
            let spent = usage()
            let tokens = budget.tokens == nil ? "" : ", \(spent.tokens) tokens"
            let cost = budget.cost == nil ? "" : ", a cost of \(spent.cost)"
            return (
                "a budget of \(budget)", "comes after \(spent.calls) calls and \(spent.bytes) bytes\(tokens)\(cost)"
            )
        case .strength:
            let proof = facts.identity?.proof.description ?? "none"
            return ("strength \(grant.requirement.strength)", "strength \(facts.identity?.strength ?? -1) (\(proof))")
        case .person: return (grant.requirement.person ? "a person" : "no need of a person", person(facts))
        case .task: return (grant.requirement.task ? "a task" : "no need of a task", task(facts))
        case .name:
            let excess = Self.excess(indexed, facts, match)
            return (
                grant.nameBudget == nil ? "no name budget" : "a name budget",
                excess.map { "asks for a name in which \($0)" } ?? "stays within it"
            )
        }
    }

    private func argumentTerms(_ indexed: IndexedGrant, _ facts: borrowing Facts) -> (String, String) {
        guard let constraint = Self.tool(indexed, facts)?.arguments else {
            return ("any arguments", "has some or none")
        }
        guard let arguments = facts.operation.arguments else { return ("argument constraints", "has no arguments") }
        guard let refusal = constraint.refusal(of: arguments) else { return ("argument constraints", "meets them") }
        return ("a constraint on the arguments", "breaks it: \(refusal)")
    }

    private func person(_ facts: borrowing Facts) -> String {
        facts.person.map { "is made for \($0.subject)" } ?? "is made for nobody"
    }

    private func task(_ facts: borrowing Facts) -> String {
        facts.task.map { "belongs to task \($0.id)" } ?? "belongs to no task"
    }

    private static func calls(of grant: Grant) -> String {
        let lists = [
            ("tools", grant.tools?.map(\.name)), ("resources", grant.resources?.map(\.description)),
            ("prompts", grant.prompts),
        ].compactMap { kind, names in names.map { "\(kind) \(list($0))" } }
        return lists.isEmpty ? "tools any" : lists.joined(separator: ", ")
    }

    private static func kind(of operation: Operation) -> String {
        switch operation.name {
        case .resourceRead: "resource"
        case .promptGet: "prompt"
        case .modelCall: "model"
        case .skillCall: "skill"
        default: "tool"
        }
    }

    private static func list(_ names: [String]) -> String {
        guard names.count > 5 else { return names.joined(separator: ", ") }
        return names.prefix(5).joined(separator: ", ") + " and \(names.count - 5) more"
    }
}
