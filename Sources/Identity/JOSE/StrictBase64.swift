// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Base64 (RFC 4648) that accepts the one canonical spelling of some bytes only: no white space, no foreign alphabet,
/// no unused bit that is set.
///
/// Two spellings of one token would let a replayed token pass for a new one.
public enum StrictBase64: Sendable {
    /// `-` and `_`, never padded: JWS, JWT and JWK (RFC 7515 section 2).
    case url
    /// `+` and `/`, always padded: `x5c` (RFC 7517 section 4.7).
    case standard

    /// The bytes that a text stands for, or nil.
    public func decode(_ text: some BidirectionalCollection<UInt8>) -> [UInt8]? {
        var payload = text[...]
        if self == .standard {
            guard text.count % 4 == 0 else { return nil }
            for _ in 0..<2 where payload.last == UInt8(ascii: "=") { payload = payload.dropLast() }
        }
        guard payload.count % 4 != 1 else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(payload.count / 4 &* 3 &+ 2)
        var group: UInt32 = 0
        var bits = 0
        for byte in payload {
            guard let value = value(of: byte) else { return nil }
            group = group << 6 | UInt32(value)
            bits &+= 6
            if bits >= 8 {
                bits &-= 8
                output.append(UInt8(truncatingIfNeeded: group >> UInt32(bits)))
            }
        }
        guard group & ((1 << UInt32(bits)) &- 1) == 0 else { return nil }
        return output
    }

    /// The text of some bytes.
    public func encode(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count / 3 &+ 1) &* 4)
        var group: UInt32 = 0
        var bits = 0
        for byte in bytes {
            group = group << 8 | UInt32(byte)
            bits &+= 8
            while bits >= 6 {
                bits &-= 6
                output.append(digit(UInt8(truncatingIfNeeded: group >> UInt32(bits)) & 63))
            }
        }
        if bits > 0 { output.append(digit(UInt8(truncatingIfNeeded: group << UInt32(6 &- bits)) & 63)) }
        if self == .standard {
            while output.count % 4 != 0 { output.append(UInt8(ascii: "=")) }
        }
        return output
    }

    /// The text of some bytes as a string.
    public func text(_ bytes: some Collection<UInt8>) -> String { String(decoding: encode(bytes), as: UTF8.self) }

    private func value(of byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte &- UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte &- UInt8(ascii: "a") &+ 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0") &+ 52
        case UInt8(ascii: "-") where self == .url, UInt8(ascii: "+") where self == .standard: 62
        case UInt8(ascii: "_") where self == .url, UInt8(ascii: "/") where self == .standard: 63
        default: nil
        }
    }

    private func digit(_ value: UInt8) -> UInt8 {
        switch value {
        case 0...25: value &+ UInt8(ascii: "A")
        case 26...51: value &- 26 &+ UInt8(ascii: "a")
        case 52...61: value &- 52 &+ UInt8(ascii: "0")
        case 62: self == .url ? UInt8(ascii: "-") : UInt8(ascii: "+")
        default: self == .url ? UInt8(ascii: "_") : UInt8(ascii: "/")
        }
    }
}
