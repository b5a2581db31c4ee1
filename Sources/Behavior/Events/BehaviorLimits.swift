// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Limits on what an event may say.
public enum BehaviorLimits {
    /// Bytes of an agent's name: SPIFFE IDs have no more.
    public static let agentBytes = 2048
    /// Bytes of any other name. A longer one is cut and given a hash of the whole.
    public static let nameBytes = 256
    /// Bytes of an encoded event.
    public static let eventBytes = 64 << 10
    /// The largest number: integers are exact in every JSON reader up to here.
    public static let largestNumber: Int64 = (1 << 53) - 1

    /// The name, or its start and an FNV-1a hash of its bytes where it is too long.
    static func shorten(_ name: String) -> String { cut(name, to: nameBytes) }

    /// The same for an agent's name.
    static func agentName(_ name: String) -> String { cut(name, to: agentBytes) }

    private static func cut(_ name: String, to most: Int) -> String {
        let bytes = name.utf8
        guard bytes.count > most else { return name }
        var hash = Fingerprint()
        hash.add(bytes)
        var end = bytes.index(bytes.startIndex, offsetBy: most - 32)
        while end > bytes.startIndex, bytes[end] & 0xc0 == 0x80 { end = bytes.index(before: end) }
        return String(name[..<end]) + "...fnv1a-" + HexadecimalText.of(hash.value)
    }

    static func clamp(_ number: Int64) -> Int64 { min(max(number, 0), largestNumber) }
}
