// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The functions on strings that trim, replace and change the case, and those that match several affixes.
enum StringFormBuiltins {
    private static let someStrings = RegoType.union([.string, .set(.string), .list(.string)])

    static let all: [Builtin] = [
        Builtin("lower", [.string], .string) { arguments, context throws(BuiltinFailure) in
            try map(arguments.string(0), context, ascii: 0x41...0x5A, LetterCase.lower)
        },
        Builtin("upper", [.string], .string) { arguments, context throws(BuiltinFailure) in
            try map(arguments.string(0), context, ascii: 0x61...0x7A, LetterCase.upper)
        },
        Builtin("replace", [.string, .string, .string], .string) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.string(0)
            let old = try arguments.string(1)
            let new = try arguments.string(2)
            return try Replacement(pairs: [(old, new)], context).apply(to: text)
        },
        Builtin("strings.replace_n", [.map(.string, .string), .string], .string, evaluate: replaceSeveral),
        trim("trim") { text, cut in text.trimmed(start: true, end: true, cut) },
        trim("trim_left") { text, cut in text.trimmed(start: true, end: false, cut) },
        trim("trim_right") { text, cut in text.trimmed(start: false, end: true, cut) },
        Builtin("trim_prefix", [.string, .string], .string) { arguments, context throws(BuiltinFailure) in
            let value = try arguments.string(0)
            let text = value.utf8
            let prefix = try arguments.utf8(1)
            guard !prefix.isEmpty, text.starts(with: prefix) else { return value }
            try context.checkString(text.count)
            return context.heap.string(UnsafeBufferPointer(rebasing: text[prefix.count...]))
        },
        Builtin("trim_suffix", [.string, .string], .string) { arguments, context throws(BuiltinFailure) in
            let value = try arguments.string(0)
            let text = value.utf8
            let suffix = try arguments.utf8(1)
            guard !suffix.isEmpty, text.count >= suffix.count, text.suffix(suffix.count).elementsEqual(suffix) else {
                return value
            }
            try context.checkString(text.count)
            return context.heap.string(UnsafeBufferPointer(rebasing: text[..<(text.count &- suffix.count)]))
        },
        Builtin("trim_space", [.string], .string) { arguments, context throws(BuiltinFailure) in
            try cut(arguments.string(0), context) { text in text.trimmed(start: true, end: true, isSpace) }
        },
        Builtin("strings.any_prefix_match", [someStrings, someStrings], .boolean) {
            arguments, context throws(BuiltinFailure) in
            try AffixMatch(isSuffix: false, context).holds(strings(arguments, 0), strings(arguments, 1))
        },
        Builtin("strings.any_suffix_match", [someStrings, someStrings], .boolean) {
            arguments, context throws(BuiltinFailure) in
            try AffixMatch(isSuffix: true, context).holds(strings(arguments, 0), strings(arguments, 1))
        },
        Builtin("sprintf", [.string, .anyArray], .string) { arguments, context throws(BuiltinFailure) in
            let format = try arguments.utf8(0)
            let values = try arguments.array(1)
            try context.charge(format.count / 8 &+ values.count)
            var formatter = try StringFormatter(format, values.elements, context)
            let text = try formatter.text()
            try context.checkString(text.count)
            return context.heap.string(text)
        },
        Builtin("internal.template_string", [.anyArray], .string, evaluate: template),
    ]

    private static func map(
        _ value: Value, _ context: BuiltinContext, ascii: ClosedRange<UInt8>, _ change: (UInt32) -> UInt32
    ) throws(BuiltinFailure) -> Value {
        let text = value.utf8
        try context.checkString(text.count)
        guard text.contains(where: { ascii.contains($0) || $0 >= 0x80 }) else { return value }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var position = 0
        while position < text.count {
            let byte = text[position]
            if byte < 0x80 {
                result.append(ascii.contains(byte) ? byte ^ 0x20 : byte)
                position &+= 1
                continue
            }
            let length = UTF8Text.length(text, at: position)
            result.append(
                scalar: length == 0 ? 0xFFFD : change(QuotedText.scalar(text, at: position, length: length)))
            position &+= max(length, 1)
        }
        return context.heap.string(result)
    }

    private static func replaceSeveral(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let patterns = try arguments.object(0)
        let text = try arguments.string(1)
        var pairs: [(Value, Value)] = []
        for member in patterns.members {
            guard member.key.isString else { throw .type("operand 1 non-string key found in pattern object") }
            guard member.value.isString else { throw .type("operand 1 non-string value found in pattern object") }
            pairs.append((member.key, member.value))
        }
        return try Replacement(pairs: pairs, context).apply(to: text)
    }

    private static func trim(
        _ name: Text,
        _ trimmed: @escaping @Sendable (UnsafeBufferPointer<UInt8>, (UInt32) -> Bool) -> Range<Int>
    ) -> Builtin {
        Builtin(name, [.string, .string], .string) { arguments, context throws(BuiltinFailure) in
            let value = try arguments.string(0)
            let set = try arguments.utf8(1)
            try context.charge(set.count)
            var scalars = Set<UInt32>()
            var position = 0
            while position < set.count {
                let length = max(UTF8Text.length(set, at: position), 1)
                scalars.insert(QuotedText.scalar(set, at: position, length: length))
                position &+= length
            }
            return try cut(value, context) { text in trimmed(text, scalars.contains) }
        }
    }

    private static func cut(
        _ value: Value, _ context: BuiltinContext, _ trimmed: (UnsafeBufferPointer<UInt8>) -> Range<Int>
    ) throws(BuiltinFailure) -> Value {
        try context.checkString(value.byteCount)
        let range = trimmed(value.utf8)
        if range.count == value.byteCount { return value }
        return context.heap.string(UnsafeBufferPointer(rebasing: value.utf8[range]))
    }

    /// Whether Go calls a character white space.
    private static func isSpace(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    /// A string operand or those that a collection lists.
    private static func strings(_ arguments: Arguments, _ position: Int) throws(BuiltinFailure) -> [Value] {
        let value = arguments[position]
        if value.isString { return [value] }
        guard value.tag == .array || value.tag == .set else {
            throw .operand(position + 1, mustBeOneOf: ["string", "set", "array"], got: value)
        }
        for element in value.elements where !element.isString {
            throw .element(position + 1, of: value, mustBe: "string", got: element)
        }
        return Array(value.elements)
    }

    /// Puts an interpolated string together; each expression is a set of its values, of which there may be one.
    private static func template(_ arguments: Arguments, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let parts = try arguments.array(0)
        var printer = RegoPrinter(byteLimit: context.limits.stringBytes)
        for part in parts.elements {
            guard part.tag == .set else {
                try printer.write(plain: part)
                continue
            }
            if part.count > 1 {
                throw .halt(
                    code: "eval_conflict_error", message: "template-strings must not produce multiple outputs")
            }
            try printer.write(plain: part.elements.first ?? .undefined)
        }
        try context.checkString(printer.bytes.count)
        return context.heap.string(printer.bytes)
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// What is left without the characters at the start and at the end that are to be cut.
    fileprivate func trimmed(start: Bool, end: Bool, _ isCut: (UInt32) -> Bool) -> Range<Int> {
        var first = 0
        var last = count
        while start, first < last {
            let length = Swift.max(UTF8Text.length(self, at: first), 1)
            guard isCut(QuotedText.scalar(self, at: first, length: length)) else { break }
            first &+= length
        }
        while end, last > first {
            var position = last &- 1
            while position > first, last &- position < 4, self[position] & 0xC0 == 0x80 { position &-= 1 }
            let length = UTF8Text.length(self, at: position)
            if length != last &- position { position = last &- 1 }
            guard isCut(QuotedText.scalar(self, at: position, length: last &- position)) else { break }
            last = position
        }
        return first..<last
    }
}
