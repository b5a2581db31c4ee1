// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Names one decision across response, record and log.
///
/// 64 bits: the upper 32 are random for each start and event loop, the lower 32 count.
public struct DecisionID: Hashable, Sendable, CustomStringConvertible {
    /// The bits.
    public let rawValue: UInt64

    /// Wraps bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Parses `d-` and 16 lower-case hexadecimal digits.
    public init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count == 18, bytes[0] == UInt8(ascii: "d"), bytes[1] == UInt8(ascii: "-") else { return nil }
        var value: UInt64 = 0
        for byte in bytes[2...] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            value = value << 4 | UInt64(digit)
        }
        self.rawValue = value
    }

    /// `d-` and 16 hexadecimal digits.
    public var description: String {
        String(unsafeUninitializedCapacity: 18) { text in
            (text[0], text[1]) = (UInt8(ascii: "d"), UInt8(ascii: "-"))
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: rawValue &>> UInt64(60 &- 4 &* index)) & 15
                text[index &+ 2] = digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10
            }
            return 18
        }
    }
}

/// Hands out decision ids on one event loop; not thread-safe.
public struct DecisionIDSequence {
    private let prefix: UInt64
    private var counter: UInt32 = 0

    /// Starts a sequence.
    ///
    /// - Parameter prefix: 32 random bits.
    public init(prefix: UInt32) { self.prefix = UInt64(prefix) << 32 }

    /// The next id.
    public mutating func next() -> DecisionID {
        counter &+= 1
        return DecisionID(rawValue: prefix | UInt64(counter))
    }
}
