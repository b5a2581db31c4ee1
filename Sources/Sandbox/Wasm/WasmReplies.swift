// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a `yett-wasm` worker says. It ran code that nobody trusts, so what it says is a claim and is read strictly.
enum WasmEvent: Equatable {
    /// The engine is warm, and this one.
    case ready(String)
    /// The code starts now.
    case started
    /// The code wrote something.
    case output(SandboxStream, [UInt8])
    /// The run is over.
    case done(WasmReport)
}

/// What came of a job, as the worker tells it.
struct WasmReport: Equatable {
    /// The kinds of ends, with the numbers that they have in the worker.
    enum Outcome: UInt8 {
        case exited, trapped, deadline, memory, output, fuel, link, invalid, entry, refused, engine
    }

    /// The kind of end.
    var outcome: Outcome
    /// The engine's number of the trap; 255 for none.
    var trap: UInt8
    /// Whether output was thrown away.
    var isTruncated: Bool
    /// The exit code.
    var exit: Int32
    /// Processor time of the worker in microseconds.
    var processorMicroseconds: Int64
    /// The most memory that the worker had, in bytes.
    var peakBytes: Int64
    /// How long translating the module took.
    var compileMicroseconds: Int64
    /// How long making its instance took, its start function included.
    var instantiateMicroseconds: Int64
    /// How long it ran.
    var runMicroseconds: Int64
    /// The size of its memory at the end.
    var linearBytes: Int64
    /// What more there is to say, in one line.
    var words: String

    static let fixedBytes = 56
    static let wordsLimit = 1024

    /// Reads what the last frame holds; `nil` when it is not exactly that.
    init?(_ bytes: ArraySlice<UInt8>) {
        let bytes = Array(bytes)
        guard (Self.fixedBytes...(Self.fixedBytes &+ Self.wordsLimit)).contains(bytes.count),
            let outcome = Outcome(rawValue: bytes[0]), bytes[2] <= 1, bytes[3] == 0
        else { return nil }
        self.outcome = outcome
        trap = bytes[1]
        isTruncated = bytes[2] == 1
        exit = Int32(bitPattern: WasmReplies.number(bytes[4..<8]))
        let numbers = (0..<6).compactMap { index in
            Int64(exactly: WasmReplies.number(bytes[(8 &+ 8 &* index)..<(16 &+ 8 &* index)]) as UInt64)
        }
        guard numbers.count == 6 else { return nil }
        processorMicroseconds = numbers[0]
        peakBytes = numbers[1]
        compileMicroseconds = numbers[2]
        instantiateMicroseconds = numbers[3]
        runMicroseconds = numbers[4]
        linearBytes = numbers[5]
        words = Self.line(bytes[Self.fixedBytes...])
    }

    /// One line of printable ASCII: names in it come from the module.
    private static func line(_ bytes: ArraySlice<UInt8>) -> String {
        var line: [UInt8] = []
        for byte in bytes {
            let isPrintable = (0x21...0x7e).contains(byte)
            if isPrintable {
                line.append(byte)
            } else if line.last != UInt8(ascii: " "), !line.isEmpty {
                line.append(UInt8(ascii: " "))
            }
        }
        if line.last == UInt8(ascii: " ") { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }
}

/// Takes a worker's frames out of the bytes that come from it. Pure.
struct WasmReplies {
    /// What came is not what a worker says.
    struct Malformed: Error {}

    private var bytes: [UInt8] = []
    private var isDone = false

    private static let headerBytes = 8
    private static let pieceLimit = 65_536
    private static let versionLimit = 64

    /// Takes further bytes in.
    mutating func append(_ piece: some Sequence<UInt8>) {
        bytes.append(contentsOf: piece)
    }

    /// The next event; `nil` while more bytes are needed.
    mutating func next() throws(Malformed) -> WasmEvent? {
        if isDone {
            guard bytes.isEmpty else { throw Malformed() }
            return nil
        }
        guard bytes.count >= Self.headerBytes else { return nil }
        let length = Int(Self.number(bytes[4..<8]) as UInt32)
        let kind = bytes[0]
        guard length <= Self.limit(kind), bytes[2] == 0, bytes[3] == 0 else { throw Malformed() }
        let end = Self.headerBytes &+ length
        guard bytes.count >= end else { return nil }
        let event = Self.event(kind, stream: bytes[1], bytes[Self.headerBytes..<end])
        guard let event else { throw Malformed() }
        bytes.removeFirst(end)
        if case .done = event { isDone = true }
        return event
    }

    private static func limit(_ kind: UInt8) -> Int {
        switch kind {
        case UInt8(ascii: "R"): versionLimit
        case UInt8(ascii: "O"): pieceLimit
        case UInt8(ascii: "D"): WasmReport.fixedBytes &+ WasmReport.wordsLimit
        default: 0
        }
    }

    private static func event(_ kind: UInt8, stream: UInt8, _ content: ArraySlice<UInt8>) -> WasmEvent? {
        switch (kind, stream) {
        case (UInt8(ascii: "R"), 0):
            guard content.allSatisfy({ (0x20...0x7e).contains($0) }) else { return nil }
            return .ready(String(decoding: content, as: UTF8.self))
        case (UInt8(ascii: "S"), 0): return .started
        case (UInt8(ascii: "O"), 1): return .output(.output, Array(content))
        case (UInt8(ascii: "O"), 2): return .output(.errors, Array(content))
        case (UInt8(ascii: "D"), 0): return WasmReport(content).map { .done($0) }
        default: return nil
        }
    }

    static func number<Number: FixedWidthInteger & UnsignedInteger>(_ bytes: ArraySlice<UInt8>) -> Number {
        bytes.reversed().reduce(0) { $0 << 8 | Number($1) }
    }
}
