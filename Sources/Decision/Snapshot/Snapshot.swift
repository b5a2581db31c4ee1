// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity

/// Everything one decision may read: configuration, policy and grants. Immutable; a reload makes a new one.
public final class Snapshot: Sendable {
    /// Counts up with each reload; recorded with each decision.
    public let revision: UInt64
    /// SHA-256 of the configuration, in hexadecimal digits.
    public let digest: String
    /// The trust domain that agents belong to.
    public let trustDomain: TrustDomain
    /// How callers are recognised.
    public let agents: AgentDirectory
    /// The grants of each agent.
    public let grants: [SPIFFEID: GrantIndex]
    /// Which addresses may be dialled.
    public let addressGuard: AddressGuard

    /// Collects the parts.
    public init(
        revision: UInt64, digest: String, trustDomain: TrustDomain, agents: AgentDirectory,
        grants: [SPIFFEID: GrantIndex], addressGuard: AddressGuard
    ) {
        self.revision = revision
        self.digest = digest
        self.trustDomain = trustDomain
        self.agents = agents
        self.grants = grants
        self.addressGuard = addressGuard
    }

    /// Turns facts into a verdict: the one function behind every plane.
    ///
    /// Pure: it reads neither clock nor network nor anything outside its arguments, so the same facts give the same
    /// verdict at any time.
    ///
    /// - Parameters:
    ///   - facts: What the plane knows.
    ///   - usage: What has been spent of a grant's budget; asked only for grants that have one.
    public func decide(_ facts: borrowing Facts, usage: (GrantID) -> GrantUsage) -> Verdict {
        guard let identity = facts.identity else {
            return .deny(.identityMissing)
        }
        guard let index = grants[identity.id] else {
            return .deny(.identityUnknown)
        }
        return index.judge(facts, usage: usage)
    }

    /// The budget of a grant of the agent that `facts` speak of, if it has one.
    func budget(of grant: GrantID, _ facts: borrowing Facts) -> GrantBudget? {
        guard let id = facts.identity?.id else { return nil }
        return grants[id]?.budget(of: grant.name)
    }
}
