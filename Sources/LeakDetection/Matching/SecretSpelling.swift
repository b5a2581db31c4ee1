// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One spelling of a registered secret: bytes that stand for it in a text.
struct SecretSpelling: Sendable, Hashable {
    /// The bytes.
    let bytes: [UInt8]
    /// The view that they are a shorthand for.
    let path: [LeakView]
    /// Whether letters of either case count.
    let ignoresCase: Bool

    /// The spellings that can be listed. What cannot, any subset of escaped bytes and encodings inside one another, is
    /// found in views, which lead back to these.
    static func all(of secret: [UInt8]) -> [SecretSpelling] {
        let backwards = Array(secret.reversed())
        var list = SpellingList()
        list.add(secret, [])
        var plain = secret
        for _ in 0..<3 {
            plain = Unescaper.unescaped(plain)
            list.add(plain, [.folded])
        }
        list.add(backwards, [.reversed])
        list.add(EncodedBytes.hexadecimal(secret), [.hex], ignoresCase: true)
        list.add(EncodedBytes.hexadecimal(secret).reversed(), [.reversed, .hex], ignoresCase: true)
        for text in [secret, backwards] {
            for isLittle in [false, true] {
                list.add(EncodedBytes.utf16(text, isLittleEndian: isLittle), text == secret ? [.utf16] : [.reversed])
            }
        }
        for isURL in [false, true] {
            for shift in 0..<3 {
                let text = EncodedBytes.base64Core(secret, shift: shift, isURL: isURL)
                list.add(text, [.base64])
                list.add(text.reversed(), [.reversed, .base64])
            }
        }
        return list.spellings
    }
}

/// Spellings, each once, the first to come with the fewest views.
private struct SpellingList {
    private(set) var spellings: [SecretSpelling] = []
    private var seen: Set<[UInt8]> = []

    mutating func add(_ bytes: some Sequence<UInt8>, _ path: [LeakView], ignoresCase: Bool = false) {
        let bytes = Array(bytes)
        guard bytes.count >= LeakMatcher.minimumSecretBytes, seen.insert(bytes).inserted else { return }
        spellings.append(SecretSpelling(bytes: bytes, path: path, ignoresCase: ignoresCase))
    }
}
