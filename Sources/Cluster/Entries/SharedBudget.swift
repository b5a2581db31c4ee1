// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
internal import Protocols

/// What gates have reserved of a budget in a period, each for itself. What a gate spends is part of what it reserved, so
/// that together they never spend more than there is.
public struct SharedBudget: Sendable, Hashable {
    /// What each gate has reserved.
    public private(set) var gates: [String: GrantUsage] = [:]

    /// The most gates with a part of one budget.
    public static let mostGates = 1_024

    /// Nobody has reserved anything.
    public init() {}

    /// Where what is reserved of an account is kept.
    public static func key(_ account: GrantID, period: Int64) -> ClusterKey {
        ClusterKey(.budget, account.agent, account.name, String(period))
    }

    /// The value.
    public var value: [UInt8] {
        var object = JSONObject()
        for (gate, part) in gates.sorted(by: { $0.key < $1.key }) {
            object[gate] = [
                .integer(part.calls), .integer(part.bytes), .integer(part.tokens), .integer(part.cost.picos),
            ]
        }
        return EntryDocument.text([("gates", .object(object))])
    }

    /// Reads a value.
    public init(_ value: [UInt8]) throws(EntryFault) {
        let document = try EntryDocument(value, members: ["gates"])
        gates = try document.required("gates") { json in
            guard let object = json.object, object.count <= Self.mostGates else { return nil }
            var gates: [String: GrantUsage] = [:]
            for member in object.members {
                guard let numbers = member.value.array, numbers.count == 4 else { return nil }
                let parts = numbers.compactMap { $0.integer.flatMap { Int(exactly: $0) } }.filter { $0 >= 0 }
                guard parts.count == 4 else { return nil }
                gates[member.name] = GrantUsage(
                    calls: parts[0], bytes: parts[1], tokens: parts[2], cost: Money(picos: parts[3]))
            }
            return gates
        }
    }

    /// What came of reserving.
    public struct Reservation: Sendable, Hashable {
        /// What was there of the gate before.
        public let before: GrantUsage
        /// What is there of it now.
        public let now: GrantUsage
        /// What it may spend, what it has spent included. What stands there in its name and it did not reserve is no part.
        public let share: GrantUsage
        /// What of that counts as spent at least: a gate that was started anew does not know better.
        public let spent: GrantUsage
    }

    /// Reserves another block for a gate, as far as there is something left. What was taken away of its own goes back.
    ///
    /// - Parameters:
    ///   - terms: The budget, from the configuration or the task; nothing here widens it.
    ///   - usage: What the gate has spent; what it overdrew is reserved, too.
    ///   - own: What it has reserved since it was started; nothing for the first time.
    ///   - parts: Into how many blocks the budget is divided.
    public mutating func reserve(
        for gate: String, of terms: GrantBudget, usage: GrantUsage, own: GrantUsage, parts: Int
    ) -> Reservation {
        let before = gates[gate] ?? GrantUsage()
        // A gate with nothing has no place in a full table.
        guard gates[gate] != nil || gates.count < Self.mostGates else {
            return Reservation(before: before, now: before, share: own, spent: GrantUsage())
        }
        let isFirst = own == GrantUsage()
        let foreign = isFirst ? GrantUsage() : before.beyond(own)
        let base = before.most(own)
        gates[gate] = base
        func next(_ read: (GrantUsage) -> Int, _ limit: Int?) -> Int {
            let own = read(base)
            guard let limit, limit > 0 else { return own }
            let taken = gates.values.reduce(0) { Self.sum($0, read($1)) }
            let spent = isFirst ? max(read(usage), read(before)) : Self.sum(read(usage), read(foreign))
            let wanted = Self.sum(spent, max(1, limit / max(parts, 1)))
            guard wanted > own, limit > taken else { return own }
            return own + min(wanted - own, limit - taken)
        }
        let now = GrantUsage(
            calls: next(\.calls, terms.calls), bytes: next(\.bytes, terms.bytes), tokens: next(\.tokens, terms.tokens),
            cost: Money(picos: next(\.cost.picos, terms.cost?.picos)))
        gates[gate] = now
        return Reservation(
            before: before, now: now, share: now.beyond(foreign), spent: isFirst ? before : GrantUsage())
    }

    private static func sum(_ left: Int, _ right: Int) -> Int {
        let (sum, isOver) = left.addingReportingOverflow(right)
        return isOver ? .max : sum
    }

    /// Gives back what a gate reserved and did not spend.
    ///
    /// - Returns: Whether there was something.
    public mutating func settle(_ gate: String, usage: GrantUsage) -> Bool {
        guard let own = gates[gate] else { return false }
        let spent = GrantUsage(
            calls: min(own.calls, usage.calls), bytes: min(own.bytes, usage.bytes),
            tokens: min(own.tokens, usage.tokens), cost: min(own.cost, usage.cost))
        guard spent != own else { return false }
        gates[gate] = spent
        return true
    }
}

extension GrantUsage {
    /// What of this is more than another.
    fileprivate func beyond(_ other: GrantUsage) -> GrantUsage {
        GrantUsage(
            calls: max(0, calls &- other.calls), bytes: max(0, bytes &- other.bytes),
            tokens: max(0, tokens &- other.tokens), cost: Money(picos: max(0, cost.picos &- other.cost.picos)))
    }
}
