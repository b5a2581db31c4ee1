// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Causes of observations that others than their writers understand.
public enum ObservationCause {
    /// An agent sent something that was planted; the detail names it.
    public static let canaryTouched = "canary_touched"
    /// Something was found that must not get out, and nothing follows from it; the detail names it.
    public static let leakObserved = "leak_observed"
    /// Something was taken out of what an agent sent or was sent; the detail names it.
    public static let leakRedacted = "leak_redacted"
    /// An answer held something that was planted: somebody has looked at it, and nothing was done with it yet.
    public static let canarySeen = "canary_seen"
    /// An answer held a text that instructs; the detail names its sort.
    public static let instructionSeen = "instruction_seen"
}
