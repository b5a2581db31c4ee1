// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Sandbox

/// What the operator says of sandboxes.
public struct SandboxPlaneSettings: Sendable {
    /// The drivers that may be used, in the order in which they are asked.
    public var drivers = SandboxDrivers.names
    /// The directory with installed images, one directory for each driver.
    public var images = "/var/lib/yett"
    /// What a run has where nobody says otherwise.
    public var limits = SandboxLimits.standard
    /// The most that a caller may ask for.
    public var ceilings = SandboxLimits.standard
    /// What every run demands.
    public var requirement = SandboxRequirement()
    /// How many runs there may be at one time.
    public var running = 8
    /// How many may wait for one of them to end.
    public var waiting = 64
    /// How long one waits.
    public var waitTime: Duration = .seconds(30)
    /// Whether grants and policies see the text of programs.
    public var showsSource = false
    /// The directory of the helper programs, where they lie neither beside this program nor in its `libexec`.
    public var programs: String?

    /// The defaults.
    public init() {}
}
