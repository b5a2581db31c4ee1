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
        ApprovalID(rawValue: UInt128(generator.next() as UInt64) << 64 | UInt128(generator.next() as UInt64))
    }

    /// Parses `a-` and 32 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 34, bytes.starts(with: "a-".utf8) else { return nil }
        var value: UInt128 = 0
        for byte in bytes.dropFirst(2) {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
            default: return nil
            }
            value = value << 4 | UInt128(digit)
        }
        rawValue = value
    }

    /// `a-` and 32 hexadecimal digits.
    public var description: String {
        let digits = String(rawValue, radix: 16)
        return "a-" + String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }
}
