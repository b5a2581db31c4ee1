// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CSandbox

/// A job as the launcher reads it. Pure.
struct LauncherJob {
    var number: UInt64
    var limits: SandboxLimits
    /// What a single file may grow to.
    var fileBytes: Int
    /// Whether the launcher must refuse where there are no control groups.
    var needsGroups: Bool
    /// Whether what runs is a kernel of its own, which needs more than its code and holds that to limits itself.
    var hasOwnKernel = false
    /// The program inside and its arguments.
    var arguments: [String]

    /// The message, for this many descriptors.
    func bytes(descriptors: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(UInt32(yett_job_magic))
        append(UInt32(0))
        append(number)
        append(UInt32(clamping: limits.wallMilliseconds))
        append(UInt32(clamping: limits.processorThousandths))
        append(UInt64(clamping: limits.memoryBytes))
        append(UInt32(clamping: limits.processes))
        append(UInt32(clamping: descriptors))
        append(UInt64(clamping: fileBytes))
        append(UInt32((needsGroups ? yett_job_needs_groups : 0) | (hasOwnKernel ? yett_job_own_kernel : 0)))
        append(UInt32(clamping: arguments.count))
        for argument in arguments { bytes.append(contentsOf: Array(argument.utf8) + [0]) }
        withUnsafeBytes(of: UInt32(clamping: bytes.count).littleEndian) { length in
            for (index, byte) in length.enumerated() { bytes[4 &+ index] = byte }
        }
        return bytes
    }
}

/// What the launcher says. Pure.
enum LauncherEvent: Equatable {
    /// It can start sandboxes.
    case ready(LauncherReady)
    /// It cannot: why.
    case useless(String)
    /// The code of a job starts.
    case started(LauncherStart)
    /// A job is over, and nothing is left of it.
    case ended(LauncherEnd)
    /// A job's code did not start.
    case failed(yett_refusal, String)

    /// Reads one message; `nil` when it is not exactly one that the launcher sends.
    init?(_ bytes: [UInt8]) {
        guard let kind = bytes.first, bytes.count <= Int(yett_event_bytes_limit) else { return nil }
        func values(_ count: Int) -> (values: [UInt64], text: String)? {
            guard bytes.count >= 1 &+ 8 &* count else { return nil }
            let values = (0..<count).map { index in
                bytes[(1 &+ 8 &* index)..<(9 &+ 8 &* index)].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            }
            let text = bytes[(1 &+ 8 &* count)...]
            guard text.allSatisfy({ $0 != 0 }) else { return nil }
            return (values, String(decoding: text, as: UTF8.self))
        }
        switch UInt32(kind) {
        case yett_event_ready.rawValue:
            guard let (values, text) = values(Int(yett_ready_values)), let ready = LauncherReady(values, text) else {
                return nil
            }
            self = .ready(ready)
        case yett_event_useless.rawValue:
            guard let (_, text) = values(0), !text.isEmpty else { return nil }
            self = .useless(text)
        case yett_event_started.rawValue:
            guard let (values, text) = values(Int(yett_started_values)), let start = LauncherStart(values, text) else {
                return nil
            }
            self = .started(start)
        case yett_event_ended.rawValue:
            guard let (values, text) = values(Int(yett_ended_values)), text.isEmpty, let end = LauncherEnd(values)
            else { return nil }
            self = .ended(end)
        case yett_event_failed.rawValue:
            guard let (values, text) = values(Int(yett_failed_values)), let kind = UInt32(exactly: values[0]),
                kind <= yett_refusal_cut.rawValue
            else { return nil }
            self = .failed(yett_refusal(rawValue: kind), text)
        default: return nil
        }
    }
}

/// What the launcher found when it started.
struct LauncherReady: Equatable {
    let changesUsers: Bool
    let groups: SandboxGroups
    let hasAtomicKill: Bool
    let bubblewrap: String

    init?(_ values: [UInt64], _ text: String) {
        guard values[0] == 1, values[1] <= 1, values[3] <= 1, !text.isEmpty else { return nil }
        switch values[2] {
        case UInt64(yett_groups_none.rawValue): groups = .none
        case UInt64(yett_groups_v1.rawValue): groups = .v1
        case UInt64(yett_groups_v2.rawValue): groups = .v2
        default: return nil
        }
        changesUsers = values[1] == 1
        hasAtomicKill = values[3] == 1
        bubblewrap = text
    }
}

/// What the launcher saw when the code started.
struct LauncherStart: Equatable {
    let network: SandboxNetworkProof
    /// The host's user id of the sandbox; 0 for the gate's own.
    let user: UInt32
    /// Microseconds since 1970.
    let time: Int64

    init?(_ values: [UInt64], _ text: String) {
        guard let user = UInt32(exactly: values[2]), let time = Int64(exactly: values[3]) else { return nil }
        self.user = user
        self.time = time
        let names = text.utf8.split(separator: UInt8(ascii: "\n")).map { String(Substring($0)) }
        network = SandboxNetworkProof(
            namespace: values[0], hostNamespace: values[1], interfaces: names, reason: "empty_namespace")
    }
}

/// What the launcher says at a job's end.
struct LauncherEnd: Equatable {
    let cause: yett_cause
    /// As of `waitpid`, for bubblewrap.
    let status: Int32
    let usage: SandboxUsage
    let runMicroseconds: Int64
    let tearDownMicroseconds: Int64
    /// Microseconds since 1970.
    let time: Int64

    init?(_ values: [UInt64]) {
        guard let cause = UInt32(exactly: values[0]), cause <= yett_cause_stuck.rawValue,
            let status = Int32(exactly: values[1]), let numbers = Self.signed(values[2...])
        else { return nil }
        self.cause = yett_cause(rawValue: cause)
        self.status = status
        usage = SandboxUsage(
            processorMicroseconds: numbers[0], peakMemoryBytes: numbers[1], memoryKills: numbers[2])
        runMicroseconds = numbers[3]
        tearDownMicroseconds = numbers[4]
        time = numbers[5]
    }

    private static func signed(_ values: ArraySlice<UInt64>) -> [Int64]? {
        let numbers = values.compactMap { Int64(exactly: $0) }
        return numbers.count == values.count ? numbers : nil
    }

    /// How the code ended, where no output limit had it ended.
    var outcome: SandboxOutcome {
        switch cause {
        case yett_cause_deadline: return .timeout
        case yett_cause_asked: return .cut
        case yett_cause_stuck: return .crashed
        default: break
        }
        // Bubblewrap ends with the code's exit code, or 128 and the signal's number.
        let isExited = status & 0x7f == 0
        let code = Int(status >> 8 & 0xff)
        let signal = isExited ? (129...192).contains(code) ? code &- 128 : nil : Int(status & 0x7f)
        if usage.memoryKills > 0, !isExited || code != 0 { return .outOfMemory }
        if let signal { return .signalled(signal) }
        return .exited(code)
    }
}
