// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes values as JSON, as OPA does: sets are sorted arrays, keys are sorted, and a key that is no string is its JSON text.
public struct JSONWriter {
    /// How the text is laid out.
    public struct Options: Sendable {
        /// Whether `<`, `>` and `&` are written as escapes, so that the text may stand in HTML.
        public var escapesHTML = false
        /// What each level is indented by; nil: everything stands in one line.
        public var indent: [UInt8]?
        /// What each line begins with, where there are lines.
        public var prefix: [UInt8] = []
        /// How many bytes there may be.
        public var byteLimit = Int.max

        /// The compact form.
        public init() {}
    }

    /// What was written.
    public private(set) var bytes: [UInt8] = []
    private let options: Options
    private var level = 0

    private static let depthLimit = 2000

    /// Makes a writer.
    public init(_ options: Options = Options()) {
        self.options = options
    }

    /// The compact text of a value, without a limit.
    public static func bytes(_ value: Value) -> [UInt8] {
        var writer = JSONWriter()
        // Only a depth that no policy can build has no text.
        return (try? writer.write(value)) == nil ? [] : writer.bytes
    }

    /// Forgets what was written, but keeps the memory.
    public mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        level = 0
    }

    /// Writes a value.
    public mutating func write(_ value: Value) throws(BuiltinFailure) {
        if bytes.count > options.byteLimit { throw .limit(.result) }
        switch value.tag {
        case .undefined, .document, .null: append("null")
        case .false: append("false")
        case .true: append("true")
        case .integer:
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
                let count = IntegerText.write(value.immediate, into: buffer)
                bytes.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[..<count]))
            }
        case .decimal: bytes.append(contentsOf: value.utf8)
        case .string: write(string: value.utf8)
        case .array, .set: try write(list: value.elements)
        case .object: try write(object: value)
        }
        if bytes.count > options.byteLimit { throw .limit(.result) }
    }

    private mutating func append(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    private mutating func open(_ byte: UInt8) throws(BuiltinFailure) {
        bytes.append(byte)
        level &+= 1
        if level > JSONWriter.depthLimit { throw .limit(.depth) }
    }

    private mutating func close(_ byte: UInt8, isEmpty: Bool) {
        level &-= 1
        if !isEmpty { breakLine() }
        bytes.append(byte)
    }

    private mutating func separate(at position: Int) {
        if position > 0 { bytes.append(0x2C) }
        breakLine()
    }

    private mutating func breakLine() {
        guard let indent = options.indent else { return }
        bytes.append(0x0A)
        bytes += options.prefix
        for _ in 0..<level { bytes += indent }
    }

    private mutating func write(list: ValueList) throws(BuiltinFailure) {
        try open(0x5B)
        for position in 0..<list.count {
            separate(at: position)
            try write(list[position])
        }
        close(0x5D, isEmpty: list.count == 0)
    }

    private mutating func write(object: Value) throws(BuiltinFailure) {
        let members = object.members
        // Strings come last of the scalars, and their order is that of the texts.
        if let first = members.first, !first.key.isString || members[members.count &- 1].key.isCollection {
            return try write(mixed: members)
        }
        try open(0x7B)
        for position in 0..<members.count {
            separate(at: position)
            let member = members[position]
            write(string: member.key.utf8)
            try write(value: member.value)
        }
        close(0x7D, isEmpty: members.count == 0)
    }

    private mutating func write(value: Value) throws(BuiltinFailure) {
        bytes.append(0x3A)
        if options.indent != nil { bytes.append(0x20) }
        try write(value)
    }

    /// Writes members of which not all keys are strings.
    private mutating func write(mixed members: MemberList) throws(BuiltinFailure) {
        var texts: [(key: [UInt8], value: Value)] = []
        for member in members {
            var key = Array(member.key.utf8)
            if !member.key.isString {
                var options = Options()
                options.escapesHTML = self.options.escapesHTML
                options.byteLimit = self.options.byteLimit
                var writer = JSONWriter(options)
                writer.level = level
                try writer.write(member.key)
                key = writer.bytes
            }
            texts.append((key, member.value))
        }
        // Of equal texts the last stays; the sort keeps their order.
        let order = texts.indices.sorted { left, right in
            texts[left].key == texts[right].key
                ? left < right : texts[left].key.lexicographicallyPrecedes(texts[right].key)
        }
        try open(0x7B)
        var count = 0
        for (position, index) in order.enumerated() {
            if position &+ 1 < order.count, texts[order[position &+ 1]].key == texts[index].key { continue }
            separate(at: count)
            count &+= 1
            texts[index].key.withUnsafeBufferPointer { write(string: $0) }
            try write(value: texts[index].value)
        }
        close(0x7D, isEmpty: false)
    }
}

extension JSONWriter {
    /// Writes a string between quotation marks.
    mutating func write(string: UnsafeBufferPointer<UInt8>) {
        bytes.append(0x22)
        var start = 0
        var position = 0
        while position < string.count {
            let byte = string[position]
            if byte >= 0x20 && byte < 0x80 && byte != 0x22 && byte != 0x5C
                && !(options.escapesHTML && (byte == 0x3C || byte == 0x3E || byte == 0x26))
            {
                position &+= 1
                continue
            }
            let length = UTF8Text.length(string, at: position)
            if length > 1 && !isLineSeparator(string, position) {
                position &+= length
                continue
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: string[start..<position]))
            if length > 1 {
                append("\\u202")
                bytes.append(0x30 &+ string[position &+ 2] & 0x0F)
            } else if length == 0 {
                append("\\ufffd")
            } else {
                escape(byte)
            }
            position &+= max(length, 1)
            start = position
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: string[start..<position]))
        bytes.append(0x22)
    }

    /// Whether U+2028 or U+2029 stands at a position, which JavaScript takes for the ends of lines.
    private func isLineSeparator(_ string: UnsafeBufferPointer<UInt8>, _ position: Int) -> Bool {
        string[position] == 0xE2 && position &+ 2 < string.count && string[position &+ 1] == 0x80
            && string[position &+ 2] & 0xFE == 0xA8
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case 0x22: append("\\\"")
        case 0x5C: append("\\\\")
        case 0x08: append("\\b")
        case 0x0C: append("\\f")
        case 0x0A: append("\\n")
        case 0x0D: append("\\r")
        case 0x09: append("\\t")
        default:
            append("\\u00")
            bytes.append(JSONWriter.digit(byte >> 4))
            bytes.append(JSONWriter.digit(byte & 0x0F))
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 &+ value : 0x57 &+ value
    }
}
