// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Turns names that an operator chose into DNS labels (RFC 1123, section 2.1: small letters, digits and hyphens, at most 63
/// bytes), a different one for each name.
struct LabelAllocator {
    private var given: [[UInt8]: String] = [:]
    private var used: Set<String> = []
    private let prefix: String

    /// - Parameter prefix: What every label begins with: small letters, digits and hyphens.
    init(prefix: String = "") { self.prefix = prefix }

    /// The label of a name; the same for the same bytes.
    mutating func label(for name: String) -> String {
        let key = Array(name.utf8)
        if let known = given[key] { return known }
        let plain = Self.plain(key)
        var label = prefix + plain
        if !plain.utf8.elementsEqual(key) || label.utf8.count > Self.longest || Self.looksMarked(key) {
            label = Self.marked(prefix + plain, Self.digest(key))
        }
        var number = 1
        while used.contains(label) {
            number += 1
            label = Self.marked(prefix + plain, Self.digest(key + Array("#\(number)".utf8)))
        }
        used.insert(label)
        given[key] = label
        return label
    }

    /// The most bytes of a label.
    static let longest = 63
    private static let digits = 8

    /// The name with hyphens in the place of everything that a label cannot have.
    private static func plain(_ name: [UInt8]) -> String {
        let bytes = name.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
            default: UInt8(ascii: "-")
            }
        }
        let body = bytes.drop { $0 == UInt8(ascii: "-") }
        let end = body.lastIndex { $0 != UInt8(ascii: "-") }.map { $0 + 1 } ?? body.startIndex
        let text = String(decoding: body[body.startIndex..<end], as: UTF8.self)
        return text.isEmpty ? "x" : text
    }

    /// The label cut so that a digest of the name fits behind it.
    private static func marked(_ label: String, _ digest: String) -> String {
        var bytes = Array(label.utf8.prefix(longest - digits - 1))
        while bytes.last == UInt8(ascii: "-") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self) + "-" + digest
    }

    /// Whether a name ends as marked labels do, so that no name is the marked label of another.
    private static func looksMarked(_ name: [UInt8]) -> Bool {
        guard name.count > digits, name[name.count - digits - 1] == UInt8(ascii: "-") else { return false }
        return name.suffix(digits).allSatisfy { $0 &- 0x30 < 10 || $0 &- 0x61 < 6 }
    }

    /// FNV-1a of 32 bits in hexadecimal digits. It only has to be the same everywhere: equal labels are told apart anyway.
    private static func digest(_ name: [UInt8]) -> String {
        var hash: UInt32 = 2_166_136_261
        for byte in name { hash = (hash ^ UInt32(byte)) &* 16_777_619 }
        let text = String(hash, radix: 16)
        return String(repeating: "0", count: digits - text.utf8.count) + text
    }
}
