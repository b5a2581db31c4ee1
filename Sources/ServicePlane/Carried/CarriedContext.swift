// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols
import Transport

/// What a mediation asks the gate about a request that somebody else carries. Used by one thread.
final class CarriedContext: MediationContext {
    let task: TaskContext?
    let taskLinks: [AgentTask]
    let decisionName: DecisionID?
    private let facts: Facts
    /// The path of the service at its own host, as it begins there.
    private let base: [UInt8]
    private let authorizer: Authorizer
    /// The grant that allows the request, once one does.
    var grant: GrantID?
    private var accounts: [BudgetAccount]?
    private var taken = ModelSpending()

    init(_ request: CarriedRequest, base: [UInt8], authorizer: Authorizer) {
        task = request.task
        taskLinks = request.links
        decisionName = request.decision
        facts = request.facts
        self.base = base
        self.authorizer = authorizer
    }

    var carriesAnswers: Bool { false }

    var identity: VerifiedIdentity? { facts.identity }
    var personValues: [String] { task?.person.map { [$0.subject] + $0.names } ?? [] }

    // MARK: What rules would say

    func wouldAllow(_ operation: Operation) -> Bool { foresee(operation) != .deny }

    func wouldAllowAtOnce(_ operation: Operation) -> Bool { foresee(operation) == .allow }

    func wouldAllow(_ operation: Operation, byAny requests: [(method: String, path: String)]) -> Bool {
        requests.contains { foresee(operation, by: $0) != .deny }
    }

    private func foresee(_ operation: Operation, by request: (method: String, path: String)? = nil) -> Verdict.Effect {
        var facts = facts
        if let request {
            facts.http?.method = request.method
            facts.http?.path = String(decoding: base, as: UTF8.self) + request.path
            facts.http?.query = nil
            facts.http?.sentPath = nil
        }
        facts.operation = operation
        return authorizer.foresee(facts).effect
    }

    func verdict(onReaching endpoint: Endpoint) -> Verdict {
        var facts = Facts(
            identity: identity, plane: .egress, operation: Operation(.tunnel),
            destination: Destination(host: endpoint.host, port: endpoint.port, scheme: .https), time: facts.time,
            source: facts.source)
        task?.apply(to: &facts)
        facts.http = HTTPFacts(method: "CONNECT", path: nil)
        return authorizer.foresee(facts)
    }

    func forbids(_ endpoint: Endpoint) -> String? {
        guard case .address(let address) = endpoint.host,
            case .refused(let refusal) = authorizer.snapshot.addressGuard.judge(
                address, host: endpoint.host, port: endpoint.port)
        else { return nil }
        return refusal.description
    }

    // MARK: Budgets of models

    var limitsCost: Bool { modelAccounts.contains { $0.terms.cost != nil } }

    func take(_ spending: ModelSpending) -> Bool {
        let wanted = spending - taken
        guard !modelAccounts.isEmpty, wanted.tokens > 0 || wanted.cost > .zero else { return true }
        let granted = authorizer.ledger.reserve(wanted, from: modelAccounts, at: facts.time)
        taken.tokens &+= granted.tokens
        taken.cost = taken.cost + granted.cost
        return granted.tokens >= wanted.tokens && granted.cost >= wanted.cost
    }

    /// Gives back what was taken: the request is not made.
    func giveBack() {
        guard !modelAccounts.isEmpty, taken.tokens > 0 || taken.cost > .zero else { return }
        authorizer.ledger.settle(ModelSpending() - taken, in: modelAccounts, at: facts.time)
        taken = ModelSpending()
    }

    private var modelAccounts: [BudgetAccount] {
        if let accounts { return accounts }
        let accounts = authorizer.modelAccounts(of: grant, facts)
        self.accounts = accounts
        return accounts
    }
}
