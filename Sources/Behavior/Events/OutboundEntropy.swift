// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How much a payload can carry: its length times the Shannon entropy of its bytes, in bits.
///
/// With c(b) bytes of value b among n, that is the sum over b of c(b) (log2 n - log2 c(b)), in Q16 throughout and
/// rounded down at the end.
public struct OutboundEntropy: Sendable {
    private var counts = [UInt32](repeating: 0, count: 256)
    private var total: UInt64 = 0

    /// Nothing.
    public init() {}

    /// Counts bytes. At most 2^31 are counted, those beyond are taken to carry eight bits each.
    public mutating func add(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            if total < 1 << 31 { counts[Int(byte)] += 1 }
            total += 1
        }
    }

    /// The bits of what was counted.
    public var bits: Int64 {
        let counted = min(total, 1 << 31)
        guard counted > 0 else { return 0 }
        let whole = Binary.log2(counted)
        var sum: Int64 = 0
        for count in counts where count > 0 {
            sum += Int64(count) * (whole - Binary.log2(UInt64(count)))
        }
        return BehaviorLimits.clamp((sum >> 16) + Int64(clamping: (total - counted) &* 8))
    }

    /// The bits of a payload.
    public static func bits(of bytes: some Sequence<UInt8>) -> Int64 {
        var entropy = OutboundEntropy()
        entropy.add(bytes)
        return entropy.bits
    }
}
