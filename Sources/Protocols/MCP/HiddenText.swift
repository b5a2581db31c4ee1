// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds characters that a person does not see and a model reads: tags, direction controls, invisible separators,
/// terminal controls, and joiners or variation selectors in a row, which can carry bytes.
public enum HiddenText {
    /// Whether a text has such characters.
    public static func isPresent(in text: String) -> Bool {
        if text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) { return false }
        var followsIgnorable = false
        for scalar in text.unicodeScalars {
            if isHidden(scalar.value) { return true }
            let isIgnorable = isJoiner(scalar.value)
            if isIgnorable, followsIgnorable { return true }
            followsIgnorable = isIgnorable
        }
        return false
    }

    /// Whether a value has such characters in any of its strings, names of members included.
    public static func isPresent(in value: JSONValue) -> Bool {
        switch value {
        case .string(let text): isPresent(in: text)
        case .array(let elements): elements.contains { isPresent(in: $0) }
        case .object(let object):
            object.members.contains { isPresent(in: $0.name) || isPresent(in: $0.value) }
        default: false
        }
    }

    /// The text without such characters.
    public static func removed(from text: String) -> String {
        guard isPresent(in: text) else { return text }
        var left = String.UnicodeScalarView()
        var followsIgnorable = false
        for scalar in text.unicodeScalars where !isHidden(scalar.value) {
            let isIgnorable = isJoiner(scalar.value)
            if !isIgnorable || !followsIgnorable { left.append(scalar) }
            followsIgnorable = isIgnorable
        }
        return String(left)
    }

    /// The value without such characters in its strings. Names of members stay: two of them could become one.
    public static func removed(from value: JSONValue) -> JSONValue {
        switch value {
        case .string(let text): return .string(removed(from: text))
        case .array(let elements): return .array(elements.map { removed(from: $0) })
        case .object(var object):
            for member in object.members { object[member.name] = removed(from: member.value) }
            return .object(object)
        default: return value
        }
    }

    private static func isHidden(_ value: UInt32) -> Bool {
        switch value {
        case 0x09, 0x0a, 0x0d: false
        case 0x00..<0x20, 0x7f..<0xa0: true
        case 0xad, 0x61c, 0x115f, 0x1160, 0x180e, 0x3164, 0xfeff, 0xffa0: true
        case 0x200b, 0x200e, 0x200f, 0x2028...0x202e, 0x2060...0x206f: true
        case 0xfff9...0xfffb, 0x1bca0...0x1bca3, 0x1d173...0x1d17a: true
        case 0xe0000...0xe0fff: true
        default: false
        }
    }

    /// Characters that have their place between or behind others, one at a time.
    private static func isJoiner(_ value: UInt32) -> Bool {
        value == 0x200c || value == 0x200d || value == 0x34f || (0xfe00...0xfe0f).contains(value)
            || (0x180b...0x180d).contains(value)
    }
}
