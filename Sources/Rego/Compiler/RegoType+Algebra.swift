// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension RegoType {
    /// How many alternatives are told apart; more are taken for any type.
    private static let unionLimit = 24
    /// How many parts a type may have, and how deep they may stand in each other; a larger one is taken for any type.
    private static let sizeLimit = 10_000
    private static let depthLimit = 64

    /// Whether it leaves open which form a value has.
    var isOpen: Bool {
        switch self {
        case .any, .union: true
        default: false
        }
    }

    /// The type, or any type when it is too large to work with.
    var bounded: RegoType {
        var room = Self.sizeLimit
        return fits(&room, depth: 0) ? self : .any
    }

    private func fits(_ room: inout Int, depth: Int) -> Bool {
        room -= 1
        if room < 0 || depth > Self.depthLimit { return false }
        switch self {
        case .any, .null, .boolean, .number, .string: return true
        case .array(let elements, let rest):
            for element in elements { if !element.fits(&room, depth: depth + 1) { return false } }
            return rest?.fits(&room, depth: depth + 1) ?? true
        case .object(let members, let rest):
            for member in members { if !member.value.fits(&room, depth: depth + 1) { return false } }
            guard let rest else { return true }
            return rest.key.fits(&room, depth: depth + 1) && rest.value.fits(&room, depth: depth + 1)
        case .set(let element): return element.fits(&room, depth: depth + 1)
        case .union(let members):
            for member in members { if !member.fits(&room, depth: depth + 1) { return false } }
            return true
        case .function(let arguments, let result):
            for argument in arguments { if !argument.fits(&room, depth: depth + 1) { return false } }
            return result.fits(&room, depth: depth + 1)
        }
    }

    /// The type of what is of either type; nil is not known.
    static func either(_ one: RegoType?, _ other: RegoType?) -> RegoType? {
        guard let one else { return other }
        guard let other else { return one }
        if one == .any || other == .any { return .any }
        var members = one.alternatives
        for member in other.alternatives where !members.contains(member) { members.append(member) }
        if members.count == 1 { return members[0] }
        return members.count > unionLimit ? .any : .union(members)
    }

    /// The types of a union, or the type alone.
    private var alternatives: [RegoType] {
        if case .union(let members) = self { return members }
        return [self]
    }

    /// What can select a part of such a value; nil when it has no parts.
    var keys: RegoType? {
        switch self {
        case .any: return .any
        case .array: return .number
        case .object(let members, let rest):
            var result: RegoType?
            for member in members { result = .either(result, member.key.type) }
            return .either(result, rest?.key)
        case .set(let element): return element
        case .union(let members):
            var result: RegoType?
            for member in members { result = .either(member.keys, result) }
            return result
        case .null, .boolean, .number, .string, .function: return nil
        }
    }

    /// The type of the parts of such a value; nil when it has none.
    var values: RegoType? {
        switch self {
        case .any: return .any
        case .array(let elements, let rest):
            var result: RegoType?
            for element in elements { result = .either(result, element) }
            return .either(result, rest)
        case .object(let members, let rest):
            var result: RegoType?
            for member in members { result = .either(result, member.value) }
            return .either(result, rest?.value)
        case .set(let element): return element
        case .union(let members):
            var result: RegoType?
            for member in members { result = .either(member.values, result) }
            return result
        case .null, .boolean, .number, .string, .function: return nil
        }
    }

    /// The type of the part with a known key; nil when there can be none.
    func part(_ key: SyntaxValue) -> RegoType? {
        switch self {
        case .any: return .any
        case .array(let elements, let rest):
            guard case .number(let text) = key, let position = Int(text.string), position >= 0 else { return nil }
            return position < elements.count ? elements[position] : rest
        case .object(let members, let rest):
            if let member = members.first(where: { $0.key == key || $0.key.isSameNumber(as: key) }) {
                return member.value
            }
            guard let rest, rest.key.overlaps(key.type) else { return nil }
            return rest.value
        case .set(let element): return element.overlaps(key.type) ? key.type : nil
        case .union(let members):
            var result: RegoType?
            for member in members { result = .either(member.part(key), result) }
            return result
        case .null, .boolean, .number, .string, .function: return nil
        }
    }

    /// The type of an array's element.
    func element(_ position: Int) -> RegoType? {
        guard case .array(let elements, let rest) = self else { return nil }
        return position < elements.count ? elements[position] : rest
    }

    /// Whether one value can be of both types.
    func overlaps(_ other: RegoType) -> Bool {
        switch (self, other) {
        case (.function(let one, _), .function(let two, _)):
            return one.count == two.count && zip(one, two).allSatisfy { $0.overlaps($1) }
        case (.function, _), (_, .function): return false
        case (.any, _), (_, .any): return true
        case (.union(let members), _): return members.contains { $0.overlaps(other) }
        case (_, .union(let members)): return members.contains { overlaps($0) }
        case (.null, .null), (.boolean, .boolean), (.number, .number), (.string, .string): return true
        case (.array(let one, let oneRest), .array(let two, let twoRest)):
            for index in 0..<max(one.count, two.count) {
                guard let left = element(index), let right = other.element(index), left.overlaps(right) else {
                    return false
                }
            }
            guard let oneRest, let twoRest else { return true }
            return oneRest.overlaps(twoRest)
        case (.object(let one, let oneRest), .object(let two, let twoRest)):
            guard one.allSatisfy({ $0.fits(into: other) }), two.allSatisfy({ $0.fits(into: self) }) else {
                return false
            }
            guard let oneRest, let twoRest else { return true }
            return oneRest.value.overlaps(twoRest.value)
        case (.set(let one), .set(let two)): return one.overlaps(two)
        default: return false
        }
    }

    /// The type of what either of two definitions of one document makes.
    static func merged(_ one: RegoType?, _ other: RegoType) -> RegoType {
        guard let one else { return other }
        switch (one, other) {
        case (.object([], let first?), .object([], let second?)):
            let key = RegoType.either(first.key, second.key) ?? .any
            return .object([], rest: Rest(key: key, value: merged(first.value, second.value)))
        case (.set(let first), .set(let second)): return .set(.either(first, second) ?? .any)
        default: return .either(one, other) ?? .any
        }
    }
}

