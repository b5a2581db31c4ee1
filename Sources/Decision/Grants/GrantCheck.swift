// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

/// How a grant came to be considered for a host.
struct HostMatch: Sendable {
    /// The bytes of the name that stand left of a wildcard's suffix; 0 for exact names, addresses and any host.
    var wildcardPrefixLength = 0
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

    /// Whether the grant's limit holds for the facts. This is the only place where a limit is judged.
    func passes(
        _ grant: Grant, _ facts: borrowing Facts, _ match: HostMatch, _ usage: () -> GrantUsage
    ) -> Bool {
        switch self {
        case .port: return grant.ports.contains(facts.destination.port)
        case .scheme:
            guard let schemes = grant.schemes else { return true }
            return schemes.contains(facts.destination.scheme)
        case .tunnel:
            guard facts.operation.name == .tunnel else { return true }
            return grant.paths == nil && grant.tools == nil && grant.methods.contains("CONNECT")
        case .method:
            guard facts.operation.name != .tunnel, case .only = grant.methods else { return true }
            guard let method = facts.http?.method else { return false }
            return grant.methods.contains(method)
        case .path:
            guard facts.operation.name != .tunnel, let paths = grant.paths else { return true }
            guard var path = facts.http?.path else { return false }
            return path.withUTF8 { bytes in
                for prefix in paths where prefix.covers(bytes) { return true }
                return false
            }
        case .tool: return grant.tools == nil || Self.tool(grant, facts) != nil
        case .arguments:
            guard let constraint = Self.tool(grant, facts)?.arguments else { return true }
            guard let arguments = facts.operation.arguments else { return false }
            return constraint.refusal(of: arguments) == nil
        case .expiry:
            guard let expires = grant.expires else { return true }
            return facts.time < expires
        case .window: return grant.window?.contains(facts.time) ?? true
        case .budget:
            guard let budget = grant.budget else { return true }
            let spent = usage()
            return spent.calls < budget.calls ?? .max && spent.bytes < budget.bytes ?? .max
        case .strength: return (facts.identity?.strength ?? -1) >= grant.requirement.strength
        case .person: return !grant.requirement.person || facts.person != nil
        case .task: return !grant.requirement.task || facts.task != nil
        case .name: return Self.excess(grant, facts, match) == nil
        }
    }

    /// The grant's rule for the tool that the facts call.
    static func tool(_ grant: Grant, _ facts: borrowing Facts) -> ToolGrant? {
        guard facts.operation.name == .toolCall, let tools = grant.tools, let name = facts.operation.tool else {
            return nil
        }
        return tools.first { $0.name.utf8.elementsEqual(name.utf8) }
    }

    /// Why the labels under the wildcard are too many or carry too much.
    static func excess(_ grant: Grant, _ facts: borrowing Facts, _ match: HostMatch) -> NameBudgetExcess? {
        guard match.wildcardPrefixLength > 0, let budget = grant.nameBudget,
            case .name(let name) = facts.destination.host,
            case .exceeded(let excess) = budget.judge(labels: name.description.utf8.prefix(match.wildcardPrefixLength))
        else { return nil }
        return excess
    }
}
