// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The functions on strings that search, cut and join.
enum StringBuiltins {
    private static let strings = RegoType.union([.set(.string), .list(.string)])

    static let all: [Builtin] = [
        test("contains") { text, part in part.isEmpty || ByteSearch(part).first(in: text) != nil },
        test("startswith") { text, part in text.starts(with: part) },
        test("endswith") { text, part in
            text.count >= part.count
                && StringBytes.areEqual(
                    text.suffix(part.count).baseAddressOfFirst, part.baseAddress, count: part.count)
        },
        Builtin("concat", [.string, strings], .string, evaluate: concat),
        Builtin("format_int", [.number, .number], .string, evaluate: formatInteger),
        Builtin("indexof", [.string, .string], .number) { arguments, context throws(BuiltinFailure) in
            let (text, part) = try searched(arguments, context)
            guard let position = ByteSearch(part).first(in: text) else { return .integer(-1) }
            return .integer(Int64(UTF8Text.scalarCount(UnsafeBufferPointer(rebasing: text[..<position]))))
        },
        Builtin("indexof_n", [.string, .string], .list(.number), evaluate: allIndices),
        Builtin("substring", [.string, .number, .number], .string, evaluate: substring),
        Builtin("strings.count", [.string, .string], .number) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.utf8(0)
            let part = try arguments.utf8(1)
            try context.charge(text.count / 64)
            if part.isEmpty { return .integer(Int64(UTF8Text.scalarCount(text)) &+ 1) }
            var count: Int64 = 0
            for _ in Occurrences(of: part, in: text) { count &+= 1 }
            return .integer(count)
        },
        Builtin("strings.reverse", [.string], .string) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.utf8(0)
            try context.checkString(text.count)
            var result: [UInt8] = []
            result.reserveCapacity(text.count)
            var end = text.count
            while end > 0 {
                var start = end &- 1
                while start > 0, end &- start < 4, text[start] & 0xC0 == 0x80 { start &-= 1 }
                if UTF8Text.length(text, at: start) != end &- start { start = end &- 1 }
                result += text[start..<end]
                end = start
            }
            return context.heap.string(result)
        },
        Builtin("split", [.string, .string], .list(.string)) { arguments, context throws(BuiltinFailure) in
            try split(arguments.string(0), by: arguments.utf8(1), context)
        },
        Builtin("strings.split_n", [.string, .string, .number], .list(.string)) {
            arguments, context throws(BuiltinFailure) in
            let text = try arguments.string(0)
            let delimiter = try arguments.utf8(1)
            let wanted = try arguments.integer(2)
            let parts = try split(text, by: delimiter, context).elements
            let count = Int(clamping: min(wanted.magnitude, UInt64(parts.count)))
            try context.checkCollection(count)
            return context.heap.array(wanted < 0 ? parts.suffix(count) : parts.prefix(count))
        },
    ]

    private static func test(
        _ name: Text,
        _ holds: @escaping @Sendable (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
    ) -> Builtin {
        Builtin(name, [.string, .string], .boolean) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.utf8(0)
            let part = try arguments.utf8(1)
            try context.charge(text.count / 64)
            return .boolean(holds(text, part))
        }
    }

    private static func concat(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let delimiter = try arguments.utf8(0)
        let collection = arguments[1]
        guard collection.tag == .array || collection.tag == .set else {
            throw .operand(2, mustBeOneOf: ["set", "array"], got: collection)
        }
        let elements = collection.elements
        var count = 0
        for element in elements {
            guard element.isString else { throw .element(2, of: collection, mustBe: "string", got: element) }
            count &+= element.byteCount &+ delimiter.count
            if count > context.limits.stringBytes &+ delimiter.count { throw .limit(.string) }
        }
        try context.checkString(max(count &- delimiter.count, 0))
        try context.charge(elements.count / 8)
        if elements.count == 1 { return elements[0] }
        var result: [UInt8] = []
        result.reserveCapacity(count)
        for (position, element) in elements.enumerated() {
            if position > 0 { result += delimiter }
            result += element.utf8
        }
        return context.heap.string(result)
    }

    private static func formatInteger(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let number = try arguments.number(0)
        let base = try arguments.number(1)
        guard let base = base.literalInteger, [2, 8, 10, 16].contains(base) else {
            throw .type("operand 2 must be one of {2, 8, 10, 16}")
        }
        let integer = try context.truncatedInteger(number)
        let sign: [UInt8] = integer.isNegative ? [0x2D] : []
        let digits =
            switch base {
            case 2: integer.magnitude.digits(bitsPerDigit: 1)
            case 8: integer.magnitude.digits(bitsPerDigit: 3)
            case 16: integer.magnitude.digits(bitsPerDigit: 4)
            default: integer.magnitude.decimalDigits
            }
        return context.heap.string(sign + digits)
    }

    private static func searched(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) {
        let text = try arguments.utf8(0)
        let part = try arguments.utf8(1)
        if part.isEmpty { throw .value("empty search character") }
        try context.charge(text.count / 64)
        return (text, part)
    }

    private static func allIndices(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let (text, part) = try searched(arguments, context)
        let search = ByteSearch(part)
        let result = context.heap.emptyArray()
        var counted = 0
        var count = 0
        // Occurrences may overlap.
        var start = 0
        while let position = search.first(in: text, from: start) {
            count &+= UTF8Text.scalarCount(UnsafeBufferPointer(rebasing: text[counted..<position]))
            counted = position
            try context.checkElement(after: result.count)
            context.heap.append(.integer(Int64(count)), to: result)
            start = position &+ max(UTF8Text.length(text, at: position), 1)
            try context.charge(1 &+ part.count / 64)
        }
        return result
    }

    private static func substring(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let value = try arguments.string(0)
        let offset = try arguments.integer(1)
        let length = try arguments.integer(2)
        if offset < 0 { throw .value("negative offset") }
        let text = value.utf8
        try context.checkString(text.count)
        let start = UTF8Text.position(text, afterScalars: offset, from: 0)
        let end = length < 0 ? text.count : UTF8Text.position(text, afterScalars: length, from: start)
        if start == 0 && end == text.count { return value }
        return context.heap.string(UnsafeBufferPointer(rebasing: text[start..<end]))
    }

    static func split(
        _ value: Value, by delimiter: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let text = value.utf8
        let heap = context.heap
        let result = heap.emptyArray()
        try context.charge(text.count / 64)
        if delimiter.isEmpty {
            try context.checkCollection(UTF8Text.scalarCount(text))
            var position = 0
            while position < text.count {
                let end = position &+ max(UTF8Text.length(text, at: position), 1)
                heap.append(heap.string(UnsafeBufferPointer(rebasing: text[position..<end])), to: result)
                position = end
            }
            return result
        }
        var start = 0
        for position in Occurrences(of: delimiter, in: text) {
            try context.checkElement(after: result.count)
            try context.charge(1)
            heap.append(heap.string(UnsafeBufferPointer(rebasing: text[start..<position])), to: result)
            start = position &+ delimiter.count
        }
        let rest = start == 0 ? value : heap.string(UnsafeBufferPointer(rebasing: text[start...]))
        heap.append(rest, to: result)
        return result
    }
}

/// Where a text occurs in another, without overlaps.
struct Occurrences: Sequence, IteratorProtocol {
    private let search: ByteSearch
    private let bytes: UnsafeBufferPointer<UInt8>
    private let length: Int
    private var position = 0

    init(of part: UnsafeBufferPointer<UInt8>, in bytes: UnsafeBufferPointer<UInt8>) {
        search = ByteSearch(part)
        self.bytes = bytes
        length = part.count
    }

    mutating func next() -> Int? {
        guard let found = search.first(in: bytes, from: position) else { return nil }
        position = found &+ length
        return found
    }
}

extension Slice where Base == UnsafeBufferPointer<UInt8> {
    /// Where its first element stands; nil if it is empty.
    var baseAddressOfFirst: UnsafePointer<UInt8>? {
        isEmpty ? nil : base.baseAddress.map { $0 + startIndex }
    }
}

extension BuiltinContext {
    /// The integer part of a number.
    func truncatedInteger(_ value: Value) throws(BuiltinFailure) -> BigInteger {
        if let integer = try integer(value) { return integer }
        let text = DecimalText(value.utf8)
        try checkScale(text)
        return SoftFloat(text).truncated
    }
}
