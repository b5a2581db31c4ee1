// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CRE2

/// The matches of a pattern in a text from left to right, as Go finds them: an empty match right after another one
/// does not count.
struct PatternMatches {
    private let pattern: Pattern
    private let text: UnsafeBufferPointer<UInt8>
    private let context: BuiltinContext
    private var groups: [cre2_range]
    private var position = 0
    private var previousEnd = -1
    private var turns = 0
    private var start: UInt64 = 0

    /// Looks for matches.
    ///
    /// - Parameter withGroups: whether more than the whole matches is asked for.
    init(_ pattern: Pattern, in text: UnsafeBufferPointer<UInt8>, withGroups: Bool, _ context: BuiltinContext) {
        self.pattern = pattern
        self.text = text
        self.context = context
        groups = [cre2_range](
            repeating: cre2_range(start: -1, end: -1), count: withGroups ? pattern.groupCount &+ 1 : 1)
    }

    /// The bytes of the whole match.
    var whole: Range<Int> { self[0] ?? 0..<0 }

    /// The bytes of a group, 0 being the whole match; nil if it took no part or there is none.
    subscript(group: Int) -> Range<Int>? {
        guard group >= 0, group < groups.count, groups[group].start >= 0, groups[group].end >= groups[group].start,
            groups[group].end <= text.count
        else { return nil }
        return groups[group].start..<groups[group].end
    }

    /// The groups with the whole match, or 1.
    var count: Int { groups.count }

    /// Finds the next match.
    mutating func next() throws(BuiltinFailure) -> Bool {
        while position <= text.count {
            try charge()
            guard pattern.find(in: text, from: position, groups: &groups) else {
                position = text.count &+ 1
                return false
            }
            let found = whole
            try context.charge(found.upperBound.subtractingReportingOverflow(position).partialValue / 64)
            if found.isEmpty && !isBoundary(found.lowerBound) {
                position = boundary(after: found.lowerBound)
                continue
            }
            let isRepeated = found.upperBound == position && found.lowerBound == previousEnd
            position = found.upperBound == position ? boundary(after: position) : found.upperBound
            previousEnd = found.upperBound
            if !isRepeated { return true }
        }
        return false
    }

    /// A match may have to read far ahead, which its length does not tell; so the clock bounds many of them.
    private mutating func charge() throws(BuiltinFailure) {
        try context.charge(1)
        turns &+= 1
        guard turns & 15 == 0 else { return }
        let now = cre2_nanoseconds()
        if start == 0 { start = now }
        if now &- start > context.limits.nanoseconds { throw .limit(.time) }
        if context.heap.isExhausted { throw .limit(.memory) }
    }

    private func isBoundary(_ offset: Int) -> Bool {
        offset >= text.count || text[offset] & 0xC0 != 0x80
    }

    private func boundary(after offset: Int) -> Int {
        var next = offset &+ 1
        while !isBoundary(next) { next &+= 1 }
        return next
    }
}
