// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Addresses and keys of crypto-currencies.
enum CryptoAddress {
    /// Whether the length and the first character are those of one.
    static func mayBe(_ word: some RandomAccessCollection<UInt8>) -> Bool {
        guard let first = word.first, (25...90).contains(word.count) else { return false }
        switch first {
        case UInt8(ascii: "1"), UInt8(ascii: "3"): return word.count <= 35
        case UInt8(ascii: "5"), UInt8(ascii: "K"), UInt8(ascii: "L"): return word.count == 51 || word.count == 52
        case UInt8(ascii: "b"), UInt8(ascii: "B"): return true
        case UInt8(ascii: "0"): return word.count == 42
        default: return false
        }
    }

    /// What a word of letters and digits is, if it is one.
    static func name(of word: some BidirectionalCollection<UInt8>) -> String? {
        guard let first = word.first, (25...90).contains(word.count) else { return nil }
        switch first {
        case UInt8(ascii: "1"), UInt8(ascii: "3"):
            guard word.count <= 35, Base58.checked(word)?.count == 21 else { return nil }
            return "bitcoin-address"
        case UInt8(ascii: "5"), UInt8(ascii: "K"), UInt8(ascii: "L"):
            guard word.count == 51 || word.count == 52, let bytes = Base58.checked(word), bytes.first == 0x80 else {
                return nil
            }
            return "bitcoin-private-key"
        case UInt8(ascii: "b"), UInt8(ascii: "B"):
            let small = word.map { ByteClass.isUpper($0) ? $0 | 0x20 : $0 }
            return small.starts(with: Array("bc1".utf8)) && Checksum.isBech32(small) ? "bitcoin-address" : nil
        case UInt8(ascii: "0"):
            guard word.count == 42, word.dropFirst().first == UInt8(ascii: "x") else { return nil }
            return word.dropFirst(2).allSatisfy { ByteClass.hexValue($0) < 16 } ? "ethereum-address" : nil
        default: return nil
        }
    }
}
