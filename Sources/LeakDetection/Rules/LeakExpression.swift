// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CRE2

/// A compiled expression of RE2, which takes time in proportion to the text, whatever either says.
final class LeakExpression: @unchecked Sendable {
    // Unchecked: RE2 lets several threads match with one program, and nothing here changes after `init`.

    /// A further look at what matches.
    enum Filter: Sendable {
        case none
        /// The first group is a value that looks like a password or a key, not like a word or a variable.
        case password
        /// Not merely mentioned: quoted in a sentence.
        case unquoted
        /// What a rule file demands.
        case file(FileRuleFilter)
    }

    /// Why an expression is not taken.
    struct Failure: Error, Hashable {}

    private let program: OpaquePointer
    /// Groups in parentheses.
    let groupCount: Int
    let filter: Filter

    init(_ source: String, filter: Filter = .none, memory: Int) throws(Failure) {
        let bytes = Array(source.utf8)
        guard let program = bytes.withUnsafeBufferPointer({ cre2_new($0.baseAddress, $0.count, Int64(memory)) }) else {
            throw Failure()
        }
        guard cre2_status_of(program) == cre2_ok else {
            cre2_delete(program)
            throw Failure()
        }
        self.program = program
        groupCount = Int(max(cre2_group_count(program), 0))
        self.filter = filter
    }

    deinit { cre2_delete(program) }

    /// Whether it matches anywhere.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool { cre2_matches(program, text.baseAddress, text.count) }

    /// The whole match at or after an offset, and then the groups, each nil where it took no part.
    func find(in text: UnsafeBufferPointer<UInt8>, from offset: Int) -> [Range<Int>?]? {
        var ranges = [cre2_range](repeating: cre2_range(start: -1, end: -1), count: min(groupCount, 15) &+ 1)
        guard cre2_find(program, text.baseAddress, text.count, offset, &ranges, ranges.count) else { return nil }
        return ranges.map { $0.start >= 0 && $0.end >= $0.start ? Int($0.start)..<Int($0.end) : nil }
    }

    /// Calls `body` with each match in a part of a text that passes the filter, until it returns false. A match that goes
    /// to the end of the part is sought again in one that is so much longer.
    func forEachMatch(
        in text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, extending extra: Int = 0, _ body: (Range<Int>) -> Bool
    ) {
        var part = UnsafeBufferPointer(rebasing: text[range])
        guard matches(part) else { return }
        var offset = 0
        while offset < part.count, let groups = find(in: part, from: offset), let whole = groups[0] {
            let longer = min(range.upperBound &+ extra, text.count) &- range.lowerBound
            if whole.upperBound == part.count, longer > part.count {
                part = UnsafeBufferPointer(rebasing: text[range.lowerBound..<(range.lowerBound &+ longer)])
                continue
            }
            offset = max(whole.upperBound, whole.lowerBound &+ 1)
            guard let kept = MatchFilter(text: part, groups: groups).apply(filter) else { continue }
            if !body((kept.lowerBound &+ range.lowerBound)..<(kept.upperBound &+ range.lowerBound)) { return }
        }
    }
}
