// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The form of a token: a beginning that tells it from all else, and what follows.
///
/// It is matched where the beginning was seen, from left to right, each part taking as much as it may. What stands before
/// does not matter unless the beginning is short: whoever wants to hide a token would write something before it.
struct TokenShape: Sendable {
    /// So many characters of a set.
    struct Part: Sendable {
        let set: CharacterSet
        let counts: ClosedRange<Int>
        /// What stands after them.
        var end: [UInt8] = []

        init(_ set: CharacterSet, _ counts: ClosedRange<Int>, then end: String = "") {
            self.set = set
            self.counts = counts
            self.end = Array(end.utf8)
        }
    }

    /// A further look at what has the form.
    enum Check: Sendable {
        /// The header decodes to an object that names an algorithm (RFC 7515 section 4.1.1).
        case tokenHeader
        /// At least five different characters after the beginning.
        case varied
    }

    let beginning: [UInt8]
    let parts: [Part]
    /// Whether no letter or digit may stand before it.
    let isBounded: Bool
    let check: Check

    init(_ beginning: String, _ parts: Part..., isBounded: Bool = false, check: Check = .varied) {
        self.beginning = Array(beginning.utf8)
        self.parts = parts
        self.isBounded = isBounded
        self.check = check
    }

    /// Where the token that begins at `start` ends, or nil. It may end later when the text goes on.
    func end(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
        guard start >= 0, start &+ beginning.count <= text.count else { return nil }
        for index in 0..<beginning.count where text[start &+ index] != beginning[index] { return nil }
        if isBounded, start > 0, ByteClass.isAlphanumeric(text[start &- 1]) || text[start &- 1] == 0x5f { return nil }
        var place = start &+ beginning.count
        for part in parts {
            let first = place
            let limit = min(text.count, first &+ part.counts.upperBound)
            while place < limit, part.set.contains(text[place]) { place &+= 1 }
            guard place &- first >= part.counts.lowerBound else { return nil }
            guard part.end.count <= text.count &- place else { return nil }
            for index in 0..<part.end.count where text[place &+ index] != part.end[index] { return nil }
            place &+= part.end.count
        }
        return passes(UnsafeBufferPointer(rebasing: text[start..<place])) ? place : nil
    }

    private func passes(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        switch check {
        case .varied: return isVaried(token)
        case .tokenHeader:
            let header = token.prefix { $0 != 0x2e }
            let values = header.map { EncodedRun.values[Int($0)] }
            let text = EncodedRun.base64(values[...])
            guard text.first == UInt8(ascii: "{"), ASCIIText.isPlain(text) else { return false }
            return text.contains(Array("\"alg\"".utf8)) || text.contains(Array("\"typ\"".utf8))
        }
    }

    /// Whether there are five different characters after the beginning, letters of either case being alike.
    private func isVaried(_ token: UnsafeBufferPointer<UInt8>) -> Bool {
        var seen: UInt64 = 0
        for index in beginning.count..<token.count {
            seen |= 1 &<< UInt64(token[index] & 0x3f)
            if seen.nonzeroBitCount >= 5 { return true }
        }
        return false
    }
}
