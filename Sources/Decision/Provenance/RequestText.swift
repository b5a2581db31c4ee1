// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The words of the person, in which a value must stand as a whole.
struct RequestText: Sendable {
    /// The text with its letters small, and as it was written; both have the same length.
    private var bytes: [UInt8] = []
    private var written: [UInt8] = []
    private var starts: [[UInt8]: [Int32]] = [:]

    /// Adds text behind a border that no value spans.
    mutating func append(_ text: [UInt8]) {
        if !written.isEmpty { written.append(0) }
        let first = written.count
        ByteClass.appendSpaced(text[...], to: &written)
        bytes += written[bytes.count...].map(ByteClass.lowered)
        var index = first
        while index < bytes.count {
            let word = self.word(at: index)
            if word.isEmpty {
                index &+= 1
            } else {
                // A word that stands everywhere would make looking for it slow.
                let key = Array(word)
                if starts[key]?.count ?? 0 < 1024 { starts[key, default: []].append(Int32(truncatingIfNeeded: index)) }
                index = word.endIndex
            }
        }
    }

    /// Whether the value stands in the text with nothing that ties it to what is before or behind.
    /// Letters may have another case unless it is to be there exactly.
    func contains(_ value: ArraySlice<UInt8>, exactly: Bool = false) -> Bool {
        var original: [UInt8] = []
        ByteClass.appendSpaced(value, to: &original)
        let wanted = original.map(ByteClass.lowered)
        guard wanted.count <= 1024, let lead = wanted.firstIndex(where: ByteClass.isWord) else { return false }
        let word = wanted[lead...].prefix { ByteClass.isWord($0) }
        for position in starts[Array(word)] ?? [] {
            let start = Int(position) &- lead
            let end = start &+ wanted.count
            guard start >= 0, end <= bytes.count, bytes[start..<end].elementsEqual(wanted) else { continue }
            guard !exactly || written[start..<end].elementsEqual(original) else { continue }
            if isFree(before: start), isFree(behind: end) { return true }
        }
        return false
    }

    /// Whether the text has the secret as written. One of letters alone must stand in quotation marks there, because any
    /// word of the request would do otherwise.
    func containsSecret(_ value: ArraySlice<UInt8>) -> Bool {
        let isPlain = value.allSatisfy { ByteClass.isLetter($0) || ByteClass.isSpace($0) }
        guard isPlain else { return contains(value, exactly: true) }
        return [UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "`")].contains { mark in
            contains(([mark] + value + [mark])[...], exactly: true)
        }
    }

    private func word(at start: Int) -> ArraySlice<UInt8> { bytes[start...].prefix { ByteClass.isWord($0) } }

    private func isFree(before start: Int) -> Bool {
        guard start > 0 else { return true }
        let byte = bytes[start &- 1]
        if ByteClass.isWord(byte) { return false }
        return !ByteClass.isTie(byte) || start == 1 || !ByteClass.isWord(bytes[start &- 2])
    }

    private func isFree(behind end: Int) -> Bool {
        guard end < bytes.count else { return true }
        let byte = bytes[end]
        if ByteClass.isWord(byte) { return false }
        return !ByteClass.isTie(byte) || end &+ 1 >= bytes.count || !ByteClass.isWord(bytes[end &+ 1])
    }
}
