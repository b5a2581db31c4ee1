// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

/// How a grant came to be considered for a host.
struct HostMatch: Sendable {
    /// The bytes of the name that stand left of a wildcard's suffix; 0 for exact names, addresses and any host.
    var wildcardPrefixLength = 0
    /// Whether the pattern is this host and no other.
    var isExact = false
}

/// One thing that a grant can limit. The order is that of the checks: who fails later came nearer.
enum GrantCheck: Int, CaseIterable, Sendable {
    case port
    case scheme
    case tunnel
    case method
    case path
    case tool
    case arguments
    case expiry
    case window
    case budget
    case strength
    case person
    case task
    case name

    /// The reason of a denial that fails here.
    var reason: ReasonCode {
        switch self {
        case .port, .scheme: .portNotGranted
        case .tunnel: .tunnelNotGranted
        case .method: .methodNotGranted
        case .path: .pathNotGranted
        case .tool: .toolNotGranted
        case .arguments: .argumentRefused
        case .expiry: .grantExpired
        case .window: .outsideTimeWindow
        case .budget: .budgetExhausted
        case .strength: .strengthTooLow
        case .person: .personRequired
        case .task: .taskRequired
        case .name: .nameCarriesData
        }
    }

    /// Whether the grant has a limit that this check could fail. The rest is passed over on the way to a verdict.
    func concerns(_ grant: Grant) -> Bool {
        switch self {
        case .port: grant.ports != .all
        case .scheme: grant.schemes != nil
        case .tunnel: grant.paths != nil || grant.listsCalls || !grant.methods.contains("CONNECT")
        case .method: grant.methods != .any
        case .path: grant.paths != nil
        case .tool: grant.listsCalls
        case .arguments: grant.tools?.contains { $0.arguments != nil } ?? false
        case .expiry: grant.expires != nil
        case .window: grant.window != nil
        case .budget: grant.budget != nil
        case .strength: grant.requirement.strength > 0
        case .person: grant.requirement.person
        case .task: grant.requirement.task
        case .name: grant.nameBudget != nil && grant.hosts.contains(where: \.isWildcard)
        }
    }

    /// Whether the grant's limit holds for the facts. This is the only place where a limit is judged.
    func passes(
        _ indexed: IndexedGrant, _ facts: borrowing Facts, _ match: HostMatch, _ usage: () -> GrantUsage
    ) -> Bool {
        // Who may do anything at a service may take the steps that lead there.
        if facts.operation.name == .session, isAboutOperations { return true }
        switch self {
        case .port:
            guard indexed.grant.ports.contains(facts.destination.port) else { return false }
            let endpoints = indexed.grant.endpoints
            return endpoints.isEmpty
                || endpoints.contains { $0.port == facts.destination.port && $0.host == facts.destination.host }
        case .scheme:
            guard let schemes = indexed.grant.schemes else { return true }
            return schemes.contains(facts.destination.scheme)
        case .tunnel:
            guard facts.operation.name == .tunnel else { return true }
            return indexed.grant.paths == nil && !indexed.grant.listsCalls && indexed.grant.methods.contains("CONNECT")
        case .method:
            guard facts.operation.name != .tunnel, case .only = indexed.grant.methods else { return true }
            guard let method = facts.http?.method else { return false }
            return indexed.grant.methods.contains(method)
        case .path:
            guard facts.operation.name != .tunnel, let paths = indexed.grant.paths else { return true }
            guard var path = facts.http?.path else { return false }
            return path.withUTF8 { bytes in
                for prefix in paths where prefix.covers(bytes) { return true }
                return false
            }
        case .tool: return !indexed.grant.listsCalls || Self.lists(indexed, facts)
        case .arguments:
            guard let constraint = Self.tool(indexed, facts)?.arguments else { return true }
            guard let arguments = facts.operation.arguments else { return facts.operation.isInquiry }
            return constraint.refusal(of: arguments) == nil
        case .expiry:
            guard let expires = indexed.grant.expires else { return true }
            return facts.time < expires
        case .window: return indexed.grant.window?.contains(facts.time) ?? true
        case .budget:
            guard let budget = indexed.grant.budget else { return true }
            return usage().hasRoom(in: budget)
        case .strength: return (facts.identity?.strength ?? -1) >= indexed.grant.requirement.strength
        case .person: return !indexed.grant.requirement.person || facts.person != nil
        case .task: return !indexed.grant.requirement.task || facts.task != nil
        case .name: return Self.excess(indexed, facts, match) == nil
        }
    }

    /// Whether the check looks at what is done, not at where, when and by whom.
    var isAboutOperations: Bool {
        switch self {
        case .tunnel, .method, .path, .tool, .arguments: true
        default: false
        }
    }

    /// Whether what is called stands in the grant's lists.
    private static func lists(_ indexed: IndexedGrant, _ facts: borrowing Facts) -> Bool {
        guard let name = facts.operation.tool else { return false }
        switch facts.operation.name {
        case .toolCall, .modelCall, .skillCall, .request: return tool(indexed, facts) != nil
        case .resourceRead: return indexed.grant.resources?.contains { $0.covers(name) } ?? false
        case .promptGet: return indexed.grant.prompts?.contains { $0.utf8.elementsEqual(name.utf8) } ?? false
        case .tunnel, .websocket, .launch, .session: return false
        }
    }

    /// The grant's rule for the tool that the facts call.
    static func tool(_ indexed: IndexedGrant, _ facts: borrowing Facts) -> ToolGrant? {
        guard facts.operation.name.isCall, let tools = indexed.grant.tools, let name = facts.operation.tool else {
            return nil
        }
        return tools.first { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// Why the labels under the wildcard are too many or carry too much.
    static func excess(_ indexed: IndexedGrant, _ facts: borrowing Facts, _ match: HostMatch) -> NameBudgetExcess? {
        guard match.wildcardPrefixLength > 0, let budget = indexed.grant.nameBudget,
            case .name(let name) = facts.destination.host,
            case .exceeded(let excess) = budget.judge(labels: name.description.utf8.prefix(match.wildcardPrefixLength))
        else { return nil }
        return excess
    }
}

/// A grant with what is worked out once when it is indexed. A class, so that a decision reads it in place.
final class IndexedGrant: Sendable {
    let grant: Grant
    let id: GrantID
    /// The checks that the grant could fail, in order.
    let checks: [GrantCheck]

    init(_ grant: Grant, of agent: String) {
        self.grant = grant
        self.id = GrantID(agent: agent, name: grant.name)
        self.checks = GrantCheck.allCases.filter { $0.concerns(grant) }
    }
}

extension HostPattern {
    fileprivate var isWildcard: Bool {
        if case .subdomains = kind { true } else { false }
    }
}
