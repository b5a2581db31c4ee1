// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Keywords of two and three bytes: a set of pairs, looked up at each place of a text. Only made use of when there are any.
struct ShortKeywords: Sendable {
    private let pairs: [UInt64]
    /// The keywords in small letters, and their rules.
    private let list: [(keyword: [UInt8], rules: [Int])]
    /// Rules with a keyword of one byte or none, which are tried on every text.
    let always: [Int]

    init(_ keywords: [[UInt8]: [Int]]) {
        var pairs = [UInt64](repeating: 0, count: 1024)
        let sorted = keywords.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        list = sorted.filter { $0.key.count >= 2 }.map { ($0.key, $0.value) }
        for (keyword, _) in list {
            let pair = Self.pair(keyword[0], keyword[1])
            pairs[pair &>> 6] |= 1 &<< UInt64(pair & 63)
        }
        always = sorted.filter { $0.key.count < 2 }.flatMap(\.value)
        self.pairs = pairs
    }

    var isEmpty: Bool { list.isEmpty }

    /// Calls `body` with every place of a keyword and its rules.
    func forEachHit(in text: UnsafeBufferPointer<UInt8>, from start: Int, _ body: (Int, [Int]) -> Void) {
        guard !list.isEmpty, text.count >= 2 else { return }
        pairs.withUnsafeBufferPointer { pairs in
            for place in max(start, 0)..<(text.count &- 1) {
                let pair = Self.pair(text[place], text[place &+ 1])
                guard pairs[pair &>> 6] &>> UInt64(pair & 63) & 1 != 0 else { continue }
                for (keyword, rules) in list where Self.matches(text, place, keyword) { body(place, rules) }
            }
        }
    }

    @inline(__always)
    private static func pair(_ first: UInt8, _ second: UInt8) -> Int {
        Int(first | 0x20) | Int(second | 0x20) &<< 8
    }

    /// Whether a keyword in small letters stands at a place, in letters of either case.
    @inline(__always)
    static func matches(_ text: UnsafeBufferPointer<UInt8>, _ start: Int, _ keyword: [UInt8]) -> Bool {
        guard start >= 0, start &+ keyword.count <= text.count else { return false }
        for index in 0..<keyword.count {
            let byte = text[start &+ index]
            guard (ByteClass.isUpper(byte) ? byte | 0x20 : byte) == keyword[index] else { return false }
        }
        return true
    }
}
