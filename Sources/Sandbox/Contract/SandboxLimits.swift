// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What one run may use up. Every driver holds a run to all of them, or says in its `SandboxIsolation` what it cannot.
public struct SandboxLimits: Sendable, Hashable {
    /// From the start of the code to its end, in milliseconds.
    public var wallMilliseconds: Int
    /// Processor time per wall time, in thousandths of one processor.
    public var processorThousandths: Int
    /// Memory of all processes together, in bytes.
    public var memoryBytes: Int
    /// Processes and threads at one time.
    public var processes: Int
    /// What can be stored in files, in bytes.
    public var scratchBytes: Int
    /// Standard output and standard error together, in bytes.
    public var outputBytes: Int

    /// Names all limits.
    public init(
        wallMilliseconds: Int, processorThousandths: Int, memoryBytes: Int, processes: Int, scratchBytes: Int,
        outputBytes: Int
    ) {
        self.wallMilliseconds = wallMilliseconds
        self.processorThousandths = processorThousandths
        self.memoryBytes = memoryBytes
        self.processes = processes
        self.scratchBytes = scratchBytes
        self.outputBytes = outputBytes
    }

    /// What a run has when nobody says otherwise.
    public static let standard = SandboxLimits(
        wallMilliseconds: 5000, processorThousandths: 1000, memoryBytes: 256 << 20, processes: 64,
        scratchBytes: 64 << 20, outputBytes: 1 << 20)

    /// What an operator can raise the limits to.
    public static let ceiling = SandboxLimits(
        wallMilliseconds: 600_000, processorThousandths: 64_000, memoryBytes: 64 << 30, processes: 4096,
        scratchBytes: 16 << 30, outputBytes: 64 << 20)

    /// The smallest with which a run can start at all.
    public static let floor = SandboxLimits(
        wallMilliseconds: 1, processorThousandths: 10, memoryBytes: 16 << 20, processes: 1, scratchBytes: 64 << 10,
        outputBytes: 1)

    /// The names of the limits, as they are written in requests, receipts and messages.
    public static let names: [(name: String, limit: any WritableKeyPath<SandboxLimits, Int> & Sendable)] = [
        ("wall_ms", \.wallMilliseconds), ("cpu_thousandths", \.processorThousandths), ("memory_bytes", \.memoryBytes),
        ("processes", \.processes), ("scratch_bytes", \.scratchBytes), ("output_bytes", \.outputBytes),
    ]

    /// The smaller of both for every limit.
    public func narrowed(to other: SandboxLimits) -> SandboxLimits {
        var narrowed = self
        for (_, limit) in Self.names {
            narrowed[keyPath: limit] = min(self[keyPath: limit], other[keyPath: limit])
        }
        return narrowed
    }

    /// The limits with a caller's wishes: a wish above a limit is clamped to it, one below the floor is refused.
    public func narrowed(to wishes: SandboxLimitWishes) throws(SandboxError) -> SandboxLimits {
        var narrowed = self
        for (index, (name, limit)) in Self.names.enumerated() {
            guard wishes.values.indices.contains(index), let wish = wishes.values[index] else { continue }
            let least = Self.floor[keyPath: limit]
            guard wish >= Int64(least) else {
                throw .refused(.malformed, "the limit \(name) of \(wish) is below \(least)")
            }
            narrowed[keyPath: limit] = Int(min(wish, Int64(self[keyPath: limit])))
        }
        return narrowed
    }

    /// Throws unless every limit lies between the floor and the ceiling.
    public func judge() throws(SandboxError) {
        for (name, limit) in Self.names {
            let value = self[keyPath: limit]
            let range = Self.floor[keyPath: limit]...Self.ceiling[keyPath: limit]
            guard range.contains(value) else {
                throw .refused(
                    .malformed, "the limit \(name) of \(value) is not from \(range.lowerBound) to \(range.upperBound)")
            }
        }
    }
}

/// Limits that a caller or a policy asks for; what is not named stays as it is.
public struct SandboxLimitWishes: Sendable, Hashable {
    /// In the order of `SandboxLimits.names`.
    fileprivate var values: [Int64?]

    /// No wishes.
    public init() {
        values = SandboxLimits.names.map { _ in nil }
    }

    /// The wish for the limit of this name, as in `SandboxLimits.names`. Unknown names have none and keep none.
    public subscript(name: String) -> Int64? {
        get { Self.index(of: name).flatMap { values[$0] } }
        set {
            if let index = Self.index(of: name) { values[index] = newValue }
        }
    }

    /// Whether a limit has this name.
    public static func knows(_ name: String) -> Bool { index(of: name) != nil }

    private static func index(of name: String) -> Int? {
        SandboxLimits.names.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
    }
}
