// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a text cannot be read as JSON.
public enum JSONFailure: Error, Sendable, Hashable {
    /// It is not JSON (RFC 8259): the position of the first wrong byte.
    case malformed(at: Int, JSONProblem)
    /// It is larger than allowed.
    case limit(Limit)
}

/// What is wrong in a text that is not JSON, in the words that operators know from OPA.
public enum JSONProblem: Sendable, Hashable {
    case unexpectedEnd
    case value(UInt8)
    case key(UInt8)
    case afterKey(UInt8)
    case afterMember(UInt8)
    case afterElement(UInt8)
    case afterValue(UInt8)
    case stringCharacter(UInt8)
    case escape(UInt8)
    case number(UInt8)
    case literal(UInt8)

    /// The message.
    public var description: String {
        switch self {
        case .unexpectedEnd: "unexpected end of JSON input"
        case .value(let byte): Self.message(byte, "looking for beginning of value")
        case .key(let byte): Self.message(byte, "looking for beginning of object key string")
        case .afterKey(let byte): Self.message(byte, "after object key")
        case .afterMember(let byte): Self.message(byte, "after object key:value pair")
        case .afterElement(let byte): Self.message(byte, "after array element")
        case .afterValue(let byte): Self.message(byte, "after top-level value")
        case .stringCharacter(let byte): Self.message(byte, "in string literal")
        case .escape(let byte): Self.message(byte, "in string escape code")
        case .number(let byte): Self.message(byte, "in numeric literal")
        case .literal(let byte): Self.message(byte, "in literal")
        }
    }

    private static func message(_ byte: UInt8, _ place: String) -> String {
        let character =
            switch byte {
            case 0x27: "\\'"
            case 0x0A: "\\n"
            case 0x0D: "\\r"
            case 0x09: "\\t"
            case 0x20...0x7E: String(UnicodeScalar(byte))
            default: "\\x" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
        return "invalid character '\(character)' \(place)"
    }
}
