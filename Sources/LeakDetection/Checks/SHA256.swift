// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// SHA-256 (FIPS 180-4), for the checksums of addresses: short texts, and no secret is protected by it.
enum SHA256 {
    /// The digest.
    static func digest(_ message: [UInt8]) -> [UInt8] {
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        let bits = UInt64(message.count) &* 8
        for index in 0..<8 { padded.append(UInt8(truncatingIfNeeded: bits &>> UInt64(56 &- 8 &* index))) }
        var state = initial
        for start in stride(from: 0, to: padded.count, by: 64) { compress(padded[start..<(start &+ 64)], into: &state) }
        return state.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word &>> UInt32(24 &- 8 &* $0)) } }
    }

    private static func compress(_ block: ArraySlice<UInt8>, into state: inout [UInt32]) {
        var words = (0..<16).map { index in
            (0..<4).reduce(UInt32(0)) { $0 &<< 8 | UInt32(block[block.startIndex &+ index &* 4 &+ $1]) }
        }
        for index in 16..<64 {
            let first = words[index &- 15]
            let second = words[index &- 2]
            let low = rotate(first, 7) ^ rotate(first, 18) ^ first &>> 3
            let high = rotate(second, 17) ^ rotate(second, 19) ^ second &>> 10
            words.append(words[index &- 16] &+ low &+ words[index &- 7] &+ high)
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let high = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let first = h &+ high &+ (e & f ^ ~e & g) &+ constants[index] &+ words[index]
            let low = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let second = low &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e) = (g, f, e, d &+ first)
            (d, c, b, a) = (c, b, a, first &+ second)
        }
        for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] = state[index] &+ value }
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 {
        word &>> count | word &<< (32 &- count)
    }

    /// The first primes.
    private static let primes: [UInt64] = (2...311).filter { number in !(2..<number).contains { number % $0 == 0 } }

    /// The first 32 bits of the fraction of the square root of the first eight primes.
    private static let initial: [UInt32] = primes.prefix(8).map { fraction(of: $0, power: 2) }
    /// The same of the cube root of the first sixty-four.
    private static let constants: [UInt32] = primes.prefix(64).map { fraction(of: $0, power: 3) }

    /// The last 32 bits of `floor(prime^(1/power) * 2^32)`, found bit by bit.
    private static func fraction(of prime: UInt64, power: Int) -> UInt32 {
        var root: UInt64 = 0
        for bit in stride(from: 35, through: 0, by: -1) {
            let candidate = root | 1 &<< UInt64(bit)
            if isAtMost(candidate, power: power, prime: prime) { root = candidate }
        }
        return UInt32(truncatingIfNeeded: root)
    }

    /// Whether `candidate^power <= prime * 2^(32 * power)`.
    private static func isAtMost(_ candidate: UInt64, power: Int, prime: UInt64) -> Bool {
        let value = UInt128(candidate)
        let product = power == 2 ? value &* value : value &* value &* value
        return product <= UInt128(prime) &<< UInt128(32 &* power)
    }
}
