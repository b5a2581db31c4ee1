// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Durations as Go writes them: `1h15m30.918s`.
enum DurationText {
    private static let units: [[UInt8]: UInt64] = Dictionary(
        uniqueKeysWithValues: [
            ("ns", 1), ("us", 1000), ("\u{B5}s", 1000), ("\u{3BC}s", 1000), ("ms", 1_000_000), ("s", 1_000_000_000),
            ("m", 60_000_000_000), ("h", 3_600_000_000_000),
        ].map { (Array($0.utf8), $1) })

    private static let limit = UInt64(1) << 63

    /// The nanoseconds of a duration.
    static func read(_ text: UnsafeBufferPointer<UInt8>) throws(BuiltinFailure) -> Int64 {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        if rest.count == 1 && rest.first == UInt8(ascii: "0") { return 0 }
        guard !rest.isEmpty else { throw invalid(text) }
        var total: UInt64 = 0
        while !rest.isEmpty {
            let part = try readPart(&rest, of: text)
            let (sum, overflow) = total.addingReportingOverflow(part)
            guard !overflow, sum <= limit else { throw invalid(text) }
            total = sum
        }
        if isNegative { return Int64(truncatingIfNeeded: 0 &- total) }
        guard total < limit else { throw invalid(text) }
        return Int64(total)
    }

    private static func readPart(
        _ rest: inout Slice<UnsafeBufferPointer<UInt8>>, of text: UnsafeBufferPointer<UInt8>
    ) throws(BuiltinFailure) -> UInt64 {
        let digits = rest.prefix { $0.isDecimalDigit }
        var whole: UInt64 = 0
        for digit in digits {
            let (product, overflow) = whole.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit &- 0x30))
            guard !overflow, !carry, sum <= limit else { throw invalid(text) }
            whole = sum
        }
        rest = rest.dropFirst(digits.count)
        var fraction: UInt64 = 0
        var scale = 1.0
        var fractionCount = 0
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            for digit in rest.prefix(while: { $0.isDecimalDigit }) {
                fractionCount &+= 1
                // Digits beyond what fits do not matter.
                guard fraction <= (limit &- 10) / 10 else { continue }
                fraction = fraction &* 10 &+ UInt64(digit &- 0x30)
                scale *= 10
            }
            rest = rest.dropFirst(fractionCount)
        }
        guard !digits.isEmpty || fractionCount > 0 else { throw invalid(text) }
        let name = rest.prefix { !$0.isDecimalDigit && $0 != UInt8(ascii: ".") }
        guard !name.isEmpty else { throw .value("time: missing unit in duration \(TimeText.quote(text))") }
        guard let unit = units[Array(name)] else {
            throw .value("time: unknown unit \(TimeText.quote(name)) in duration \(TimeText.quote(text))")
        }
        rest = rest.dropFirst(name.count)
        guard whole <= limit / unit else { throw invalid(text) }
        let result = whole &* unit &+ (fraction > 0 ? UInt64(Double(fraction) * (Double(unit) / scale)) : 0)
        guard result <= limit else { throw invalid(text) }
        return result
    }

    private static func invalid(_ text: UnsafeBufferPointer<UInt8>) -> BuiltinFailure {
        .value("time: invalid duration \(TimeText.quote(text))")
    }
}
