// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Duration {
    /// Nanoseconds, at most those that fit.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !isTooLarge else { return .max }
        let (sum, overflows) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflows ? .max : sum
    }

    /// Milliseconds, at most those that fit.
    var wholeMilliseconds: Int { Int(clamping: wholeNanoseconds / 1_000_000) }
}
