// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What became of a run.
public struct SandboxResult: Sendable {
    /// How it ended.
    public var outcome: SandboxOutcome
    /// What the code wrote to standard output, up to the limit.
    public var output: [UInt8]
    /// What the code wrote to standard error, up to the limit.
    public var errors: [UInt8]
    /// Whether the code wrote more than was kept.
    public var isTruncated: Bool
    /// How long the parts took.
    public var timings: SandboxTimings
    /// What it used up.
    public var usage: SandboxUsage
    /// The evidence.
    public var receipt: SandboxReceipt

    /// Puts a result together.
    public init(
        outcome: SandboxOutcome, output: [UInt8], errors: [UInt8], isTruncated: Bool, timings: SandboxTimings,
        usage: SandboxUsage, receipt: SandboxReceipt
    ) {
        self.outcome = outcome
        self.output = output
        self.errors = errors
        self.isTruncated = isTruncated
        self.timings = timings
        self.usage = usage
        self.receipt = receipt
    }
}

/// How a run that began ended. A run that did not begin is a `SandboxError`.
public enum SandboxOutcome: Sendable, Hashable {
    /// The code ended by itself with this exit code.
    case exited(Int)
    /// A signal ended the code that no limit had sent.
    case signalled(Int)
    /// The deadline came.
    case timeout
    /// The memory was used up.
    case outOfMemory
    /// More was written than the output limit.
    case outputLimit
    /// The caller, or an operator, ended the run.
    case cut
    /// What ran the code broke down: a guest that rebooted, an engine or a launcher that died.
    case crashed
    /// What came out of the sandbox was not what a driver's agent says.
    case protocolError

    /// The word for it.
    public var name: String {
        switch self {
        case .exited: "exited"
        case .signalled: "signalled"
        case .timeout: "timeout"
        case .outOfMemory: "oom"
        case .outputLimit: "output_limit"
        case .cut: "cut"
        case .crashed: "crashed"
        case .protocolError: "protocol_error"
        }
    }

    /// The exit code, where the code ended by itself.
    public var exit: Int? {
        guard case .exited(let code) = self else { return nil }
        return code
    }

    /// The signal that ended the code, where one did.
    public var signal: Int? {
        guard case .signalled(let signal) = self else { return nil }
        return signal
    }
}

/// How long the parts of a run took, in microseconds.
public struct SandboxTimings: Sendable, Hashable {
    /// From the request to the start of the code.
    public var setUp: Int64
    /// From the start of the code to its end, or to the decision to end it.
    public var run: Int64
    /// From there until the last process was gone.
    public var tearDown: Int64

    /// The parts.
    public init(setUp: Int64 = 0, run: Int64 = 0, tearDown: Int64 = 0) {
        self.setUp = setUp
        self.run = run
        self.tearDown = tearDown
    }
}

/// What a run used up, as far as the driver can tell.
public struct SandboxUsage: Sendable, Hashable {
    /// Processor time in microseconds.
    public var processorMicroseconds: Int64
    /// The highest amount of memory in bytes.
    public var peakMemoryBytes: Int64
    /// How often the kernel ended a process for want of memory.
    public var memoryKills: Int64

    /// The amounts.
    public init(processorMicroseconds: Int64 = 0, peakMemoryBytes: Int64 = 0, memoryKills: Int64 = 0) {
        self.processorMicroseconds = processorMicroseconds
        self.peakMemoryBytes = peakMemoryBytes
        self.memoryKills = memoryKills
    }
}
