// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Transport

/// How many bytes a connection may carry before it has to ask again.
struct ByteAllowance {
    /// The connection's byte count at which `egress.limits.bytes_per_tunnel` is reached.
    let tunnelEnd: Int
    /// The budgets that pay for the bytes: those of the grant and of the task, where they have one.
    let accounts: [BudgetAccount]
    /// The connection's byte count up to which all of them have paid.
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
        let accounts = live.map { loop.shared.authorizer.byteAccounts(of: $0) } ?? []
        guard !accounts.isEmpty else {
            allowance = tunnelEnd == Int.max ? nil : ByteAllowance(tunnelEnd: tunnelEnd, accounts: [], paidEnd: Int.max)
            byteLimit = tunnelEnd
            return
        }
        allowance = ByteAllowance(tunnelEnd: tunnelEnd, accounts: accounts, paidEnd: total)
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
        if !allowance.accounts.isEmpty {
            let wanted = max(ByteAllowance.block, total &- allowance.paidEnd)
            allowance.paidEnd &+= loop.shared.authorizer.ledger.reserveBytes(
                wanted, from: allowance.accounts, at: loop.context.clock.wall() / 1_000_000)
            guard total <= allowance.paidEnd else {
                self.allowance = allowance
                let name = live?.grant?.description ?? "the grant"
                end(CutReason(.budgetExhausted, detail: "the byte budget of \(name) is spent"), isOrderly: false)
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
        guard !allowance.accounts.isEmpty else { return }
        loop.shared.authorizer.ledger.returnBytes(
            allowance.paidEnd &- (bytesUp &+ bytesDown), to: allowance.accounts,
            at: loop.context.clock.wall() / 1_000_000)
    }
}
