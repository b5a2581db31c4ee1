// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree

/// One file of the journal: `journal/<index of its first record, 20 digits>.log`.
struct JournalSegment: Sendable {
    /// What stands where a frame should be.
    enum Damage: Equatable {
        /// The rest of the file is no whole frame: a write was under way when the process or the machine stopped.
        case torn
        /// The frame is damaged although a whole frame follows: something changed it later.
        case changed
    }

    let first: UInt64
    let path: String

    static func name(first: UInt64) -> String {
        let digits = String(first)
        return "journal/" + String(repeating: "0", count: 20 - digits.utf8.count) + digits + ".log"
    }

    /// The segments of a log in order of their first record.
    static func all(in directory: String) -> [JournalSegment] {
        Files.names(in: directory + "/journal").compactMap { name in
            guard name.utf8.count == 24, name.hasSuffix(".log"), let first = UInt64(name.prefix(20)) else { return nil }
            return JournalSegment(first: first, path: directory + "/journal/" + name)
        }
    }

    /// The records of a segment in its bytes, up to the first damage.
    struct Contents {
        let bytes: [UInt8]
        var ranges: [Range<Int>] = []
        /// The byte after the last whole frame.
        var end = 0
        var damage: Damage?

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            while end < bytes.count {
                guard let range = Self.frame(in: bytes, at: end) else {
                    damage = followsWholeFrame() ? .changed : .torn
                    return
                }
                ranges.append(range)
                end = range.upperBound
            }
        }

        func record(_ position: Int) -> [UInt8] {
            Array(bytes[ranges[position]])
        }

        private static func length(in bytes: [UInt8], at offset: Int) -> Int? {
            guard bytes.count - offset >= FrameBuffer.headerBytes else { return nil }
            let length = bytes[offset..<offset + 4].reduce(0) { $0 << 8 | Int($1) }
            guard (1...AuditEvent.largestRecord).contains(length) else { return nil }
            return length <= bytes.count - offset - FrameBuffer.headerBytes ? length : nil
        }

        private static func frame(in bytes: [UInt8], at offset: Int) -> Range<Int>? {
            guard let length = length(in: bytes, at: offset) else { return nil }
            let checksum = bytes[offset + 4..<offset + 8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            let start = offset + FrameBuffer.headerBytes
            let range = start..<start + length
            let actual = bytes.withUnsafeBytes { Checksum.crc32(UnsafeRawBufferPointer(rebasing: $0[range])) }
            return actual == checksum ? range : nil
        }

        /// Looks for a whole frame anywhere in the 64 KiB behind the damage; 32 bits of chance against a false one.
        private func followsWholeFrame() -> Bool {
            let limit = min(bytes.count, end + FrameBuffer.headerBytes + AuditEvent.largestRecord + 1)
            var offset = end + 1
            while offset < limit {
                if let range = Self.frame(in: bytes, at: offset), bytes[range.lowerBound] == UInt8(ascii: "{") {
                    return true
                }
                offset += 1
            }
            return false
        }
    }

    func contents() throws(AuditLogError) -> Contents {
        Contents(try Files.read(path, limit: 1 << 30))
    }
}
