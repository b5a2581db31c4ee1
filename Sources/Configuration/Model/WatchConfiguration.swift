// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the gate does about how agents behave, `watch`.
public struct WatchConfiguration: Sendable, Hashable {
    /// `mode`.
    public var mode = Mode.enforce

    /// The defaults.
    public init() {}

    /// How much follows from alarms.
    public enum Mode: String, Sendable, CaseIterable {
        /// Nobody is watched.
        case off
        /// Alarms and scores are recorded, and nothing follows from them.
        case observe
        /// The ladder holds: a person is asked, only reads pass, the agent is quarantined.
        case enforce
    }
}
