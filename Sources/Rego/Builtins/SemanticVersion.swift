// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A version as Semantic Versioning 2.0.0 writes it; a `v` may stand before it.
struct SemanticVersion {
    /// Major, minor and patch.
    private let numbers: [Int64]
    /// The identifiers after the hyphen; none for a release.
    private let preRelease: [ArraySlice<UInt8>]

    /// Reads a version; nil if the text is none.
    init?(_ text: UnsafeBufferPointer<UInt8>) {
        var rest = ArraySlice(text)
        if rest.first == UInt8(ascii: "v") { rest.removeFirst() }
        if let plus = rest.firstIndex(of: UInt8(ascii: "+")) {
            let build = SemanticVersion.identifiers(rest[(plus &+ 1)...])
            guard build.allSatisfy({ SemanticVersion.isIdentifier($0) }) else { return nil }
            rest = rest[..<plus]
        }
        var preRelease: [ArraySlice<UInt8>] = []
        if let hyphen = rest.firstIndex(of: UInt8(ascii: "-")) {
            preRelease = SemanticVersion.identifiers(rest[(hyphen &+ 1)...])
            let areIdentifiers = preRelease.allSatisfy { identifier in
                SemanticVersion.isIdentifier(identifier)
                    && !(SemanticVersion.isNumeric(identifier) && SemanticVersion.hasLeadingZero(identifier))
            }
            guard areIdentifiers else { return nil }
            rest = rest[..<hyphen]
        }
        let numbers = SemanticVersion.identifiers(rest).compactMap { SemanticVersion.number($0) }
        guard numbers.count == 3, rest.count(where: { $0 == UInt8(ascii: ".") }) == 2 else { return nil }
        self.numbers = numbers
        self.preRelease = preRelease
    }

    /// Negative, zero or positive, as it precedes, equals or follows another one.
    func compare(to other: SemanticVersion) -> Int {
        for (left, right) in zip(numbers, other.numbers) where left != right { return left < right ? -1 : 1 }
        if preRelease.isEmpty || other.preRelease.isEmpty {
            return (preRelease.isEmpty ? 1 : 0) - (other.preRelease.isEmpty ? 1 : 0)
        }
        for (left, right) in zip(preRelease, other.preRelease) {
            let order = SemanticVersion.compare(left, right)
            if order != 0 { return order }
        }
        return (preRelease.count - other.preRelease.count).signum()
    }

    /// Numbers by value before other identifiers by their characters.
    private static func compare(_ left: ArraySlice<UInt8>, _ right: ArraySlice<UInt8>) -> Int {
        if left.elementsEqual(right) { return 0 }
        switch (isNumeric(left), isNumeric(right)) {
        case (true, false): return -1
        case (false, true): return 1
        case (true, true) where left.count != right.count: return left.count < right.count ? -1 : 1
        default: return left.lexicographicallyPrecedes(right) ? -1 : 1
        }
    }

    private static func identifiers(_ text: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        text.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    }

    private static func isIdentifier(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty
            && text.allSatisfy { byte in
                isDigit(byte) || byte == UInt8(ascii: "-") || (byte | 0x20) &- UInt8(ascii: "a") < 26
            }
    }

    private static func isNumeric(_ text: ArraySlice<UInt8>) -> Bool {
        text.allSatisfy(isDigit)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") < 10
    }

    private static func hasLeadingZero(_ text: ArraySlice<UInt8>) -> Bool {
        text.count > 1 && text.first == UInt8(ascii: "0")
    }

    private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        guard !text.isEmpty, isNumeric(text), !hasLeadingZero(text) else { return nil }
        return Int64(String(decoding: text, as: UTF8.self))
    }
}