extension RegoType.Member {
    /// Whether a value of a type can have such a member, or do without it.
    fileprivate func fits(into type: RegoType) -> Bool {
        guard let part = type.part(key) else { return isOptional }
        return value.overlaps(part)
    }
}

extension SyntaxValue {
    /// Whether both are numbers of the same value, however they were written.
    func isSameNumber(as other: SyntaxValue) -> Bool {
        guard case .number(let one) = self, case .number(let two) = other else { return false }
        return NumberKey(one) == NumberKey(two)
    }

    /// The type of a constant.
    var type: RegoType {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .number: .number
        case .string: .string
        case .array(let elements): .array(elements.map(\.type), rest: elements.isEmpty ? .any : nil)
        case .object(let members):
            members.isEmpty
                ? .anyObject
                : .object(members.map { .init(key: .string($0.key), value: $0.value.type) }, rest: nil)
        }
    }
}

extension Term {
    /// A constant of JSON as a value.
    var constantValue: SyntaxValue? {
        switch kind {
        case .array(let elements):
            let values = elements.compactMap(\.constantValue)
            return values.count == elements.count ? .array(values) : nil
        case .object(let items):
            var members: [SyntaxValue.Member] = []
            for item in items {
                guard case .string(let key) = item.key.kind, let value = item.value.constantValue else { return nil }
                members.append(.init(key: key, value: value))
            }
            return .object(members)
        default: return scalar
        }
    }
}

/// A number's text without what does not change its value.
private struct NumberKey: Equatable {
    private var isNegative = false
    private var digits: [UInt8] = []
    private var exponent = 0

    init(_ text: Text) {
        var isFraction = false
        var bytes = text.bytes[...]
        if bytes.first == UInt8(ascii: "-") {
            isNegative = true
            bytes = bytes.dropFirst()
        }
        while let byte = bytes.first {
            bytes = bytes.dropFirst()
            if byte == UInt8(ascii: ".") {
                isFraction = true
            } else if byte == UInt8(ascii: "e") || byte == UInt8(ascii: "E") {
                exponent &+= Int(String(decoding: bytes, as: UTF8.self)) ?? 0
                break
            } else {
                digits.append(byte)
                if isFraction { exponent &-= 1 }
            }
        }
        while digits.last == UInt8(ascii: "0") {
            digits.removeLast()
            exponent &+= 1
        }
        digits = Array(digits.drop { $0 == UInt8(ascii: "0") })
        if digits.isEmpty {
            isNegative = false
            exponent = 0
        }
    }
}
