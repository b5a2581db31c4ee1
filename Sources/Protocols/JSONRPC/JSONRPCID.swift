// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The identifier that ties a response to its request: a string or an integer, never null and never a fraction.
///
/// An integer keeps its digits, so that two identifiers above 2^53 never become one. `1` and `"1"` are different.
public enum JSONRPCID: Sendable, CustomStringConvertible {
    /// A string.
    case string(String)
    /// An integer with its digits.
    case integer(JSONNumber)

    /// An integer.
    public init(_ value: some BinaryInteger) { self = .integer(JSONNumber(value)) }

    /// Takes a string or an integer of at most `bytes` bytes; nil for every other value.
    public init?(_ value: JSONValue, bytes: Int = JSONRPCLimits.standard.idBytes) {
        switch value {
        case .string(let text):
            guard text.utf8.count <= bytes else { return nil }
            self = .string(text)
        case .number(let number):
            guard number.isInteger, number.text.utf8.count <= bytes else { return nil }
            self = .integer(JSONNumber(checked: number.canonicalText, isInteger: true))
        default: return nil
        }
    }

    /// The identifier as a JSON value.
    public var value: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .integer(let number): .number(number)
        }
    }

    /// The identifier as JSON.
    public var description: String { value.text }
}

extension JSONRPCID: Hashable {
    /// Whether kind and bytes are the same.
    public static func == (left: JSONRPCID, right: JSONRPCID) -> Bool { left.value == right.value }

    /// Feeds kind and bytes.
    public func hash(into hasher: inout Hasher) { hasher.combine(value) }
}
