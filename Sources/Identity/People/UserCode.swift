// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a person reads on one device and types on another (RFC 8628 section 6.1): eight letters of twenty, none of them a
/// vowel, so that no words come out and no two look alike.
public struct UserCode: Sendable, Hashable {
    private static let alphabet = Array("BCDFGHJKLMNPQRSTVWXZ".utf8)
    private static let count = 8
    /// The eight letters.
    private let letters: [UInt8]

    /// A new code.
    public init(using generator: inout some RandomNumberGenerator) {
        letters = (0..<Self.count).compactMap { _ in Self.alphabet.randomElement(using: &generator) }
    }

    /// Reads what a person typed: in either case, with or without `-` and spaces.
    public init?(typed text: String) {
        guard text.utf8.count <= 32 else { return nil }
        var letters: [UInt8] = []
        for byte in text.utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: " ") {
            let upper = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & 0xdf : byte
            guard Self.alphabet.contains(upper) else { return nil }
            letters.append(upper)
        }
        guard letters.count == Self.count else { return nil }
        self.letters = letters
    }

    /// The code as it is shown: `WDJB-MJHT`.
    public var text: String {
        String(decoding: letters.prefix(4) + [UInt8(ascii: "-")] + letters.dropFirst(4), as: UTF8.self)
    }
}

extension UserCode: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
