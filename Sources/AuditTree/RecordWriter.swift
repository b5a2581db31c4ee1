// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes one flat JSON object in canonical form into a fixed space; it stops and says so when the space is full.
///
/// Every member is written with a leading comma, the first of which becomes the opening brace at the end.
struct RecordWriter {
    private let base: UnsafeMutablePointer<UInt8>
    private let capacity: Int
    private let longestText: Int
    private(set) var count = 0
    private(set) var isFull = false

    init(base: UnsafeMutablePointer<UInt8>, capacity: Int, longestText: Int) {
        self.base = base
        self.capacity = capacity
        self.longestText = longestText
    }

    @inline(__always)
    mutating func text(_ name: StaticString, _ value: String?) {
        guard let value else { return }
        member(name)
        string(value)
    }

    mutating func list(_ name: StaticString, _ values: [String]) {
        guard !values.isEmpty else { return }
        member(name)
        byte(UInt8(ascii: "["))
        for (position, value) in values.enumerated() {
            if position > 0 { byte(UInt8(ascii: ",")) }
            guard position < AuditEvent.longestList else {
                string("[\(values.count - position) more]")
                break
            }
            string(value)
        }
        byte(UInt8(ascii: "]"))
    }

    @inline(__always)
    mutating func number(_ name: StaticString, _ value: Int64?) {
        guard let value else { return }
        member(name)
        // RFC 8785 numbers are IEEE doubles: integers are exact up to 2^53.
        digits(min(max(value, -9_007_199_254_740_991), 9_007_199_254_740_991))
    }

    mutating func finish() {
        byte(UInt8(ascii: "}"))
        if count > 0, !isFull { base[0] = UInt8(ascii: "{") }
    }

    @inline(__always)
    private mutating func member(_ name: StaticString) {
        let length = name.utf8CodeUnitCount
        guard length <= capacity - count else { return fill() }
        (base + count).update(from: name.utf8Start, count: length)
        count += length
    }

    @inline(__always)
    private mutating func byte(_ byte: UInt8) {
        guard count < capacity else { return fill() }
        base[count] = byte
        count += 1
    }

    private mutating func fill() {
        isFull = true
        count = capacity
    }

    private mutating func digits(_ value: Int64) {
        guard capacity - count >= 20 else { return fill() }
        var magnitude = value.magnitude
        if value < 0 { byte(UInt8(ascii: "-")) }
        var length = 1
        var probe = magnitude
        while probe >= 10 {
            probe /= 10
            length += 1
        }
        var position = count + length
        count = position
        repeat {
            position -= 1
            base[position] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude > 0
    }

    private mutating func string(_ value: String) {
        byte(UInt8(ascii: "\""))
        let utf8 = value.utf8
        if utf8.count <= longestText {
            if utf8.withContiguousStorageIfAvailable({ escaped($0) }) == nil {
                var copy = value
                copy.withUTF8 { escaped($0) }
            }
        } else {
            shortened(value)
        }
        byte(UInt8(ascii: "\""))
    }

    /// Keeps the start of a text, cut between characters, and appends its length and digest.
    private mutating func shortened(_ value: String) {
        var copy = value
        copy.withUTF8 { bytes in
            var end = longestText
            while end > 0, bytes[end] & 0xc0 == 0x80 { end -= 1 }
            escaped(UnsafeBufferPointer(rebasing: bytes[..<end]))
            let digest = MerkleHash.plain(UnsafeRawBufferPointer(bytes))
            var marker = "[cut: \(bytes.count) bytes, sha256 \(digest)]"
            marker.withUTF8 { escaped($0) }
        }
    }

    /// Copies text, eight bytes at a time while nothing needs an escape (RFC 8785 section 3.2.2.2).
    @inline(__always)
    private mutating func escaped(_ bytes: UnsafeBufferPointer<UInt8>) {
        guard let source = bytes.baseAddress else { return }
        let length = bytes.count
        var position = 0
        while position < length {
            if length - position >= 8, capacity - count >= 8 {
                let word = UnsafeRawPointer(source + position).loadUnaligned(as: UInt64.self)
                if !Self.needsEscape(word) {
                    UnsafeMutableRawPointer(base + count).storeBytes(of: word, as: UInt64.self)
                    count += 8
                    position += 8
                    continue
                }
            }
            let character = source[position]
            if character >= 0x20, character != UInt8(ascii: "\""), character != UInt8(ascii: "\\") {
                byte(character)
            } else {
                escape(character)
            }
            position += 1
        }
    }

    /// Whether any of eight bytes is below 0x20, a quote or a backslash; may say yes wrongly beside such a byte.
    @inline(__always)
    private static func needsEscape(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let high: UInt64 = 0x8080_8080_8080_8080
        let control = (word &- ones &* 0x20) & ~word
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5c)
        return (control | ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)) & high != 0
    }

    private mutating func escape(_ character: UInt8) {
        byte(UInt8(ascii: "\\"))
        switch character {
        case 0x08: byte(UInt8(ascii: "b"))
        case 0x09: byte(UInt8(ascii: "t"))
        case 0x0a: byte(UInt8(ascii: "n"))
        case 0x0c: byte(UInt8(ascii: "f"))
        case 0x0d: byte(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): byte(character)
        default:
            for part in [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")] { byte(part) }
            byte(Hexadecimal.digits[Int(character >> 4)])
            byte(Hexadecimal.digits[Int(character & 15)])
        }
    }
}
