// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Cluster
internal import Decision
internal import Logging
internal import Synchronization
internal import Telemetry

/// Reserves parts of budgets for this gate before they are spent, and gives back what is left when it stops.
final class SharedBudgets: Sendable {
    private let link: ClusterLink
    private let ledger: Ledger
    private let blocks: Int
    private let logger: Logger
    private let demands: (stream: AsyncStream<BudgetDemand>, continuation: AsyncStream<BudgetDemand>.Continuation) =
        AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(SharedBudgets.mostWaiting))
    private let known = Mutex(OwnReservations())

    /// The most demands that wait; further ones are made again by the next call.
    private static let mostWaiting = 4_096
    /// How many are under way at one time.
    private static let mostAtOnce = 16

    /// Makes a ledger spend shares only.
    init(link: ClusterLink, ledger: Ledger, blocks: Int, logger: Logger) {
        self.link = link
        self.ledger = ledger
        self.blocks = blocks
        self.logger = logger
        let continuation = demands.continuation
        ledger.share(parts: blocks) { [weak ledger] demand in
            if case .dropped = continuation.yield(demand) { ledger?.askAgain(for: demand.account) }
        }
    }

    /// Asks for the first block of a task's budgets, so that it is there when the first call comes.
    func prepare(_ task: AgentTask) {
        for account in task.accounts { ledger.demand(for: [account], at: task.started) }
    }

    /// Answers demands until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            let free = AsyncSlots(Self.mostAtOnce)
            for await demand in demands.stream {
                await free.take()
                group.addTask {
                    let isLast = await self.answer(demand)
                    free.give()
                    guard isLast else { return }
                    // Another gate may give something back.
                    try? await Task.sleep(for: .seconds(1))
                    self.ledger.askAgain(for: demand.account)
                }
            }
        }
    }

    /// Reserves another block.
    ///
    /// - Returns: Whether there was nothing to reserve.
    private func answer(_ demand: BudgetDemand) async -> Bool {
        let (account, gate, blocks) = (demand.account, link.terms.gate, blocks)
        let reserved: SharedBudget.Reservation
        do throws(ClusterError) {
            reserved = try await link.change(
                SharedBudget.key(account.id, period: demand.period),
                ends: BudgetDemand.end(of: demand.period, account, at: link.seconds), isNew: false
            ) { value throws(ClusterError) -> EntryChange<SharedBudget.Reservation> in
                var budget = SharedBudget()
                if let value {
                    do throws(EntryFault) {
                        budget = try SharedBudget(value)
                    } catch {
                        throw .unreadable(error)
                    }
                }
                let own = self.own(demand)
                let reserved = budget.reserve(
                    for: gate, of: account.terms, usage: demand.usage, own: own, parts: blocks)
                guard reserved.now != reserved.before else { return .leave(reserved) }
                self.note(demand, own: own.most(reserved.share))
                return .write(budget.value, reserved)
            }
        } catch {
            logger.warning("no share of a budget could be had", metadata: [LogField.error: .string("\(error)")])
            ledger.askAgain(for: account)
            return false
        }
        let isLast = reserved.now == reserved.before
        note(demand, own: own(demand).most(reserved.share))
        ledger.take(
            share: reserved.share, spent: reserved.spent, of: account, period: demand.period, isLast: isLast)
        return isLast
    }

    /// What this gate has reserved in the period of a demand since it was started: what etcd has in its name beyond that,
    /// others wrote.
    private func own(_ demand: BudgetDemand) -> GrantUsage {
        known.withLock { $0.own(demand) } ?? demand.share
    }

    private func note(_ demand: BudgetDemand, own: GrantUsage) {
        let now = link.seconds
        let ends = BudgetDemand.end(of: demand.period, demand.account, at: now)
        known.withLock { $0.note(demand, own: own, ends: ends, at: now) }
    }

    /// Gives back what is reserved and not spent.
    func giveBack(at time: Int64) async {
        let gate = link.terms.gate
        for (id, entry) in known.withLock({ $0.entries }) {
            let per = entry.account.terms.per
            guard per.index(of: time) == entry.period else { continue }
            let usage = ledger.close(id, per: per, at: time)
            do throws(ClusterError) {
                try await link.change(
                    SharedBudget.key(id, period: entry.period),
                    ends: BudgetDemand.end(of: entry.period, entry.account, at: time), isNew: false, patience: 500
                ) { value throws(ClusterError) -> EntryChange<Void> in
                    guard let value, var budget = try? SharedBudget(value), budget.settle(gate, usage: usage) else {
                        return .leave(())
                    }
                    return .write(budget.value, ())
                }
            } catch {
                logger.warning("a share of a budget stays reserved", metadata: [LogField.error: .string("\(error)")])
                if case .unreachable = error { return }
            }
        }
    }
}

extension BudgetDemand {
    /// After which nobody asks for what was reserved, in Unix seconds; `nil` where the budget has no end.
    fileprivate static func end(of period: Int64, _ account: BudgetAccount, at time: Int64) -> Int64? {
        switch account.terms.per {
        case .total: account.id.isTaskAccount ? time &+ AgentTask.longestLife &+ TaskBook.remembrance : nil
        case .hour: (period &+ 2) &* 3_600
        case .day: (period &+ 2) &* 86_400
        }
    }
}

/// Lets so many at once.
private final class AsyncSlots: Sendable {
    private let slots: (stream: AsyncStream<Void>, continuation: AsyncStream<Void>.Continuation) =
        AsyncStream.makeStream()

    init(_ count: Int) {
        for _ in 0..<count { slots.continuation.yield() }
    }

    func take() async {
        var iterator = slots.stream.makeAsyncIterator()
        _ = await iterator.next()
    }

    func give() { slots.continuation.yield() }
}
