// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The functions that templates may call.
struct TemplateFunctions {
    static let names: Set<Text> = [
        "and", "or", "not", "len", "index", "slice", "print", "printf", "println", "html", "js", "urlquery", "eq", "ne",
        "lt", "le", "gt", "ge",
    ]

    private let context: BuiltinContext

    init(_ context: BuiltinContext) {
        self.context = context
    }

    /// The result of a function.
    func call(_ name: Text, _ values: [TemplateValue]) throws(BuiltinFailure) -> TemplateValue {
        guard let first = values.first else {
            guard name == "print" || name == "println" else {
                throw .value("template: wrong number of args for \(name)")
            }
            return .document(context.heap.string(name == "print" ? "" : "\n"))
        }
        let rest = Array(values.dropFirst())
        switch name {
        case "not": return .document(.boolean(!first.isTrue))
        case "len": return .integer(Int64(try length(first)))
        case "index": return try index(first, rest)
        case "slice": return try slice(first, rest)
        case "print": return try string(printed(values))
        case "println":
            return try string(Array(values.map { text($0) }.joined(separator: [0x20])) + [0x0A])
        case "printf": return try format(first, rest)
        case "html": return try string(escapedForHTML(printed(values)))
        case "js": return try string(escapedForScript(printed(values)))
        case "urlquery":
            var output: [UInt8] = []
            FormText.encode(printed(values), to: &output)
            return try string(output)
        case "eq":
            if rest.isEmpty { throw .value("template: missing argument for comparison") }
            for other in rest {
                if try compare(first, other, isOrder: false) == 0 { return .document(.boolean(true)) }
            }
            return .document(.boolean(false))
        default:
            guard rest.count == 1 else { throw .value("template: wrong number of args for \(name): want 2") }
            let order = try compare(first, rest[0], isOrder: name != "ne")
            let holds =
                switch name {
                case "lt": order < 0
                case "le": order <= 0
                case "gt": order > 0
                case "ge": order >= 0
                default: order != 0
                }
            return .document(.boolean(holds))
        }
    }

    private func string(_ bytes: [UInt8]) throws(BuiltinFailure) -> TemplateValue {
        try context.checkString(bytes.count)
        return .document(context.heap.string(UTF8Text.repaired(bytes)))
    }

    private func text(_ value: TemplateValue) -> [UInt8] {
        var output: [UInt8] = []
        value.write(to: &output, nothing: "<nil>")
        return output
    }

    /// The values one after the other, with spaces between those of which neither is a string.
    private func printed(_ values: [TemplateValue]) -> [UInt8] {
        var output: [UInt8] = []
        var wasString = true
        for value in values {
            let isString = value.characters != nil
            if !wasString && !isString { output.append(0x20) }
            output += text(value)
            wasString = isString
        }
        return output
    }

    private func length(_ value: TemplateValue) throws(BuiltinFailure) -> Int {
        if let characters = value.characters { return characters.count }
        guard case .document(let document) = value, document.isCollection else {
            throw .value("template: error calling len: len of type \(value.typeName)")
        }
        return document.count
    }

    private func index(_ value: TemplateValue, _ keys: [TemplateValue]) throws(BuiltinFailure) -> TemplateValue {
        var value = value
        for key in keys {
            guard case .document(let document) = value else {
                throw .value("template: error calling index: index of untyped nil")
            }
            switch (document.tag, key) {
            case (.array, .integer(let position)):
                guard position >= 0, position < Int64(document.count) else {
                    throw .value("template: error calling index: index out of range: \(position)")
                }
                value = TemplateValue(document.elements[Int(position)])
            case (.string, .integer(let position)):
                guard position >= 0, position < Int64(document.byteCount) else {
                    throw .value("template: error calling index: index out of range: \(position)")
                }
                value = .integer(Int64(document.utf8[Int(position)]))
            case (.object, .document(let name)) where name.isString:
                value = TemplateValue(document.member(name))
            default:
                throw .value("template: error calling index: cannot index \(value.typeName) with type \(key.typeName)")
            }
        }
        return value
    }

    private func slice(_ value: TemplateValue, _ bounds: [TemplateValue]) throws(BuiltinFailure) -> TemplateValue {
        guard case .document(let document) = value, document.tag == .array || document.isString, bounds.count <= 2
        else {
            throw .value("template: error calling slice: can't slice item of type \(value.typeName)")
        }
        var range = [0, document.isString ? document.byteCount : document.count]
        let end = range[1]
        for (position, bound) in bounds.enumerated() {
            guard case .integer(let number) = bound, number >= 0, number <= Int64(end) else {
                throw .value(
                    "template: error calling slice: index out of range: \(String(decoding: text(bound), as: UTF8.self))"
                )
            }
            range[position] = Int(number)
        }
        guard range[0] <= range[1] else {
            throw .value("template: error calling slice: invalid slice index: \(range[0]) > \(range[1])")
        }
        if document.isString { return try string(Array(document.utf8[range[0]..<range[1]])) }
        try context.checkCollection(range[1] - range[0])
        return .document(context.heap.array(Array(document.elements[range[0]..<range[1]])))
    }

    private func format(_ format: TemplateValue, _ operands: [TemplateValue]) throws(BuiltinFailure) -> TemplateValue {
        guard case .document(let text) = format, text.isString else {
            throw .value("template: wrong type for value; expected string; got \(format.typeName)")
        }
        let values = context.heap.array(
            operands.map { operand -> Value in
                if case .integer(let value) = operand { return .integer(value) }
                return context.heap.string(self.text(operand))
            })
        var formatter = try StringFormatter(text.utf8, values.elements, context)
        return try string(try formatter.text())
    }

    /// Negative, zero or positive; strings and numbers of documents by their characters, integers by value.
    private func compare(_ left: TemplateValue, _ right: TemplateValue, isOrder: Bool) throws(BuiltinFailure) -> Int {
        if case .integer(let one) = left, case .integer(let two) = right {
            return one < two ? -1 : (one == two ? 0 : 1)
        }
        if let one = left.characters, let two = right.characters {
            return one == two ? 0 : (one.lexicographicallyPrecedes(two) ? -1 : 1)
        }
        switch (left, right) {
        case (.none, .none) where !isOrder: return 0
        case (.none, _) where !isOrder, (_, .none) where !isOrder: return 1
        case (.document(let one), .document(let two)) where one.isBoolean && two.isBoolean && !isOrder:
            return one.isTrue == two.isTrue ? 0 : 1
        default: throw .value("template: incompatible types for comparison")
        }
    }

    private func escapedForHTML(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for byte in text {
            switch byte {
            case 0: output += "\u{FFFD}".utf8
            case UInt8(ascii: "\""): output += "&#34;".utf8
            case UInt8(ascii: "'"): output += "&#39;".utf8
            case UInt8(ascii: "&"): output += "&amp;".utf8
            case UInt8(ascii: "<"): output += "&lt;".utf8
            case UInt8(ascii: ">"): output += "&gt;".utf8
            default: output.append(byte)
            }
        }
        return output
    }

    private func escapedForScript(_ text: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""):
                output += [UInt8(ascii: "\\"), byte]
            case 0..<0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "="):
                output += "\\u00".utf8
                HexadecimalText.append(byte, to: &output, uppercase: true)
            default: output.append(byte)
            }
        }
        return output
    }
}
