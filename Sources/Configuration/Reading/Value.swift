// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Yams

/// One value of the file on its way to a type; every accessor reports what is wrong and returns `nil`.
struct Value {
    let node: Node
    let context: ReadContext

    var place: Place { node.place }

    /// What kind of value this is, for messages that do not repeat the value itself.
    var kind: String {
        switch node {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        case .scalar: isNull ? "nothing" : "a single value"
        }
    }

    /// Whether it is a mapping.
    var isMapping: Bool { node.mapping != nil }

    var isNull: Bool {
        guard case .scalar(let scalar) = node, scalar.style == .plain else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    func error(_ message: String, hint: String? = nil) { context.error(place, message, hint: hint) }

    /// The text of a single value, written in any way.
    func text(_ expected: String) -> String? {
        guard context.visit(place) else { return nil }
        guard case .scalar(let scalar) = node, !isNull else {
            error("\(expected) is expected here, not \(kind)")
            return nil
        }
        return scalar.string
    }

    /// The text of a single value without quotes, as numbers are written.
    func plain(_ expected: String) -> String? {
        guard let text = text(expected) else { return nil }
        guard case .scalar(let scalar) = node, scalar.style == .plain else {
            error("\(expected) is expected here; write it without quotes")
            return nil
        }
        return text
    }

    func bool() -> Bool? {
        switch plain("true or false") {
        case nil: return nil
        case "true": return true
        case "false": return false
        default:
            error("true or false is expected here")
            return nil
        }
    }

    /// A whole number.
    func integer(_ range: ClosedRange<Int>) -> Int? {
        let expected = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let text = plain(expected) else { return nil }
        guard let value = Self.decimal(text), range.contains(value) else {
            error("\(expected) is expected here")
            return nil
        }
        return value
    }

    /// One of some words.
    func word<T>(_ words: KeyValuePairs<String, T>) -> T? {
        let names = words.map(\.key)
        let expected = names.count == 1 ? names[0] : "one of \(names.joined(separator: ", "))"
        guard let text = text(expected) else { return nil }
        if let match = words.first(where: { $0.key.utf8.elementsEqual(text.utf8) }) { return match.value }
        let near = NearestName.of(text, among: names)
        error("\(expected) is expected here", hint: near.map { "did you mean '\($0)'?" })
        return nil
    }

    /// A text read by a parser that throws descriptions.
    func parsed<T>(_ expected: String, _ parse: (String) throws -> T) -> T? {
        guard let text = text(expected) else { return nil }
        do {
            return try parse(text)
        } catch {
            self.error("\(expected) is expected here: \(error)")
            return nil
        }
    }

    /// The elements of a list. A single value is not taken for a list.
    func list(_ expected: String) -> [Value]? {
        guard context.visit(place) else { return nil }
        guard case .sequence(let sequence) = node else {
            error("a list of \(expected) is expected here, not \(kind)", hint: listHint)
            return nil
        }
        return sequence.map { Value(node: $0, context: context) }
    }

    private var listHint: String? {
        guard case .scalar = node, !isNull else { return nil }
        return "put it in brackets"
    }

    /// Every element of a list that can be read.
    func list<T>(_ expected: String, _ read: (Value) -> T?) -> [T]? {
        list(expected)?.compactMap(read)
    }

    /// The entries of a mapping, in their order; `nil` when it is none.
    func mapping(_ expected: String) -> MappingReader? {
        guard context.visit(place) else { return nil }
        guard case .mapping(let mapping) = node else {
            error("\(expected): a mapping is expected here, not \(kind)")
            return nil
        }
        return MappingReader(mapping, place: place, what: expected, context: context)
    }

    /// Decimal digits with an optional minus sign.
    static func decimal(_ text: String) -> Int? {
        let digits = text.utf8.first == UInt8(ascii: "-") ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }) else {
            return nil
        }
        guard digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        return Int(text)
    }
}
