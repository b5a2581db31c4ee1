// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A JSON value (RFC 8259), read strictly or made by the program.
///
/// Strings are equal when their bytes are: Unicode's canonical equivalence, which Swift's `String` follows, plays no
/// part.
public enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number with the digits it was written with.
    case number(JSONNumber)
    /// A string.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object.
    case object(JSONObject)

    /// The member of an object with this name; nil when there is none or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[name]
    }

    /// The element of an array; nil when there is none or this is no array.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The string, or nil.
    public var string: String? {
        guard case .string(let string) = self else { return nil }
        return string
    }

    /// The Boolean, or nil.
    public var bool: Bool? {
        guard case .bool(let bool) = self else { return nil }
        return bool
    }

    /// The number, or nil.
    public var number: JSONNumber? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    /// The number as an integer when it is written as one and fits, or nil.
    public var integer: Int64? { number?.integer }

    /// The elements, or nil.
    public var array: [JSONValue]? {
        guard case .array(let array) = self else { return nil }
        return array
    }

    /// The object, or nil.
    public var object: JSONObject? {
        guard case .object(let object) = self else { return nil }
        return object
    }

    /// True for `null`.
    public var isNull: Bool {
        guard case .null = self else { return false }
        return true
    }

    /// A number value of an integer.
    public static func integer(_ value: some BinaryInteger) -> JSONValue { .number(JSONNumber(value)) }
}

extension JSONValue: Hashable {
    /// Whether two values are the same. Numbers are when their digits are; objects without regard to order.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }

    /// Feeds the value's bytes.
    public func hash(into hasher: inout Hasher) {
        switch self {
        case .null: hasher.combine(0 as UInt8)
        case .bool(let bool): hasher.combine(bool)
        case .number(let number): hasher.combine(number)
        case .string(let string): hasher.combine(utf8Of: string)
        case .array(let array): hasher.combine(array)
        case .object(let object): hasher.combine(object)
        }
    }
}

extension Hasher {
    /// Feeds the bytes of a string, and an end that no UTF-8 has.
    mutating func combine(utf8Of string: String) {
        for byte in string.utf8 { combine(byte) }
        combine(0xff as UInt8)
    }
}
