// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A part of the whole as the configuration writes it.
enum ShareText {
    /// A number from 0 to 1 with six digits behind the point.
    static func of(perMillion: Int) -> String {
        guard perMillion < 1_000_000 else { return "1" }
        let digits = String(perMillion)
        return "0." + String(repeating: "0", count: 6 - digits.utf8.count) + digits
    }
}
