// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a guest's agent is given to do: one frame, in the form that the agent's `Job.read` takes. Pure but for the
/// randomness and the time in it, of which a copied machine has none of its own.
struct GuestJob {
    let request: SandboxRequest
    /// The filters of system calls that the guest's kernel is to load as well.
    let filters: [[UInt8]]

    /// Asks the agent to go the way of a job once.
    static let rehearsal = Array("YVW1".utf8)
    /// `/dev/shm` is no larger than this.
    private static let sharedMemoryLimit = 16 << 20

    /// The frame, with this randomness and this time in nanoseconds since 1970.
    func bytes(entropy: [UInt8], nanoseconds: UInt64) -> [UInt8] {
        var words: [UInt8] = []
        for argument in request.arguments { words += Array(argument.utf8) + [0] }
        var content: [UInt8] = []
        var given = 0
        for file in request.files {
            Self.append(UInt16(clamping: file.path.utf8.count), to: &content)
            Self.append(UInt32(clamping: file.bytes.count), to: &content)
            content += Array(file.path.utf8) + file.bytes
            given &+= (file.bytes.count &+ 8191) & ~4095
        }
        var programs: [UInt8] = []
        for filter in filters {
            Self.append(UInt32(clamping: filter.count), to: &programs)
            programs += filter
        }
        let limits = request.limits
        let scratch = limits.scratchBytes &+ given
        var bytes = Array("YVJ1".utf8)
        bytes += entropy
        Self.append(nanoseconds, to: &bytes)
        bytes += [request.program.kind == .python ? 1 : 2, 0, 0, 0]
        Self.append(UInt32(clamping: limits.processes), to: &bytes)
        for amount in [
            limits.memoryBytes, scratch, min(limits.scratchBytes, Self.sharedMemoryLimit),
            scratch &+ request.program.bytes.count &+ 65_536,
        ] { Self.append(UInt64(clamping: amount), to: &bytes) }
        for count in [
            request.program.bytes.count, request.input.count, request.arguments.count, words.count, request.files.count,
            content.count, filters.count, programs.count,
        ] { Self.append(UInt32(clamping: count), to: &bytes) }
        return bytes + request.program.bytes + request.input + words + content + programs
    }

    /// The frame, with what the host has now.
    func bytes() -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let entropy = (0..<32).map { _ in UInt8.random(in: 0...UInt8.max, using: &generator) }
        return bytes(entropy: entropy, nanoseconds: UInt64(clamping: SteadyClock.wallMicroseconds()) &* 1000)
    }

    private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
