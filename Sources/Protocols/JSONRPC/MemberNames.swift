// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Names of members that a reader knows, and a search for others that a second reader takes for them.
///
/// Go's `encoding/json`, and others that can be set so, match names without regard to case, where the last member wins;
/// JavaScript gives `__proto__` a meaning. A gate that reads `name` must not let a server read `Name`.
struct MemberNames: Sendable {
    /// The known names by what they are in lower case.
    private let known: [[UInt8]: [UInt8]]

    init(_ names: [String]) {
        known = Dictionary(names.map { (Self.folded($0), Array($0.utf8)) }) { first, _ in first }
    }

    /// Whether a name is one of the known ones.
    func contains(_ name: String) -> Bool { known[Self.folded(name)]?.elementsEqual(name.utf8) ?? false }

    /// Whether a member's name differs from a known one by case only, or is `__proto__`.
    func hasLookalike(in object: JSONObject) -> Bool {
        object.members.contains { member in
            if Self.isPrototype(member.name) { return true }
            guard let exact = known[Self.folded(member.name)] else { return false }
            return !exact.elementsEqual(member.name.utf8)
        }
    }

    /// Whether an object at any depth has two names that differ by case only, or the name `__proto__`. The depth of a
    /// parsed value is bounded.
    static func hasAmbiguity(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let elements): return elements.contains(where: hasAmbiguity)
        case .object(let object):
            var seen: Set<[UInt8]> = []
            for member in object.members {
                if isPrototype(member.name) { return true }
                if object.count > 1, !seen.insert(folded(member.name)).inserted { return true }
                if hasAmbiguity(member.value) { return true }
            }
            return false
        default: return false
        }
    }

    private static func isPrototype(_ name: String) -> Bool { name.utf8.elementsEqual("__proto__".utf8) }

    /// The name with ASCII letters in lower case, and with the two other characters whose case folding is an ASCII
    /// letter: U+017F for `s` and U+212A for `k`.
    private static func folded(_ name: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count)
        for scalar in name.unicodeScalars {
            switch scalar.value {
            case 0x17f: bytes.append(0x73)
            case 0x212a: bytes.append(0x6b)
            case 0..<0x80: bytes.append(ByteScan.lowercase(UInt8(truncatingIfNeeded: scalar.value)))
            default: bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
        return bytes
    }
}
