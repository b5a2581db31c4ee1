// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a guest says. It runs code that nobody trusts, so all of it is a claim and is read strictly.
enum GuestEvent: Equatable {
    /// Its agent waits for a job.
    case ready
    /// The code starts now.
    case started
    /// The code wrote something.
    case output(SandboxStream, [UInt8])
    /// The run is over.
    case done(GuestReport)
}

/// How a run ended, as the guest tells it.
struct GuestReport: Equatable {
    /// The exit code or the signal.
    var outcome: SandboxOutcome
    /// How often its kernel ended a process for want of memory.
    var memoryKills: Int64
    /// Processor time in microseconds.
    var processorMicroseconds: Int64
    /// The most memory that the job had, in bytes.
    var peakBytes: Int64

    static let bytesCount = 24

    /// Reads what the last frame holds; `nil` when it is not exactly that.
    init?(_ content: ArraySlice<UInt8>) {
        let bytes = Array(content)
        guard bytes.count == Self.bytesCount, bytes[2] == 0, bytes[3] == 0,
            let used = Int64(exactly: WasmReplies.number(bytes[8..<16]) as UInt64),
            let peak = Int64(exactly: WasmReplies.number(bytes[16..<24]) as UInt64)
        else { return nil }
        memoryKills = Int64(WasmReplies.number(bytes[4..<8]) as UInt32)
        processorMicroseconds = used
        peakBytes = peak
        switch bytes[0] {
        case 0: outcome = .exited(Int(bytes[1]))
        case 1 where (1...64).contains(bytes[1]): outcome = .signalled(Int(bytes[1]))
        default: return nil
        }
        // As with a process of the host's: one that was ended for want of memory did not end well.
        if memoryKills > 0, outcome != .exited(0) { outcome = .outOfMemory }
    }
}

/// Takes a guest's frames out of the bytes that come from it. Pure.
struct GuestReplies {
    /// What came is not what a guest's agent says.
    struct Malformed: Error {}

    private var bytes: [UInt8] = []
    private var isDone = false

    private static let headerBytes = 8
    private static let pieceLimit = 65_536
    private static let greeting = Array("yett-guest 1".utf8)

    /// Takes further bytes in.
    mutating func append(_ piece: some Sequence<UInt8>) {
        bytes.append(contentsOf: piece)
    }

    /// The next event; `nil` while more bytes are needed.
    mutating func next() throws(Malformed) -> GuestEvent? {
        if isDone {
            guard bytes.isEmpty else { throw Malformed() }
            return nil
        }
        guard bytes.count >= Self.headerBytes else { return nil }
        let length = Int(WasmReplies.number(bytes[4..<8]) as UInt32)
        guard length <= Self.limit(bytes[0]), bytes[2] == 0, bytes[3] == 0 else { throw Malformed() }
        let end = Self.headerBytes &+ length
        guard bytes.count >= end else { return nil }
        guard let event = Self.event(bytes[0], stream: bytes[1], bytes[Self.headerBytes..<end]) else {
            throw Malformed()
        }
        bytes.removeFirst(end)
        if case .done = event { isDone = true }
        return event
    }

    private static func limit(_ kind: UInt8) -> Int {
        switch kind {
        case UInt8(ascii: "R"): greeting.count
        case UInt8(ascii: "O"): pieceLimit
        case UInt8(ascii: "X"): GuestReport.bytesCount
        default: 0
        }
    }

    private static func event(_ kind: UInt8, stream: UInt8, _ content: ArraySlice<UInt8>) -> GuestEvent? {
        switch (kind, stream) {
        case (UInt8(ascii: "R"), 0): content.elementsEqual(greeting) ? .ready : nil
        case (UInt8(ascii: "S"), 0): .started
        case (UInt8(ascii: "O"), 1): .output(.output, Array(content))
        case (UInt8(ascii: "O"), 2): .output(.errors, Array(content))
        case (UInt8(ascii: "X"), 0): GuestReport(content).map { .done($0) }
        default: nil
        }
    }
}
