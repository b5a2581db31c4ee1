// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the texts of OAuth may hold.
enum OAuthText {
    /// `VSCHAR` of RFC 6749 appendix A.
    static func isVisible(_ byte: UInt8) -> Bool { byte >= 0x20 && byte <= 0x7e }

    /// `NQCHAR`: what a scope may hold.
    static func isScopeByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte <= 0x7e && byte != 0x22 && byte != 0x5c
    }

    /// Whether a text is one scope (RFC 6749 section 3.3).
    static func isScope(_ text: some Collection<UInt8>) -> Bool {
        !text.isEmpty && text.count <= 512 && text.allSatisfy(isScopeByte)
    }

    /// Whether a text can stand behind `Bearer` in a header field (`b64token` of RFC 6750 section 2.1).
    static func isBearer(_ text: some Collection<UInt8>) -> Bool {
        var hasPadding = false
        for byte in text {
            if byte == 0x3d { hasPadding = true }
            guard hasPadding ? byte == 0x3d : EncodedText.isUnreserved(byte) || byte == 0x2b || byte == 0x2f else {
                return false
            }
        }
        return text.first.map { $0 != 0x3d } ?? false
    }

    /// Whether a text names a resource: an absolute URI without fragment (RFC 8707 section 2).
    static func isResource(_ text: some Collection<UInt8>) -> Bool {
        guard text.count <= 2048, let colon = text.firstIndex(of: 0x3a), let first = text.first else { return false }
        let isScheme = text[..<colon].allSatisfy { byte in
            (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x2b || byte == 0x2d || byte == 0x2e
        }
        return isScheme && (first | 0x20) &- 0x61 < 26 && text.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != 0x23 }
            && text.index(after: colon) != text.endIndex
    }

    /// A server's words in a form that a log bears: printable ASCII, bounded, and without anything as long and as
    /// shapeless as a token.
    static func safe(_ text: String, limit: Int = 200) -> String {
        var output: [UInt8] = []
        for word in text.utf8.prefix(limit &* 4).split(separator: 0x20) {
            if !output.isEmpty { output.append(0x20) }
            if word.count > 24 {
                output.append(contentsOf: "...".utf8)
            } else {
                output.append(contentsOf: word.map { $0 > 0x20 && $0 < 0x7f ? $0 : 0x3f })
            }
            if output.count >= limit { break }
        }
        return String(decoding: output.prefix(limit), as: UTF8.self)
    }
}
