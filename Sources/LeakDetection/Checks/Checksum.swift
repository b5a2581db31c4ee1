// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Checks that tell a number from others of its length.
enum Checksum {
    /// The check digit of payment cards (ISO/IEC 7812-1 annex B), of digits as numbers.
    static func isLuhn(_ digits: some BidirectionalCollection<UInt8>) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let doubled = Int(digit) &* 2
            sum &+= index & 1 == 0 ? Int(digit) : doubled > 9 ? doubled &- 9 : doubled
        }
        return sum % 10 == 0
    }

    /// The remainder modulo 97 of an account number (ISO 13616), of its characters without blanks.
    static func isIBAN(_ characters: some Collection<UInt8>) -> Bool {
        var remainder = 0
        for byte in Array(characters.dropFirst(4)) + Array(characters.prefix(4)) {
            if ByteClass.isDigit(byte) {
                remainder = (remainder &* 10 &+ Int(byte &- 0x30)) % 97
            } else if ByteClass.isUpper(byte) {
                remainder = (remainder &* 100 &+ Int(byte &- 0x41) &+ 10) % 97
            } else {
                return false
            }
        }
        return remainder == 1
    }

    /// CRC-32 as in IEEE 802.3.
    static func crc32(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var value: UInt32 = 0xffff_ffff
        for byte in bytes {
            value ^= UInt32(byte)
            for _ in 0..<8 { value = value & 1 == 0 ? value &>> 1 : value &>> 1 ^ 0xedb8_8320 }
        }
        return ~value
    }

    /// The checksum of Bech32 and Bech32m (BIP 173, BIP 350), of an address in small letters.
    static func isBech32(_ text: some Collection<UInt8>) -> Bool {
        let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
        let text = Array(text)
        guard let mark = text.lastIndex(of: 0x31), mark > 0 else { return false }
        var values = text[..<mark].map { UInt32($0 &>> 5) } + [0] + text[..<mark].map { UInt32($0 & 31) }
        for byte in text[(mark &+ 1)...] {
            guard let value = alphabet.firstIndex(of: byte) else { return false }
            values.append(UInt32(value))
        }
        let generators: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        var sum: UInt32 = 1
        for value in values {
            let top = sum &>> 25
            sum = (sum & 0x1ff_ffff) &<< 5 ^ value
            for index in 0..<5 where top &>> UInt32(index) & 1 != 0 { sum ^= generators[index] }
        }
        return sum == 1 || sum == 0x2bc8_30a3
    }
}
