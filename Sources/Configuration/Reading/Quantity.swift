// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Spans of time and amounts of memory as they are written: a whole number with a unit.
enum Quantity {
    private static let timeUnits: KeyValuePairs<String, Int> = [
        "ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]
    private static let sizeUnits: KeyValuePairs<String, Int> = [
        "B": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "TiB": 1 << 40,
    ]

    /// Milliseconds of `250ms`, `30s`, `5m`, `24h` or `7d`.
    static func milliseconds(_ text: String) -> Int? { amount(text, timeUnits) }

    /// Bytes of `512B`, `64KiB`, `10MiB` or `2GiB`; a bare `0` is nothing.
    static func bytes(_ text: String) -> Int? { text == "0" ? 0 : amount(text, sizeUnits) }

    /// The shortest way to write a span of time.
    static func time(_ milliseconds: Int) -> String { written(milliseconds, timeUnits) }

    /// The shortest way to write an amount of memory.
    static func size(_ bytes: Int) -> String { bytes == 0 ? "0" : written(bytes, sizeUnits) }

    private static func amount(_ text: String, _ units: KeyValuePairs<String, Int>) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let value = Value.decimal(String(digits)),
            let unit = units.first(where: { $0.key.utf8.elementsEqual(text.utf8.dropFirst(digits.utf8.count)) })?.value
        else { return nil }
        let (product, overflow) = value.multipliedReportingOverflow(by: unit)
        return overflow ? nil : product
    }

    private static func written(_ value: Int, _ units: KeyValuePairs<String, Int>) -> String {
        for unit in units.reversed() where value != 0 && value % unit.value == 0 {
            return "\(value / unit.value)\(unit.key)"
        }
        return "\(value)\(units.first?.key ?? "")"
    }
}
