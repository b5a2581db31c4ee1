// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Causes of observations that others than their writers understand.
public enum ObservationCause {
    /// An agent sent something that was planted; the detail names it.
    public static let canaryTouched = "canary_touched"
    /// Something was found that must not get out, and nothing follows from it; the detail names it.
    public static let leakObserved = "leak_observed"
}
