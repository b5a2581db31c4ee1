// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A policy that is tried beside the one in force. It decides nothing: a share of the decisions is made with both, and what
/// it would decide otherwise is told.
public struct PolicyCandidate: Sendable {
    /// The policy; absent while a bundle of it has not come, or cannot be used.
    public let policy: DecisionPolicy?
    /// Why there is none.
    public let absence: String?
    /// SHA-256 of the configuration, the files and the bundles, in hexadecimal digits.
    public let digest: String
    /// The bundles that it was made of.
    public let bundles: [BundleVersion]
    /// How many of a million decisions are made with both.
    public let perMillion: Int

    /// Collects the parts.
    public init(
        policy: DecisionPolicy?, absence: String? = nil, digest: String, bundles: [BundleVersion] = [], perMillion: Int
    ) {
        self.policy = policy
        self.absence = absence
        self.digest = digest
        self.bundles = bundles
        self.perMillion = perMillion
    }

    /// Whether a decision belongs to the share. Its id alone settles that, so that a record can be understood later.
    public func takes(_ decision: DecisionID) -> Bool {
        // The finaliser of SplitMix64: ids count up, and neighbours are to fall on both sides.
        var bits = decision.rawValue &+ 0x9E37_79B9_7F4A_7C15
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        bits ^= bits >> 31
        return bits.multipliedFullWidth(by: 1_000_000).high < UInt64(clamping: perMillion)
    }
}

/// A decision that was made with the policy in force, and once more with the candidate.
public struct ComparedDecision: Sendable {
    /// The decision's name.
    public let decision: DecisionID
    /// What the plane knew.
    public let facts: Facts
    /// What it came to.
    public let verdict: Verdict
    /// What it would have come to.
    public let other: Verdict
    /// What was read.
    public let snapshot: Snapshot

    /// Collects the parts.
    public init(decision: DecisionID, facts: Facts, verdict: Verdict, other: Verdict, snapshot: Snapshot) {
        self.decision = decision
        self.facts = facts
        self.verdict = verdict
        self.other = other
        self.snapshot = snapshot
    }

    /// How the candidate's verdict relates to the one that counts.
    public var outcome: Outcome {
        let order: [Verdict.Effect] = [.deny, .hold, .allow]
        if verdict.effect != other.effect {
            let isWider = order.firstIndex(of: other.effect) ?? 0 > order.firstIndex(of: verdict.effect) ?? 0
            return isWider ? .wider : .narrower
        }
        let isSame =
            verdict.reason == other.reason && verdict.grant == other.grant && verdict.obligations == other.obligations
            && verdict.policyCodes == other.policyCodes && verdict.answer == other.answer
            && verdict.sandbox == other.sandbox
        return isSame ? .same : .different
    }

    /// Relations of two verdicts.
    public enum Outcome: String, Sendable, Hashable, CaseIterable {
        /// Nobody would see a difference.
        case same
        /// The candidate would let more pass.
        case wider
        /// The candidate would let less pass.
        case narrower
        /// The same effect for another reason, by another grant or with other terms.
        case different
    }
}
