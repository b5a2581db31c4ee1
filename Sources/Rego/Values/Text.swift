// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// UTF-8 text that is compared, ordered and hashed by its bytes.
///
/// `String` compares by Unicode canonical equivalence, under which two different resource names can be one key; Rego
/// compares code points, whose order is the order of the UTF-8 bytes.
public struct Text: Hashable, Sendable {
    /// The bytes, valid UTF-8.
    public let bytes: [UInt8]

    /// Takes bytes that are known to be valid UTF-8.
    public init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// Takes the UTF-8 form of a string.
    public init(_ string: some StringProtocol) {
        bytes = Array(string.utf8)
    }

    /// The same characters as a `String`, for messages.
    public var string: String {
        String(decoding: bytes, as: UTF8.self)
    }
}

extension Text: Comparable {
    /// Orders by bytes, which is the order of code points.
    public static func < (left: Text, right: Text) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}

extension Text: ExpressibleByStringLiteral {
    /// The text of a literal.
    public init(stringLiteral value: String) {
        self.init(value)
    }
}

extension Text: CustomStringConvertible {
    /// The same characters as a `String`.
    public var description: String { string }
}
