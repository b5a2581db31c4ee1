// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import PolicyTool

@Suite struct DurationTextTests {
    @Test(
        "writes durations as Go does",
        arguments: [
            (0, "0s"), (7, "7ns"), (1500, "1.5µs"), (2_000_000, "2ms"), (1_234_567, "1.234567ms"),
            (5_000_000_000, "5s"),
        ] as [(UInt64, String)])
    func writing(nanoseconds: UInt64, text: String) {
        #expect(DurationText.text(nanoseconds) == text)
    }

    @Test(
        "reads durations as Go does",
        arguments: [
            ("5s", 5_000_000_000), ("100ms", 100_000_000), ("1m30s", 90_000_000_000), ("1.5h", 5_400_000_000_000),
            ("0", 0),
            ("", nil), ("5", nil), ("s", nil), ("5 s", nil), ("-5s", nil), ("1e3s", nil), ("99999999999h", nil),
        ] as [(String, UInt64?)])
    func reading(text: String, nanoseconds: UInt64?) {
        #expect(DurationText.nanoseconds(text) == nanoseconds)
    }
}
