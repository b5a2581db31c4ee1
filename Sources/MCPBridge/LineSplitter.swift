// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Lines out of bytes as they come, in bounded memory.
struct LineSplitter {
    /// What was found.
    enum Line: Equatable, Sendable {
        /// The bytes between two ends of lines.
        case whole([UInt8])
        /// More bytes than a line may have; they are gone.
        case tooLong
    }

    private let limit: Int
    private var line: [UInt8] = []
    private var isTooLong = false

    /// - Parameter limit: The most bytes of a line.
    init(limit: Int) { self.limit = max(limit, 1) }

    /// Takes bytes and gives the lines that they complete. Empty ones are none.
    mutating func feed(_ bytes: ArraySlice<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = bytes
        while let end = rest.firstIndex(of: 0x0A) {
            keep(rest[..<end])
            rest = rest[(end + 1)...]
            lines += finish()
        }
        keep(rest)
        return lines
    }

    /// The bytes behind the last end of a line.
    mutating func end() -> [Line] { finish() }

    private mutating func keep(_ bytes: ArraySlice<UInt8>) {
        guard !isTooLong, !bytes.isEmpty else { return }
        guard line.count &+ bytes.count <= limit else {
            isTooLong = true
            line = []
            return
        }
        line += bytes
    }

    private mutating func finish() -> [Line] {
        defer {
            line = []
            isTooLong = false
        }
        if isTooLong { return [.tooLong] }
        if line.last == 0x0D { line.removeLast() }
        return line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) ? [] : [.whole(line)]
    }
}
