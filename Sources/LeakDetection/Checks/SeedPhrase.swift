// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Seed phrases of wallets (BIP 39), known without the word lists.
enum SeedPhrase {
    /// Whether a text is twelve to twenty-four words of three to eight small letters and nothing else, none of them one
    /// that English sentences can hardly do without and the word lists leave out.
    static func isPhrase(_ text: some Collection<UInt8>) -> Bool {
        guard text.count >= 12 &* 4 &- 1, text.count <= 24 &* 9 else { return false }
        guard text.allSatisfy({ ByteClass.isLower($0) || $0 == 0x20 || $0 == 0x2c }) else { return false }
        let words = text.split { !ByteClass.isLower($0) }
        guard [12, 15, 18, 21, 24].contains(words.count) else { return false }
        return words.allSatisfy { word in
            (3...8).contains(word.count) && !sentenceWords.contains { $0.elementsEqual(word) }
        }
    }

    private static let sentenceWords: [[UInt8]] = [
        "the", "and", "for", "was", "are", "not", "with", "has", "had", "his", "her", "its", "from", "were", "which",
        "their", "been", "would", "there", "our", "your", "they", "please", "than", "but",
    ].map { Array($0.utf8) }
}
