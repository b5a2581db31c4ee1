// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Names a task: 128 random bits.
///
/// It is no secret: it stands in records, in `yett ps` and as `txn` in tokens. What starts a call within the task is its
/// handle.
public struct TaskID: Hashable, Sendable, CustomStringConvertible {
    /// The bits.
    public let rawValue: UInt128

    /// Wraps bits.
    public init(rawValue: UInt128) { self.rawValue = rawValue }

    /// A new id.
    public static func random(using generator: inout some RandomNumberGenerator) -> TaskID {
        TaskID(rawValue: LabelledBits.random(using: &generator))
    }

    /// Parses `t-` and 32 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        guard let bits = LabelledBits.parse(text, label: "t-") else { return nil }
        rawValue = bits
    }

    /// `t-` and 32 hexadecimal digits.
    public var description: String { LabelledBits.text(rawValue, label: "t-") }
}
