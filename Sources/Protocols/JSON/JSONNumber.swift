// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A JSON number with the digits it was written with, so that no large integer or decimal fraction is rounded.
public struct JSONNumber: Sendable, Hashable, CustomStringConvertible {
    /// The number as written (RFC 8259 section 6).
    public let text: String

    /// True when it has neither fraction nor exponent.
    public let isInteger: Bool

    /// A number whose text the parser has checked.
    init(checked text: String, isInteger: Bool) {
        self.text = text
        self.isInteger = isInteger
    }

    /// An integer.
    public init(_ value: some BinaryInteger) {
        text = String(value)
        isInteger = true
    }

    /// A binary64 in its shortest form, or nil when it is not finite.
    public init?(_ value: Double) {
        guard let text = JSONNumberFormat.text(of: value) else { return nil }
        self.text = text
        isInteger = text.utf8.allSatisfy { $0 == 0x2d || $0 &- 0x30 < 10 }
    }

    /// The number as an integer when it is written as one and fits, or nil.
    public var integer: Int64? { isInteger ? Int64(text) : nil }

    /// The nearest binary64.
    public var double: Double { Double(text) ?? .nan }

    /// The text.
    public var description: String { text }

    /// Whether both have the same digits.
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    /// Feeds the digits.
    public func hash(into hasher: inout Hasher) { hasher.combine(utf8Of: text) }

    /// The form of RFC 8785 section 3.2.2.3, with one deviation: an integer above 2^53 keeps all its digits instead of
    /// being rounded to a binary64, so that two different integers never have the same canonical form.
    public var canonicalText: String {
        if isInteger { return text.utf8.elementsEqual("-0".utf8) ? "0" : text }
        return JSONNumberFormat.text(of: double) ?? text
    }
}
