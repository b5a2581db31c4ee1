// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How long ago a person may have signed in, as `max_age` says it.
struct MaximumAge {
    /// Seconds; `nil` for no matter how long.
    let seconds: Int64?

    /// Reads the parameter, which may be missing; `nil` for what is no number of seconds from a minute to a day.
    init?(_ text: String?) {
        guard let text else {
            seconds = nil
            return
        }
        guard text.utf8.count <= 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(text),
            (60...86_400).contains(number)
        else { return nil }
        seconds = number
    }
}
