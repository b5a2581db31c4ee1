// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import CRE2
import Testing

@Suite struct PatternLibraryTests {
    @Test func `finds the leftmost match from an offset with its groups`() throws {
        let source = Array("o(.)(x)?".utf8)
        let text = Array("foobar".utf8)
        let pattern = try #require(cre2_new(source, source.count, 1 << 20))
        defer { cre2_delete(pattern) }
        var groups = [cre2_range](repeating: cre2_range(start: 0, end: 0), count: 3)
        #expect(cre2_group_count(pattern) == 2)
        #expect(cre2_find(pattern, text, text.count, 0, &groups, groups.count))
        #expect(groups.map(\.start) == [1, 2, -1])
        #expect(groups.map(\.end) == [3, 3, -1])
        #expect(!cre2_find(pattern, text, text.count, 3, &groups, groups.count))
    }

    @Test func `matches a pattern that makes others backtrack in linear time`() throws {
        let source = Array("(a+)+$".utf8)
        let text = [UInt8](repeating: 0x61, count: 1 << 20) + [0x21]
        let pattern = try #require(cre2_new(source, source.count, 1 << 20))
        defer { cre2_delete(pattern) }
        #expect(!cre2_matches(pattern, text, text.count))
    }

    @Test func `says what is wrong with a pattern`() throws {
        let source = Array("a[b".utf8)
        let pattern = try #require(cre2_new(source, source.count, 1 << 20))
        defer { cre2_delete(pattern) }
        var count = 0
        let argument = try #require(cre2_error_argument(pattern, &count))
        #expect(cre2_status_of(pattern) == cre2_missing_bracket)
        #expect(String(cString: argument) == "[b")
    }
}
