// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import LeakDetection
import Testing

@Suite("LeakScanner") struct LeakScannerTests {
    @Test("finds an access key in a stream")
    func findsKey() throws {
        let matcher = try LeakMatcher()
        var scanner = LeakScanner(matcher)
        let found = scanner.scan(Array("key=AKIAIOSFODNN7EXAMPLE&x".utf8)) + scanner.finish()
        #expect(found.map(\.name) == ["aws-access-key"])
        #expect(found.first?.offset == 4)
        #expect(found.first?.length == 20)
    }
}
