// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What an RSA public key must be before work is done with it.
enum RSAKeyCheck {
    static let bits = 2048...8192

    /// 2048 to 8192 bits in whole bytes, an odd exponent from 3 up to 32 bits, and no fingerprint of CVE-2017-15361.
    ///
    /// - Parameters: numbers with the most significant byte first and no leading zero.
    static func isStrong(modulus: [UInt8], exponent: [UInt8]) -> Bool {
        guard let first = modulus.first, let last = modulus.last, first != 0, last & 1 == 1 else { return false }
        let count = modulus.count &* 8 &- first.leadingZeroBitCount
        guard bits.contains(count), count % 8 == 0, exponent.count <= 4, exponent.first != 0 else { return false }
        let value = exponent.reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        guard value >= 3, value & 1 == 1 else { return false }
        return !hasBrokenPrimes(modulus)
    }

    /// Whether the modulus is a power of 65537 modulo each of these primes. The primes of the broken generator are, and of
    /// random moduli one in 2^27.
    ///
    /// Source: Nemec et al., "The Return of Coppersmith's Attack", CCS 2017, section 2.2.
    private static func hasBrokenPrimes(_ modulus: [UInt8]) -> Bool {
        for prime in primes {
            let remainder = modulus.reduce(0 as UInt32) { ($0 << 8 | UInt32($1)) % prime }
            var power: UInt32 = 1
            var isInGroup = false
            repeat {
                if power == remainder {
                    isInGroup = true
                    break
                }
                power = power &* (65537 % prime) % prime
            } while power != 1
            if !isInGroup { return false }
        }
        return true
    }

    private static let primes: [UInt32] = [
        11, 13, 17, 19, 37, 53, 61, 71, 73, 79, 97, 103, 107, 109, 127, 151, 157,
    ]
}
