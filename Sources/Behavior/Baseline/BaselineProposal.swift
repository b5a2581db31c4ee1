// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What was learnt, for a person to look at.
public struct BaselineProposal: Sendable {
    /// What would be enforced.
    public let baseline: Baseline
    /// What was seen too rarely to be proposed, a line each.
    public let leftOut: [String]

    init(baseline: Baseline, leftOut: [String]) {
        self.baseline = baseline
        self.leftOut = leftOut
    }
}
