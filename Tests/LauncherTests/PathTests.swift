// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Launcher

@Suite struct PathTests {
    @Test(
        "normalizes without touching the disk",
        arguments: [
            ("/a//b/./c/", "/a/b/c"), ("/a/../../b", "/b"), ("/", "/"), ("//", "/"), ("/..", "/"),
        ])
    func normalizes(given: String, expected: String) {
        #expect(Path.normalized(given) == expected)
    }

    @Test(
        "contains at component boundaries only",
        arguments: [
            ("/a", "/a", true), ("/a", "/a/b", true), ("/a", "/ab", false), ("/", "/x", true), ("/a/b", "/a", false),
            ("/caf\u{e9}", "/cafe\u{301}/x", false),
        ])
    func contains(directory: String, path: String, expected: Bool) {
        #expect(Path.contains(directory, path) == expected)
    }
}
