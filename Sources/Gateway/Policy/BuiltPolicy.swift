// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision

/// A policy with what it was made of.
struct BuiltPolicy {
    /// What decides; absent while a bundle has not come yet.
    var policy: DecisionPolicy?
    /// SHA-256 of the configuration, the files and the bundles, in hexadecimal digits.
    var digest: String
    /// The bundles that it was made of.
    var bundles: [BundleVersion] = []
    /// Why there is none.
    var absence: String?
    /// What is tried beside it.
    var candidate: PolicyCandidate?
    /// What is wrong with what servers sent for the candidate.
    var candidateFault: GatewayError?

    /// A policy of one moment.
    init(policy: DecisionPolicy?, digest: String) {
        self.policy = policy
        self.digest = digest
    }

    /// The policy of a snapshot.
    init(of snapshot: Snapshot) {
        policy = snapshot.policy
        digest = snapshot.digest
        bundles = snapshot.bundles
        absence = snapshot.absence
        candidate = snapshot.candidate
    }
}
