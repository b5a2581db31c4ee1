// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision

/// Sandboxes for generated code, `sandbox`. Where it is on there is a service of the same name.
public struct SandboxConfiguration: Sendable, Hashable {
    /// `enabled`.
    public var isOn = true
    /// `drivers`: which may be used, in the order in which they are asked; empty for all of them in the gate's order.
    public var drivers: [String] = []
    /// `images`: the directory of installed images.
    public var images = "/var/lib/yett"
    /// `limits`: what a run has where nobody says otherwise.
    public var limits = SandboxAmounts()
    /// `ceilings`: the most that a caller may ask for.
    public var ceilings = SandboxAmounts()
    /// `require`: what every run demands of its isolation.
    public var requirement = SandboxTerms()
    /// `running`.
    public var running = 8
    /// `waiting`.
    public var waiting = 64
    /// `wait_time`.
    public var waitTime: Duration = .seconds(30)
    /// `source_to_policy`: whether grants and policies see the text of programs.
    public var showsSource = false
    /// Where the section stands in the file.
    public var place = Place.start

    /// The defaults.
    public init() {}

    /// The name of the service.
    public static let serviceName = "sandbox"

    /// Every limit of the gate with its name, its range and what it bounds.
    public static let fields: [LimitField<SandboxConfiguration>] = [
        .count("running", \.running, 1...1_024, "runs at one time"),
        .count("waiting", \.waiting, 0...65_536, "runs that wait for one of them to end"),
        .time("wait_time", \.waitTime, 1...600_000, "how long a run waits before it is refused"),
    ]
}

/// What one run may use up, `limits` and `ceilings` of `sandbox` and `sandbox.limits` of a grant.
public struct SandboxAmounts: Sendable, Hashable {
    /// `wall_time`.
    public var wallTime: Duration = .seconds(5)
    /// `cpu_thousandths`.
    public var processorThousandths = 1_000
    /// `memory`.
    public var memory = 256 << 20
    /// `processes`.
    public var processes = 64
    /// `scratch`.
    public var scratch = 64 << 20
    /// `output`.
    public var output = 1 << 20

    /// The defaults.
    public init() {}

    /// Every amount with its name, its range and what it bounds.
    public static let fields: [LimitField<SandboxAmounts>] = [
        .time("wall_time", \.wallTime, 1...600_000, "from the start of the code to its end"),
        .count("cpu_thousandths", \.processorThousandths, 10...64_000, "of one processor, on average"),
        .size("memory", \.memory, 16 << 20...64 << 30, "memory of all processes together"),
        .count("processes", \.processes, 1...4_096, "processes and threads at one time"),
        .size("scratch", \.scratch, 64 << 10...16 << 30, "what can be stored in files"),
        .size("output", \.output, 1...4 << 20, "standard output and standard error together"),
    ]

    /// The amounts under the names that requests and receipts use, in the order of ``fields``.
    public var values: [(name: String, value: Int64)] {
        let values = [
            wallTime.milliseconds, processorThousandths, memory, processes, scratch, output,
        ]
        return zip(SandboxTerms.limitNames, values).map { ($0, Int64($1)) }
    }
}
