// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A further look at what an expression has matched.
struct MatchFilter {
    let text: UnsafeBufferPointer<UInt8>
    /// The whole match and the groups.
    let groups: [Range<Int>?]

    /// The part of the text that is the finding, or nil when it is none.
    func apply(_ filter: LeakExpression.Filter) -> Range<Int>? {
        guard let whole = groups.first ?? nil else { return nil }
        switch filter {
        case .none: return whole
        case .password:
            return firstGroup.flatMap { AssignedValue.isPassword(UnsafeBufferPointer(rebasing: text[$0])) ? $0 : nil }
        case .unquoted: return isQuoted(whole) ? nil : whole
        case .file(let rule): return rule.secret(in: text, groups)
        }
    }

    private var firstGroup: Range<Int>? { groups.dropFirst().lazy.compactMap { $0 }.first }

    /// Whether a phrase stands in quotation marks within a sentence: it is spoken about, not said. A quotation mark that
    /// opens a JSON string is none.
    private func isQuoted(_ match: Range<Int>) -> Bool {
        var place = match.lowerBound
        // The match may begin inside of the quotation, after some other words of it.
        let floor = max(match.lowerBound &- 40, 0)
        while place > floor, !isMark(text[place &- 1]), text[place &- 1] != 0x0a { place &-= 1 }
        guard place > floor, isMark(text[place &- 1]) else { return false }
        let mark = text[place &- 1]
        guard text[match.upperBound..<min(match.upperBound &+ 200, text.count)].contains(mark) else { return false }
        var before = place &- 2
        // An apostrophe within a word is no mark.
        if mark == 0x27, before >= 0, ByteClass.isAlphanumeric(text[before]) { return false }
        while before >= 0, text[before] == 0x20 { before &-= 1 }
        guard before >= 0 else { return false }
        switch text[before] {
        case 0x5b, 0x2c, 0x7b: return mark != 0x22
        case 0x3a:
            var name = before &- 1
            while name >= 0, text[name] == 0x20 { name &-= 1 }
            return name < 0 || !isMark(text[name])
        default: return true
        }
    }

    private func isMark(_ byte: UInt8) -> Bool { byte == 0x22 || byte == 0x27 || byte == 0x60 }
}
