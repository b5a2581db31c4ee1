// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Words that no person has chosen: encoded or random.
enum OpaqueText {
    /// Whether a segment of a path or a value of a query looks like a key: letters of both cases and digits, mixed, and
    /// evenly spread. Identifiers in hexadecimal digits are none, nor are images in Base64.
    static func isOpaque(_ text: some BidirectionalCollection<UInt8>) -> Bool {
        guard (24...512).contains(text.count) else { return false }
        guard text.allSatisfy({ ByteClass.isBase64($0) || $0 == 0x3d || $0 == 0x2e }) else { return false }
        guard text.contains(where: ByteClass.isUpper), text.contains(where: ByteClass.isLower),
            text.contains(where: ByteClass.isDigit), !isMedia(text)
        else { return false }
        // Words with hyphens between them have few changes between letters of both cases and digits.
        return changes(text) &* 3 >= text.count && ShannonEntropy.milliBits(text) >= 4000
    }

    /// Pairs of neighbours of different kinds: small letters, capitals, digits.
    private static func changes(_ text: some Collection<UInt8>) -> Int {
        zip(text, text.dropFirst()).count { kind($0) != kind($1) }
    }

    private static func kind(_ byte: UInt8) -> Int {
        ByteClass.isLower(byte) ? 0 : ByteClass.isUpper(byte) ? 1 : ByteClass.isDigit(byte) ? 2 : 3
    }

    /// Whether Base64 begins like an image or a document: PNG, JPEG, GIF, WebP, PDF, SVG.
    private static func isMedia(_ text: some Collection<UInt8>) -> Bool {
        ["iVBORw0KGgo", "/9j/", "R0lGOD", "UklGR", "JVBERi0", "PHN2Zy", "PD94bWw"].contains {
            text.starts(with: Array($0.utf8))
        }
    }
}
