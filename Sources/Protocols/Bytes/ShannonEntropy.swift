// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How evenly the bytes of a text are spread, in fixed point, so that it comes out alike everywhere.
package enum ShannonEntropy {
    /// Thousandths of a bit for each byte, rounded down, with an error below two.
    package static func milliBits(_ bytes: some Sequence<UInt8>) -> Int {
        var counts = [UInt64](repeating: 0, count: 256)
        var total: UInt64 = 0
        for byte in bytes {
            counts[Int(byte)] &+= 1
            total &+= 1
        }
        guard total > 0 else { return 0 }
        // H = log2(n) - sum(c * log2(c)) / n, with logarithms in 65536ths.
        var weighted: UInt64 = 0
        for count in counts where count > 1 { weighted &+= count &* log2(count) }
        let value = log2(total) &- min(weighted / total, log2(total))
        return Int((value &* 1000) &>> 16)
    }

    /// What the bytes can carry at most, in whole bits, rounded down.
    package static func bits(of bytes: some Collection<UInt8>) -> Int64 {
        Int64(clamping: bytes.count) * Int64(milliBits(bytes)) / 1000
    }

    /// The logarithm to the base 2 in 65536ths, rounded down.
    static func log2(_ value: UInt64) -> UInt64 {
        guard value > 0 else { return 0 }
        let whole = UInt64(63 &- value.leadingZeroBitCount)
        var result = whole
        // The mantissa from 1 up to 2, in 2^31ths; squaring it gives one bit after the other.
        var mantissa = whole > 31 ? value &>> (whole &- 31) : value &<< (31 &- whole)
        for _ in 0..<16 {
            mantissa = (mantissa &* mantissa) &>> 31
            result &<<= 1
            if mantissa &>> 32 != 0 {
                result |= 1
                mantissa &>>= 1
            }
        }
        return result
    }
}
