// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Base58 with a checksum, as addresses and keys of Bitcoin have it.
enum Base58 {
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (index, byte) in "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8.enumerated() {
            values[Int(byte)] = UInt8(index)
        }
        return values
    }()

    /// The bytes before the checksum, when it is right.
    static func checked(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count <= 64 else { return nil }
        var bytes: [UInt8] = []
        for byte in text {
            let value = values[Int(byte)]
            guard value < 58 else { return nil }
            var carry = Int(value)
            for index in bytes.indices.reversed() {
                carry &+= Int(bytes[index]) &* 58
                bytes[index] = UInt8(truncatingIfNeeded: carry)
                carry &>>= 8
            }
            while carry > 0 {
                bytes.insert(UInt8(truncatingIfNeeded: carry), at: 0)
                carry &>>= 8
            }
        }
        bytes = [UInt8](repeating: 0, count: text.prefix { $0 == 0x31 }.count) + bytes
        guard bytes.count > 4 else { return nil }
        let payload = Array(bytes.dropLast(4))
        return SHA256.digest(SHA256.digest(payload)).prefix(4).elementsEqual(bytes.suffix(4)) ? payload : nil
    }
}
