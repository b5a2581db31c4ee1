// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension JSONValue {
    /// The value as compact JSON, numbers with the digits they have.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The value as compact JSON in UTF-8, numbers with the digits they have.
    public var bytes: [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    /// The canonical form of RFC 8785 in UTF-8; see ``JSONNumber/canonicalText`` for its one deviation.
    public var canonicalBytes: [UInt8] {
        var output: [UInt8] = []
        write(to: &output, isCanonical: true)
        return output
    }

    /// Appends the value as compact JSON.
    public func write(to output: inout [UInt8], isCanonical: Bool = false) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number): output.append(contentsOf: (isCanonical ? number.canonicalText : number.text).utf8)
        case .string(let string): Self.write(string, to: &output)
        case .array(let elements):
            output.append(0x5b)
            for (index, element) in elements.enumerated() {
                if index > 0 { output.append(0x2c) }
                element.write(to: &output, isCanonical: isCanonical)
            }
            output.append(0x5d)
        case .object(let object):
            output.append(0x7b)
            for (index, member) in object.members.enumerated() {
                if index > 0 { output.append(0x2c) }
                Self.write(member.name, to: &output)
                output.append(0x3a)
                member.value.write(to: &output, isCanonical: isCanonical)
            }
            output.append(0x7d)
        }
    }

    /// Appends a string with quotes, escaped as RFC 8785 section 3.2.2.2 says: no more than needed.
    public static func write(_ string: String, to output: inout [UInt8]) {
        output.append(0x22)
        for byte in string.utf8 {
            switch byte {
            case 0x22, 0x5c:
                output.append(0x5c)
                output.append(byte)
            case 0x20...: output.append(byte)
            case 0x08: output.append(contentsOf: [0x5c, 0x62])
            case 0x09: output.append(contentsOf: [0x5c, 0x74])
            case 0x0a: output.append(contentsOf: [0x5c, 0x6e])
            case 0x0c: output.append(contentsOf: [0x5c, 0x66])
            case 0x0d: output.append(contentsOf: [0x5c, 0x72])
            default:
                output.append(contentsOf: [0x5c, 0x75, 0x30, 0x30, 0x30 &+ byte >> 4, hexDigit(byte & 0xf)])
            }
        }
        output.append(0x22)
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 &+ value : 0x57 &+ value }
}
