// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The checksum that tokens of GitHub bear: the last six of 36 characters are the CRC-32 of the thirty before them.
enum GitHubToken {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// Whether a token, with its beginning of four characters, has the form of 2021 and the right checksum.
    static func isChecked(_ token: some Collection<UInt8>) -> Bool {
        guard token.count == 40 else { return false }
        let characters = Array(token.dropFirst(4))
        return checksum(of: characters.prefix(30)).elementsEqual(characters.suffix(6))
    }

    /// Six digits to the base 62.
    static func checksum(of characters: some Sequence<UInt8>) -> [UInt8] {
        var value = Int(Checksum.crc32(characters))
        var digits: [UInt8] = []
        for _ in 0..<6 {
            digits.append(alphabet[value % 62])
            value /= 62
        }
        return digits.reversed()
    }
}
