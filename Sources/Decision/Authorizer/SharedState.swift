// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What several gates know together: revocations, quarantines, tasks.
public protocol SharedState: Sendable {
    /// Why nothing may be decided now; `nil` while what is known here is fresh enough. Asked for each decision.
    func refusal() -> Verdict?
}
