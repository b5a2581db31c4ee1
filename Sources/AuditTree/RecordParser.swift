// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads the canonical JSON that `RecordWriter` writes, and nothing else: no white space, ordered unique names.
struct RecordParser {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func parse() -> [(name: String, value: AuditRecord.Value)]? {
        var members: [(name: String, value: AuditRecord.Value)] = []
        guard take(UInt8(ascii: "{")) else { return nil }
        repeat {
            guard members.count < 128, let name = name(), take(UInt8(ascii: ":")), let value = value() else {
                return nil
            }
            if let last = members.last, !last.name.utf8.lexicographicallyPrecedes(name.utf8) { return nil }
            members.append((name, value))
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")), position == bytes.count else { return nil }
        return members
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard next == byte else { return false }
        position += 1
        return true
    }

    /// A name of visible ASCII only, so that two names are equal exactly when their bytes are.
    private mutating func name() -> String? {
        guard let name = string(), name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else { return nil }
        return name
    }

    private mutating func value() -> AuditRecord.Value? {
        switch next {
        case UInt8(ascii: "\""): string().map(AuditRecord.Value.text)
        case UInt8(ascii: "["): list().map(AuditRecord.Value.list)
        default: number().map(AuditRecord.Value.number)
        }
    }

    private mutating func list() -> [String]? {
        guard take(UInt8(ascii: "[")) else { return nil }
        var values: [String] = []
        if take(UInt8(ascii: "]")) { return values }
        repeat {
            guard let value = string() else { return nil }
            values.append(value)
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? values : nil
    }

    private mutating func number() -> Int64? {
        let isNegative = take(UInt8(ascii: "-"))
        let start = position
        while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
        guard let magnitude = DecimalNumber.parse(bytes[start..<position]), magnitude <= 1 << 53,
            !(isNegative && magnitude == 0)
        else { return nil }
        return isNegative ? -Int64(magnitude) : Int64(magnitude)
    }

    private mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        var union: UInt8 = 0
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\\") {
            position += 1
            // Most texts are ASCII and escape nothing.
            guard byte != UInt8(ascii: "\"") else {
                let text = bytes[start..<position - 1]
                return union < 0x80 ? String(decoding: text, as: UTF8.self) : String(validating: text, as: UTF8.self)
            }
            union |= byte
        }
        return escapedString(from: start)
    }

    /// Goes on with a string at its first backslash.
    private mutating func escapedString(from start: Int) -> String? {
        var text = Array(bytes[start..<position])
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let character = escape() else { return nil }
                text.append(character)
            case 0..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    /// The canonical escapes only: the short forms, and `\u00xx` in lower case for other control characters.
    private mutating func escape() -> UInt8? {
        guard let byte = next else { return nil }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return byte
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0a
        case UInt8(ascii: "f"): return 0x0c
        case UInt8(ascii: "r"): return 0x0d
        case UInt8(ascii: "u"):
            guard bytes.count - position >= 4 else { return nil }
            let digits = bytes[position..<position + 4]
            position += 4
            guard digits.starts(with: "00".utf8), let code = Hexadecimal.decode(digits)?.last, code < 0x20,
                ![0x08, 0x09, 0x0a, 0x0c, 0x0d].contains(code),
                !digits.contains(where: { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "F") })
            else { return nil }
            return code
        default: return nil
        }
    }
}
