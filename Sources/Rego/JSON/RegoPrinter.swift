// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes values as Rego writes them: `{"a": {1, 2}}`, `set()`.
public struct RegoPrinter {
    /// What was written.
    public private(set) var bytes: [UInt8] = []
    private let byteLimit: Int
    private var level = 0

    private static let depthLimit = 2000

    /// Makes a printer of at most so many bytes.
    public init(byteLimit: Int = .max) {
        self.byteLimit = byteLimit
    }

    /// The text of a value, without a limit.
    public static func bytes(_ value: Value) -> [UInt8] {
        var printer = RegoPrinter()
        return (try? printer.write(value)) == nil ? [] : printer.bytes
    }

    /// The text of a value, without a limit.
    public static func string(_ value: Value) -> String {
        String(decoding: bytes(value), as: UTF8.self)
    }

    /// Writes a value as `print` and templates do: strings without quotation marks.
    public mutating func write(plain value: Value) throws(BuiltinFailure) {
        guard value.isString else { return try write(value) }
        bytes.append(contentsOf: value.utf8)
        if bytes.count > byteLimit { throw .limit(.string) }
    }

    /// Writes a text as it is.
    public mutating func write(text: [UInt8]) throws(BuiltinFailure) {
        bytes += text
        if bytes.count > byteLimit { throw .limit(.string) }
    }

    /// Writes a value.
    public mutating func write(_ value: Value) throws(BuiltinFailure) {
        switch value.tag {
        case .undefined, .document: bytes += "<undefined>".utf8
        case .null: bytes += "null".utf8
        case .false: bytes += "false".utf8
        case .true: bytes += "true".utf8
        case .integer, .decimal: bytes += value.numberText
        case .string: QuotedText.write(value.utf8, to: &bytes)
        case .array: try write(value.elements, between: "[", "]")
        case .set:
            if value.count == 0 {
                bytes += "set()".utf8
            } else {
                try write(value.elements, between: "{", "}")
            }
        case .object: try write(members: value.members)
        }
        if bytes.count > byteLimit { throw .limit(.string) }
    }

    private mutating func write(
        _ values: ValueList, between opening: String, _ closing: String
    ) throws(BuiltinFailure) {
        try enter(opening)
        for position in 0..<values.count {
            if position > 0 { bytes += ", ".utf8 }
            try write(values[position])
        }
        leave(closing)
    }

    private mutating func write(members: MemberList) throws(BuiltinFailure) {
        try enter("{")
        for position in 0..<members.count {
            if position > 0 { bytes += ", ".utf8 }
            try write(members[position].key)
            bytes += ": ".utf8
            try write(members[position].value)
        }
        leave("}")
    }

    private mutating func enter(_ opening: String) throws(BuiltinFailure) {
        bytes += opening.utf8
        level &+= 1
        if level > RegoPrinter.depthLimit { throw .limit(.depth) }
    }

    private mutating func leave(_ closing: String) {
        bytes += closing.utf8
        level &-= 1
    }
}
