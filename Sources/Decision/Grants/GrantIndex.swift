// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// The grants of one agent, found by destination.
///
/// The cost of a decision depends on the labels of the host and on the grants that name it, not on how many there are.
public struct GrantIndex: Sendable {
    /// The agent's short name.
    public let agent: String
    /// The grants in configured order.
    public var grants: [Grant] { indexed.map(\.grant) }
    /// How many host patterns the grants have together.
    public let patternCount: Int

    let indexed: [IndexedGrant]
    let names: HostTable
    private let addresses4: BlockTable
    private let addresses6: BlockTable
    private let unlimited: [UInt32]
    private let budgets: [String: GrantBudget]

    /// Indexes grants.
    ///
    /// - Parameters:
    ///   - agent: The agent's short name, the first half of each ``GrantID``.
    ///   - grants: The grants in configured order: of several that allow, the first is the one recorded.
    public init(agent: String, grants: [Grant]) {
        self.agent = agent
        self.indexed = grants.map { IndexedGrant($0, of: agent) }
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
        self.addresses4 = BlockTable(blocks4)
        self.addresses6 = BlockTable(blocks6)
        self.unlimited = unlimited
        var budgets: [String: GrantBudget] = [:]
        for grant in grants where budgets[grant.name] == nil { budgets[grant.name] = grant.budget }
        self.budgets = budgets
    }

    /// The budget of the grant with this name, if it has one.
    public func budget(of name: String) -> GrantBudget? {
        budgets.isEmpty ? nil : budgets[name]
    }

    /// Calls `body` with each list of grants that name the host; each list ascends in configured order.
    func forEachCandidate(_ host: borrowing Host, _ body: (ArraySlice<UInt32>, HostMatch) -> Void) {
        switch host {
        case .name(let name):
            var text = name.description
            text.withUTF8 { bytes in
                names.forEach(bytes) { list, length in body(list, HostMatch(wildcardPrefixLength: length)) }
            }
        case .address(let address):
            let number = BlockTable.Key.number(address)
            switch address {
            case .v4: addresses4.forEach(number) { body($0, HostMatch()) }
            case .v6: addresses6.forEach(number) { body($0, HostMatch()) }
            }
        }
        if !unlimited.isEmpty { body(unlimited[...], HostMatch()) }
    }
}

extension Array<UInt32> {
    /// Appends a grant's number unless it is there already; numbers come in ascending order.
    fileprivate mutating func appendNew(_ number: UInt32) {
        if last != number { append(number) }
    }
}
