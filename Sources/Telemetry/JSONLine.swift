// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Logging

/// Builds one JSON object on one line.
struct JSONLine {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func add(_ name: String, _ value: String) {
        startMember(name)
        append(string: value)
    }

    mutating func add(_ name: String, _ value: Logger.MetadataValue) {
        startMember(name)
        append(value, field: name, depth: 0)
    }

    /// A field's value as a text, without secrets: a text as it is, anything else as JSON.
    static func text(of value: Logger.MetadataValue, field: String) -> String {
        if case .string(let text) = value {
            return Redaction.isSecret(field: field) ? Redaction.mark : Redaction.redact(text)
        }
        var line = JSONLine()
        line.bytes = []
        line.append(value, field: field, depth: 0)
        if line.bytes.count > 1, line.bytes.first == UInt8(ascii: "\""), line.bytes.last == UInt8(ascii: "\"") {
            return String(decoding: line.bytes.dropFirst().dropLast(), as: UTF8.self)
        }
        return String(decoding: line.bytes, as: UTF8.self)
    }

    consuming func finished() -> [UInt8] {
        bytes.append(UInt8(ascii: "}"))
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private mutating func startMember(_ name: String) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        append(string: name)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func append(_ value: Logger.MetadataValue, field: String, depth: Int) {
        guard !Redaction.isSecret(field: field), depth < 4 else { return append(string: Redaction.mark) }
        switch value {
        case .string(let text):
            append(string: Redaction.redact(text))
        case .stringConvertible(let value):
            switch value {
            case let number as any FixedWidthInteger: bytes += String(describing: number).utf8
            case let isTrue as Bool: bytes += (isTrue ? "true" : "false").utf8
            default: append(string: Redaction.redact(value.description))
            }
        case .array(let values):
            bytes.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(value, field: "", depth: depth + 1)
            }
            bytes.append(UInt8(ascii: "]"))
        case .dictionary(let values):
            bytes.append(UInt8(ascii: "{"))
            for (index, member) in values.sorted(by: { $0.key < $1.key }).enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(string: member.key)
                bytes.append(UInt8(ascii: ":"))
                append(member.value, field: member.key, depth: depth + 1)
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private mutating func append(string: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                bytes.append(UInt8(ascii: "\\"))
                bytes.append(byte)
            case 0x0A: bytes += #"\n"#.utf8
            case 0x00..<0x20, 0x7F:
                bytes += (byte < 0x10 ? #"\u000"# : #"\u00"#).utf8
                bytes += String(byte, radix: 16).utf8
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
