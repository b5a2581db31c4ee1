// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Yams

/// Makes sure that no key of a mapping is, or contains, an alias.
///
/// Yams compares keys by their whole content, so a key that is an alias of an alias of an alias can stand for billions of
/// values. Therefore a file with aliases is first read with each of them replaced by a plain name of the same length that
/// starts with a private character. Where that reading finds only plain keys, the original text is safe to read.
struct AliasGuard {
    /// Stands for the star of an alias.
    static let marker: Unicode.Scalar = "\u{E0FE}"

    /// What a look at the characters found.
    enum Finding {
        /// No aliases.
        case none
        /// The text with every alias replaced.
        case replaced(String)
        /// Something stands at this byte where no alias may be.
        case refused(offset: Int)
    }

    /// Looks for whatever the parser could take for an alias; it finds some in quoted texts as well, which do no harm.
    static func inspect(_ text: String) -> Finding {
        let bytes = Array(text.utf8)
        let mark = Array(String(marker).utf8)
        var result: [UInt8] = []
        var isFound = false
        for (index, byte) in bytes.enumerated() {
            guard byte == UInt8(ascii: "*"), canPrecede(bytes, index), index + 1 < bytes.count,
                isNameCharacter(bytes[index + 1])
            else {
                result.append(byte)
                continue
            }
            isFound = true
            var end = index + 1
            while end < bytes.count, isNameCharacter(bytes[end]) { end += 1 }
            if end < bytes.count, !" \t\r\n,]}".utf8.contains(bytes[end]) { return .refused(offset: index) }
            result += mark
        }
        guard isFound else { return .none }
        if let range = bytes.indices.first(where: { bytes[$0...].starts(with: mark) }) {
            return .refused(offset: range)
        }
        return .replaced(String(decoding: result, as: UTF8.self))
    }

    /// The first key that is not a plain name, in a text without aliases.
    static func complexKey(in root: Node) -> Node? {
        switch root {
        case .mapping(let mapping):
            for (key, value) in mapping {
                guard let scalar = key.scalar, scalar.string.unicodeScalars.first != marker else { return key }
                if let found = complexKey(in: value) { return found }
            }
            return nil
        case .sequence(let sequence):
            for value in sequence {
                if let found = complexKey(in: value) { return found }
            }
            return nil
        default: return nil
        }
    }

    private static func canPrecede(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard index > 0 else { return true }
        return bytes[index - 1] >= 0x80 || " \t\r\n[{,:?".utf8.contains(bytes[index - 1])
    }

    private static func isNameCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
