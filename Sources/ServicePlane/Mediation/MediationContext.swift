// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Protocols

/// What a mediation may ask of the gate about the exchange it belongs to.
protocol MediationContext: AnyObject {
    /// Whether the answer comes back through the gate. Without it nothing is sealed for the client, and nothing learnt.
    var carriesAnswers: Bool { get }
    /// Who is asking.
    var identity: VerifiedIdentity? { get }
    /// The task that the exchange belongs to, once it is known: at the latest in ``Mediation/object(to:)``.
    var task: TaskContext? { get }
    /// The task and those above it, nearest first; empty outside of tasks.
    var taskLinks: [AgentTask] { get }
    /// What is known of the person for whom the agent acts, such as a mail address.
    var personValues: [String] { get }
    /// Whether the very rules that gate calls would allow this one now; nothing is spent, counted or recorded.
    /// What waits for a person counts as allowed.
    func wouldAllow(_ operation: Operation) -> Bool
    /// Whether they would allow it in at least one of some requests, by method and path below the service.
    func wouldAllow(_ operation: Operation, byAny requests: [(method: String, path: String)]) -> Bool
    /// Whether they would allow it without asking a person.
    func wouldAllowAtOnce(_ operation: Operation) -> Bool
    /// The name of the decision on the exchange, which answers tell.
    var decisionName: DecisionID? { get }
    /// The model of the exchange took so many tokens, which cost so much.
    func note(_ usage: ModelUsage, cost: Money)
    /// Whether what the agent and its task have left is counted in money as well.
    var limitsCost: Bool { get }
    /// Takes tokens and money from what the agent and its task have left of them, before more is passed on.
    ///
    /// - Parameter spending: In all of this exchange, that of earlier calls included.
    /// - Returns: False when it is spent.
    func take(_ spending: ModelSpending) -> Bool
    /// The address of the service at the gate as the client asked for it, without a slash at its end.
    var entrance: String? { get }
    /// What the rules of the forward proxy say of a connection of the agent to a place; nothing is looked up.
    func verdict(onReaching endpoint: Endpoint) -> Verdict
    /// Why an address may not be dialled, as far as that is known without a look-up; `nil` when nothing speaks against it.
    func forbids(_ endpoint: Endpoint) -> String?
}

/// What a mediation that follows values through a task asks besides. Without an answer nobody has named anything.
extension MediationContext {
    /// The task and those above it, nearest first; empty outside of tasks.
    var taskLinks: [AgentTask] { [] }
    /// What is known of the person for whom the agent acts, such as a mail address.
    var personValues: [String] { [] }
}

/// What only some protocols ask for.
extension MediationContext {
    /// It does.
    var carriesAnswers: Bool { true }
    /// Methods and paths play no part.
    func wouldAllow(_ operation: Operation, byAny requests: [(method: String, path: String)]) -> Bool {
        wouldAllow(operation)
    }
    /// Nobody is ever asked.
    func wouldAllowAtOnce(_ operation: Operation) -> Bool { wouldAllow(operation) }
    /// Not known.
    var decisionName: DecisionID? { nil }
    /// Nobody limits them.
    func take(_ spending: ModelSpending) -> Bool { true }
    /// Nobody limits it.
    var limitsCost: Bool { false }
    /// Nobody counts.
    func note(_ usage: ModelUsage, cost: Money) {}
    /// Not known.
    var entrance: String? { nil }
    /// Nobody may reach anything.
    func verdict(onReaching endpoint: Endpoint) -> Verdict { .deny(.hostNotGranted) }
    /// Nothing is known.
    func forbids(_ endpoint: Endpoint) -> String? { nil }
}
