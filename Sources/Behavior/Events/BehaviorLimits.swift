// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Limits on what an event may say.
public enum BehaviorLimits {
    /// Bytes of a name. A longer one is cut and given a hash of the whole; SPIFFE IDs have at most 2,048.
    public static let nameBytes = 2048
    /// Bytes of an encoded event.
    public static let eventBytes = 64 << 10
    /// The largest number: integers are exact in every JSON reader up to here.
    public static let largestNumber: Int64 = (1 << 53) - 1

    /// The name, or its start and an FNV-1a hash of its bytes where it is too long.
    static func shorten(_ name: String) -> String {
        let bytes = name.utf8
        guard bytes.count > nameBytes else { return name }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        var end = bytes.index(bytes.startIndex, offsetBy: nameBytes - 32)
        while end > bytes.startIndex, bytes[end] & 0xc0 == 0x80 { end = bytes.index(before: end) }
        return String(name[..<end]) + "...fnv1a-" + HexadecimalText.of(hash)
    }

    static func clamp(_ number: Int64) -> Int64 { min(max(number, 0), largestNumber) }
}
