// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity
public import Rego

/// Everything one decision may read: configuration, policy and grants. Immutable; a reload makes a new one.
public final class Snapshot: Sendable {
    /// Counts up with each reload; recorded with each decision.
    public let revision: UInt64
    /// SHA-256 of the configuration and the files of its policy, in hexadecimal digits.
    public let digest: String
    /// The trust domain that agents belong to.
    public let trustDomain: TrustDomain
    /// How callers are recognised.
    public let agents: AgentDirectory
    /// The grants of each agent.
    public let grants: [SPIFFEID: GrantIndex]
    /// Which addresses may be dialled.
    public let addressGuard: AddressGuard
    /// What turns facts into a verdict; without one, nothing is allowed.
    public let policy: DecisionPolicy?
    /// The bundles that the policy was made of.
    public let bundles: [BundleVersion]
    /// What a person should know where there is no policy.
    public let absence: String?
    /// The policy that is tried beside it.
    public let candidate: PolicyCandidate?
    /// The tasks that calls may belong to.
    public let tasks: TaskBook
    /// What counts no more.
    public let revocations: RevocationBook

    /// Collects the parts.
    public init(
        revision: UInt64, digest: String, trustDomain: TrustDomain, agents: AgentDirectory,
        grants: [SPIFFEID: GrantIndex], addressGuard: AddressGuard, policy: DecisionPolicy? = .standard,
        bundles: [BundleVersion] = [], absence: String? = nil, candidate: PolicyCandidate? = nil,
        tasks: TaskBook = .empty, revocations: RevocationBook = .empty
    ) {
        self.revision = revision
        self.digest = digest
        self.trustDomain = trustDomain
        self.agents = agents
        self.grants = grants
        self.addressGuard = addressGuard
        self.policy = policy
        self.bundles = bundles
        self.absence = absence
        self.candidate = candidate
        self.tasks = tasks
        self.revocations = revocations
    }

    /// The same with another policy.
    public func replacing(
        policy: DecisionPolicy?, bundles: [BundleVersion], absence: String?, candidate: PolicyCandidate?,
        digest: String,
        revision: UInt64
    ) -> Snapshot {
        Snapshot(
            revision: revision, digest: digest, trustDomain: trustDomain, agents: agents, grants: grants,
            addressGuard: addressGuard, policy: policy, bundles: bundles, absence: absence, candidate: candidate,
            tasks: tasks, revocations: revocations)
    }

    /// The same as if the candidate were in force; `nil` where there is none.
    public var underCandidate: Snapshot? {
        guard let candidate, candidate.policy != nil else { return nil }
        return replacing(
            policy: candidate.policy, bundles: candidate.bundles, absence: nil, candidate: nil,
            digest: candidate.digest, revision: revision)
    }

    /// The same configuration with other tasks and revocations.
    func with(_ tasks: TaskBook, _ revocations: RevocationBook) -> Snapshot {
        Snapshot(
            revision: revision, digest: digest, trustDomain: trustDomain, agents: agents, grants: grants,
            addressGuard: addressGuard, policy: policy, bundles: bundles, absence: absence, candidate: candidate,
            tasks: tasks, revocations: revocations)
    }

    /// Turns facts into a verdict: the one function behind every plane.
    ///
    /// Pure: it reads neither clock nor network nor anything outside its arguments, so the same facts give the same
    /// verdict at any time. Who is not known gets nothing, and neither does who shows what was revoked, whatever the policy
    /// says. Within a task, the task's grants bound what the policy may allow.
    ///
    /// - Parameters:
    ///   - facts: What the plane knows.
    ///   - usage: What has been spent of a grant's budget; asked only for grants that have one.
    public func decide(_ facts: borrowing Facts, usage: (GrantID) -> GrantUsage) -> Verdict {
        guard let identity = facts.identity, identity.proof != .none else {
            return .deny(.identityMissing)
        }
        guard grants[identity.id] != nil else {
            return .deny(.identityUnknown)
        }
        if let refusal = revocations.refusal(of: facts, in: tasks) { return refusal }
        guard let policy else {
            return .deny(.policyNotReady, detail: absence)
        }
        guard let task = facts.task else {
            let granted = policy.usesGrants ? granted(facts, usage: usage) : nil
            return consented(policy.decide(facts, granted: granted), granted, facts)
        }
        if case .failure(let refusal) = standing(of: task, for: identity.id, at: facts.time) { return refusal.verdict }
        let granted = granted(facts, usage: usage)
        let verdict = policy.decide(facts, granted: granted)
        return verdict.effect != .deny && granted.effect != .allow ? granted : consented(verdict, granted, facts)
    }

    /// Evaluates any document of the policy, as OPA's API does. `yett.granted` answers for the facts that a document holds.
    ///
    /// - Parameters:
    ///   - path: Where the document stands below `data`; digits alone are a position in an array.
    ///   - input: The input as JSON; absent for none.
    ///   - time: Now, in nanoseconds since 1970.
    ///   - isStrict: Whether the first failure of a builtin function ends the evaluation.
    ///   - body: Takes the document, undefined if there is none, and the first failure of a builtin function. Neither the
    ///     document nor a part of it may be kept.
    /// - Throws: `EvaluationError`, `JSONFailure`, and what `body` throws.
    public func evaluate<Result>(
        path: [String], input: [UInt8]?, time: Int64, isStrict: Bool = false,
        _ body: (Value, EvaluationError?) throws -> Result
    ) throws -> Result? {
        try policy?.evaluate(
            path: path, input: input, time: time, isStrict: isStrict, judge: { [self] in judge($0) }, body)
    }

    /// Compiles and evaluates a query, as OPA's API does.
    ///
    /// - Returns: A JSON array with the variables of each answer; absent when the query is undefined.
    /// - Throws: `Diagnostics`, `EvaluationError`, `JSONFailure`, `BuiltinFailure`.
    public func answers(to query: String, input: [UInt8]?, time: Int64, isStrict: Bool = false) throws -> [UInt8]? {
        try policy?.answers(to: query, input: input, time: time, isStrict: isStrict) { [self] in judge($0) }
    }

    /// The input document of facts as JSON, in the form that the policy gets.
    public func inputText(of facts: Facts) -> [UInt8]? { policy?.inputText(of: facts) }

    /// What the grants alone say of facts.
    private func judge(_ facts: Facts) -> Verdict {
        granted(facts) { _ in GrantUsage() }
    }
}

/// A bundle that a policy was made of.
public struct BundleVersion: Sendable, Hashable {
    /// Its name in the configuration.
    public let name: String
    /// What its author calls this version; empty if nothing.
    public let revision: String

    /// Names a version.
    public init(name: String, revision: String) {
        self.name = name
        self.revision = revision
    }
}
