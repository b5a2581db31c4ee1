// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Transport

/// How many bytes a connection may carry before it has to ask again.
struct ByteAllowance {
    /// The connection's byte count at which `egress.limits.bytes_per_tunnel` is reached.
    let tunnelEnd: Int
    /// The budget that pays for the bytes, where the grant has one.
    let budget: (grant: GrantID, terms: GrantBudget)?
    /// The connection's byte count up to which the budget has paid.
    var paidEnd: Int

    /// How many bytes are taken from a budget at one time.
    static let block = 1 << 20
}

extension ProxyConnection {
    /// Begins to count bytes of what was just opened.
    ///
    /// - Parameter isTunnel: Whether `bytes_per_tunnel` applies.
    func startCarrying(isTunnel: Bool) {
        let total = bytesUp &+ bytesDown
        let limit = loop.settings.bytesPerTunnel
        let tunnelEnd = isTunnel && limit > 0 ? total &+ limit : Int.max
        guard let live, let grant = live.grant, let terms = loop.shared.authorizer.byteBudget(of: live) else {
            allowance = tunnelEnd == Int.max ? nil : ByteAllowance(tunnelEnd: tunnelEnd, budget: nil, paidEnd: Int.max)
            byteLimit = tunnelEnd
            return
        }
        let allowance = ByteAllowance(tunnelEnd: tunnelEnd, budget: (grant, terms), paidEnd: total)
        self.allowance = allowance
        byteLimit = total
    }

    /// Whether what was carried so far is covered; asks the budget for more when it is not.
    ///
    /// When nothing more is covered the connection is ended here.
    func isCovered() -> Bool {
        if bytesUp &+ bytesDown <= byteLimit { return true }
        return extendAllowance()
    }

    private func extendAllowance() -> Bool {
        guard var allowance else { return true }
        let total = bytesUp &+ bytesDown
        guard total <= allowance.tunnelEnd else {
            end(CutReason(.limitReached, detail: "egress.limits.bytes_per_tunnel is reached"), isOrderly: false)
            return false
        }
        if let budget = allowance.budget {
            let wanted = max(ByteAllowance.block, total &- allowance.paidEnd)
            allowance.paidEnd &+= loop.shared.authorizer.ledger.reserveBytes(
                wanted, of: budget.grant, budget: budget.terms, at: loop.context.clock.wall() / 1_000_000)
            guard total <= allowance.paidEnd else {
                self.allowance = allowance
                end(
                    CutReason(.budgetExhausted, detail: "the byte budget of \(budget.grant) is spent"), isOrderly: false
                )
                return false
            }
        }
        self.allowance = allowance
        byteLimit = min(allowance.tunnelEnd, allowance.paidEnd)
        return true
    }

    /// Gives back what the budget paid and was not carried.
    func stopCarrying() {
        guard let allowance = allowance.take() else { return }
        byteLimit = Int.max
        guard let budget = allowance.budget else { return }
        loop.shared.authorizer.ledger.returnBytes(
            allowance.paidEnd &- (bytesUp &+ bytesDown), of: budget.grant, budget: budget.terms,
            at: loop.context.clock.wall() / 1_000_000)
    }
}
