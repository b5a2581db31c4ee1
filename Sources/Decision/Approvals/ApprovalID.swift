// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Names a question to a person about one call: 128 random bits.
///
/// It is no secret, and whoever learns it can do nothing with it: only the very same call of the same agent is covered.
public struct ApprovalID: Hashable, Sendable, CustomStringConvertible {
    /// The bits.
    public let rawValue: UInt128

    /// Wraps bits.
    public init(rawValue: UInt128) { self.rawValue = rawValue }

    /// A new id.
    public static func random(using generator: inout some RandomNumberGenerator) -> ApprovalID {
        ApprovalID(rawValue: LabelledBits.random(using: &generator))
    }

    /// Parses `a-` and 32 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard let bits = LabelledBits.parse(text, label: "a-") else { return nil }
        rawValue = bits
    }

    /// `a-` and 32 hexadecimal digits.
    public var description: String { LabelledBits.text(rawValue, label: "a-") }
}
