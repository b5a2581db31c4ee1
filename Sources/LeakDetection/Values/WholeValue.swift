// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What can be said of a value because it is there as a whole and short.
struct WholeValue {
    /// Bytes of the longest value that is looked at in this way.
    static let longest = 8192

    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Phrases that are a line of their own.
    func matches(usesBuiltInRules: Bool) -> [LanePass.Match] {
        guard usesBuiltInRules else { return [] }
        var matches: [LanePass.Match] = []
        for line in bytes.split(whereSeparator: { $0 == 0x0a || $0 == 0x0d || $0 == 0x22 })
        where SeedPhrase.isPhrase(line) {
            matches.append(
                LanePass.Match(name: "seed-phrase", kind: .financial, range: line.startIndex..<line.endIndex))
        }
        return matches
    }

    /// Hexadecimal digits with something else between the pairs than runs have.
    func decoded() -> [[UInt8]] {
        var found: [[UInt8]] = []
        for delimiter in [UInt8(ascii: ":"), UInt8(ascii: " "), UInt8(ascii: ","), UInt8(ascii: ".")] {
            found += HexText.stretches(bytes, delimiter: delimiter)
        }
        return found
    }
}
