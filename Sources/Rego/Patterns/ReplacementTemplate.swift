// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What replaces a match, in Go's notation: `$1`, `${1}`, `$name`, `${name}`, and `$$` for a dollar sign.
struct ReplacementTemplate {
    private enum Part {
        case literal(Range<Int>)
        case groups([Int])
    }

    private let source: UnsafeBufferPointer<UInt8>
    private var parts: [Part] = []

    /// Reads a template for the groups of a pattern.
    init(_ source: UnsafeBufferPointer<UInt8>, for pattern: Pattern) {
        self.source = source
        var start = 0
        var position = 0
        while position < source.count {
            guard source[position] == UInt8(ascii: "$") else {
                position &+= 1
                continue
            }
            if position &+ 1 < source.count, source[position &+ 1] == UInt8(ascii: "$") {
                parts.append(.literal(start..<position &+ 1))
                position &+= 2
                start = position
            } else if let (name, end) = ReplacementTemplate.reference(in: source, at: position &+ 1) {
                if start < position { parts.append(.literal(start..<position)) }
                parts.append(.groups(ReplacementTemplate.groups(name, of: pattern)))
                position = end
                start = end
            } else {
                position &+= 1
            }
        }
        if start < source.count { parts.append(.literal(start..<source.count)) }
    }

    /// Whether groups are needed to fill it in.
    var usesGroups: Bool {
        parts.contains { if case .groups = $0 { true } else { false } }
    }

    /// Adds the template, filled in with the groups of a match.
    func append(_ match: PatternMatches, of text: UnsafeBufferPointer<UInt8>, to result: inout [UInt8]) {
        for part in parts {
            switch part {
            case .literal(let range):
                result += UnsafeBufferPointer(rebasing: source[range])
            case .groups(let numbers):
                for number in numbers {
                    guard let range = match[number] else { continue }
                    result += UnsafeBufferPointer(rebasing: text[range])
                    break
                }
            }
        }
    }

    private static func reference(
        in source: UnsafeBufferPointer<UInt8>, at position: Int
    ) -> (name: ArraySlice<UInt8>, end: Int)? {
        let hasBrace = position < source.count && source[position] == UInt8(ascii: "{")
        let start = hasBrace ? position &+ 1 : position
        var reader = ScalarReader(source, from: start)
        while let scalar = reader.peek(), isNamePart(scalar) { _ = reader.next() }
        guard reader.position > start else { return nil }
        let name = ArraySlice(source[start..<reader.position])
        guard hasBrace else { return (name, reader.position) }
        guard reader.peek() == "}" else { return nil }
        return (name, reader.position &+ 1)
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: scalar == "_"
        }
    }

    /// A number without a leading zero is a group's number, anything else a name.
    private static func groups(_ name: ArraySlice<UInt8>, of pattern: Pattern) -> [Int] {
        var number = 0
        for byte in name {
            guard byte >= 0x30, byte <= 0x39, number < 100_000_000 else { return pattern.groups(named: name) }
            number = number &* 10 &+ Int(byte &- 0x30)
        }
        if name.first == 0x30 && name.count > 1 { return pattern.groups(named: name) }
        return [number]
    }
}
