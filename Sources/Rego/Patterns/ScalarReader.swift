// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads the code points of UTF-8 bytes one after the other; a byte that begins none is read as U+FFFD.
struct ScalarReader {
    let bytes: UnsafeBufferPointer<UInt8>
    /// Where the next code point begins.
    var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    /// The next code point; nil at the end.
    mutating func next() -> Unicode.Scalar? {
        guard let scalar = peek() else { return nil }
        position &+= width(of: scalar)
        return scalar
    }

    /// The next code point, which stays the next.
    func peek() -> Unicode.Scalar? {
        guard position >= 0, position < bytes.count else { return nil }
        let first = bytes[position]
        if first < 0x80 { return Unicode.Scalar(first) }
        let length = first >= 0xF0 ? 4 : (first >= 0xE0 ? 3 : 2)
        guard first >= 0xC0, position &+ length <= bytes.count else { return "\u{FFFD}" }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = bytes[position &+ offset]
            guard byte & 0xC0 == 0x80 else { return "\u{FFFD}" }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }

    private func width(of scalar: Unicode.Scalar) -> Int {
        // A real U+FFFD takes three bytes, a byte that is none takes one.
        if scalar == "\u{FFFD}" { return bytes[position] == 0xEF ? min(3, bytes.count &- position) : 1 }
        return UTF8.width(scalar)
    }
}

extension Array where Element == UInt8 {
    /// Adds a code point as UTF-8.
    mutating func append(_ scalar: Unicode.Scalar) {
        if let bytes = UTF8.encode(scalar) { append(contentsOf: bytes) }
    }
}
