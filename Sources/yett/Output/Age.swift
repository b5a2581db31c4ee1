// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// A point in time given as an age.
enum Age {
    /// The Unix second that lies `text` ago.
    ///
    /// - Parameter text: A number with `s`, `m`, `h` or `d`.
    static func ago(_ text: String) throws -> Int64 {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count >= 0,
            count < 100_000_000
        else {
            throw CommandFailure("“\(text)” is no age; write a number with s, m, h or d, such as 15m", code: .usage)
        }
        return Int64(time(nil)) - count * unit
    }
}
