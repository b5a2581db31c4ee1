// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A launch of `yett exec`, as attestation names it.
public struct LaunchedAgent: Sendable, Hashable {
    /// The agent's name.
    public let agent: String
    /// The launch.
    public let launch: String

    /// Names a launch.
    public init(agent: String, launch: String) {
        self.agent = agent
        self.launch = launch
    }
}
