// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The id of a trace, 16 bytes of which one at least is not zero (W3C Trace Context, section 3.2.2.3).
public struct TraceID: Hashable, Sendable, CustomStringConvertible {
    /// The first eight bytes as a number in network order.
    public let high: UInt64
    /// The last eight bytes as a number in network order.
    public let low: UInt64

    /// An id from its halves; nil for zero, which means none.
    public init?(high: UInt64, low: UInt64) {
        guard high | low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    /// A new one.
    public init(using generator: inout some RandomNumberGenerator) {
        high = generator.next()
        // Zero is no id, whatever the other half holds.
        low = generator.next() | 1
    }

    /// 32 hexadecimal digits in lower case.
    public var description: String { TraceDigits.text(high) + TraceDigits.text(low) }
}

/// The id of a span, 8 bytes of which one at least is not zero (W3C Trace Context, section 3.2.2.4).
public struct SpanID: Hashable, Sendable, CustomStringConvertible {
    /// The bytes as a number in network order.
    public let value: UInt64

    /// An id from its number; nil for zero, which means none.
    public init?(_ value: UInt64) {
        guard value != 0 else { return nil }
        self.value = value
    }

    /// A new one.
    public init(using generator: inout some RandomNumberGenerator) {
        value = max(generator.next(), 1)
    }

    /// 16 hexadecimal digits in lower case.
    public var description: String { TraceDigits.text(value) }
}

/// Hexadecimal digits of ids, in lower case only.
enum TraceDigits {
    /// 16 digits.
    static func text(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// At most 16 digits as a number; nil when one of them is none.
    static func number(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard bytes.count <= 16 else { return nil }
        var value: UInt64 = 0
        for byte in bytes {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte &- UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte &- UInt8(ascii: "a") &+ 10
            default: return nil
            }
            value = value << 4 | UInt64(digit)
        }
        return value
    }
}
