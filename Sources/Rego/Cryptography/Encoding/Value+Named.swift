// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Value {
    /// Whether it is a string of the given characters.
    @inline(__always)
    func isText(_ text: StaticString) -> Bool {
        guard tag == .string, byteCount == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { $0.elementsEqual(utf8) }
    }

    /// The member of an object under a name in ASCII; undefined if there is none.
    ///
    /// For few names on small objects: it looks at one key after the other.
    func named(_ name: StaticString) -> Value {
        guard tag == .object else { return .undefined }
        for member in unorderedMembers where member.key.isText(name) { return member.value }
        return .undefined
    }

    /// The members of an object in the order in which they stand in memory.
    var unorderedMembers: MemberList {
        guard tag == .object, let header = header else {
            return MemberList(keys: ValueList(start: nil, count: 0, stride: 2))
        }
        return MemberList(
            keys: ValueList(start: header.pointee.storage, count: Int(header.pointee.count), stride: 2))
    }
}

extension Base64 {
    /// The bytes of a text whose padding may have been left off (RFC 7515, appendix C).
    func decodeUnpadded(_ text: UnsafeBufferPointer<UInt8>) throws(Corrupt) -> [UInt8] {
        try decode(text, padding: try missingPadding(text))
    }

    /// How many signs of padding a text lacks.
    @inline(__always)
    func missingPadding(_ text: UnsafeBufferPointer<UInt8>) throws(Corrupt) -> Int {
        guard let last = text.last, last != UInt8(ascii: "=") else { return 0 }
        switch text.count & 3 {
        case 0: return 0
        case 2: return 2
        case 3: return 1
        default: throw Corrupt(lengthOf: text)
        }
    }
}
