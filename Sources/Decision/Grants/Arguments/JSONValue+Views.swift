// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// The views of a JSON value that argument constraints need.
extension JSONValue {
    /// The members of an object.
    var members: [(name: String, value: JSONValue)]? {
        object?.members.map { ($0.name, $0.value) }
    }

    /// The digits of a number as they were written.
    var numberText: String? {
        number?.text
    }

    /// A number, exactly.
    var decimal: ExactDecimal? { numberText.flatMap { ExactDecimal($0) } }

    /// A count from 0 to 1,000,000,000.
    var count: Int? {
        guard let text = numberText, let value = Int(text), (0...1_000_000_000).contains(value) else { return nil }
        return value
    }

    /// Whether the value is of the type; a number without a fractional part is an integer as well.
    func isType(_ type: ArgumentConstraint.ValueType) -> Bool {
        switch (self, type) {
        case (.null, .null), (.bool, .boolean), (.string, .string), (.array, .array), (.object, .object): true
        case (.number, .number): decimal != nil
        case (.number, .integer): decimal?.isInteger ?? false
        default: false
        }
    }

    /// Whether two values are the same: numbers by value, strings byte by byte, objects without regard to order.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.number, .number):
            guard let left = decimal, let right = other.decimal else { return false }
            return left == right
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { $0.isSame(as: $1) }
        case (.object, .object):
            let left = members ?? []
            let right = other.members ?? []
            guard left.count == right.count else { return false }
            return left.allSatisfy { member in
                right.contains { $0.name.utf8.elementsEqual(member.name.utf8) && $0.value.isSame(as: member.value) }
            }
        default: return false
        }
    }
}
