// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// The grants of one agent, found by destination.
///
/// The cost of a decision depends on the labels of the host and on the grants that name it, not on how many there are. It is
/// an object, so that a decision reads it in place.
public final class GrantIndex: Sendable {
    /// The agent's short name.
    public let agent: String
    /// The grants in configured order.
    public var grants: [Grant] { indexed.map(\.grant) }
    /// How many host patterns the grants have together.
    public let patternCount: Int

    let indexed: [IndexedGrant]
    let names: HostTable
    let addresses4: BlockTable
    let addresses6: BlockTable
    /// Grants that name every host.
    let unlimited: [UInt32]
    /// Whether any grant asks for a person's consent.
    let hasApprovals: Bool
    /// Whether any grant demands something of runs of generated code.
    let hasSandboxTerms: Bool
    /// Whether any grant says what is done about leaks.
    let hasLeakTerms: Bool
    private let budgets: [String: GrantBudget]

    /// Indexes grants.
    ///
    /// - Parameters:
    ///   - agent: The agent's short name, the first half of each ``GrantID``.
    ///   - grants: The grants in configured order: of several that allow, the first is the one recorded.
    public init(agent: String, grants: [Grant]) {
        self.agent = agent
        self.indexed = grants.map { IndexedGrant($0, of: agent) }
        hasApprovals = grants.contains(where: \.needsApproval)
        hasSandboxTerms = grants.contains { $0.sandbox != nil }
        hasLeakTerms = grants.contains { $0.leaks != nil }
        var names: [String: HostTable.Entry] = [:]
        var blocks4: [BlockTable.Key: [UInt32]] = [:]
        var blocks6: [BlockTable.Key: [UInt32]] = [:]
        var unlimited: [UInt32] = []
        func insert(_ block: AddressBlock, _ number: UInt32) {
            switch block.first {
            case .v4: blocks4[BlockTable.Key(block), default: []].appendNew(number)
            case .v6: blocks6[BlockTable.Key(block), default: []].appendNew(number)
            }
        }
        var count = 0
        for (position, grant) in grants.enumerated() {
            let number = UInt32(truncatingIfNeeded: position)
            count += grant.hosts.count
            for pattern in grant.hosts {
                switch pattern.kind {
                case .exact(let name): names[name.description, default: .init()].exact.appendNew(number)
                case .subdomains(let suffix): names[suffix.description, default: .init()].wildcard.appendNew(number)
                case .address(let address): insert(AddressBlock(only: address), number)
                case .block(let block): insert(block, number)
                case .any: unlimited.appendNew(number)
                }
            }
        }
        self.patternCount = count
        self.names = HostTable(names)
        addresses4 = BlockTable(blocks4)
        addresses6 = BlockTable(blocks6)
        self.unlimited = unlimited
        var budgets: [String: GrantBudget] = [:]
        for grant in grants where budgets[grant.name] == nil { budgets[grant.name] = grant.budget }
        self.budgets = budgets
    }

    /// The budget of the grant with this name, if it has one.
    public func budget(of name: String) -> GrantBudget? {
        budgets.isEmpty ? nil : budgets[name]
    }
}

extension Array<UInt32> {
    /// Appends a grant's number unless it is there already; numbers come in ascending order.
    fileprivate mutating func appendNew(_ number: UInt32) {
        if last != number { append(number) }
    }
}
