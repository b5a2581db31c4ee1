// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Numbers as people read them.
enum Amount {
    /// Bytes in units of 1024, such as `3.4 MiB`.
    static func bytes(_ count: Int64) -> String { ByteCount.text(count) }

    /// A span of time with its two largest units, such as `4m 12s`.
    static func time(seconds: Int64) -> String {
        let seconds = max(seconds, 0)
        switch seconds {
        case ..<60: return "\(seconds)s"
        case ..<3600: return "\(seconds / 60)m \(seconds % 60)s"
        case ..<86_400: return "\(seconds / 3600)h \(seconds % 3600 / 60)m"
        default: return "\(seconds / 86_400)d \(seconds % 86_400 / 3600)h"
        }
    }

    /// A count with commas between thousands, such as `12,400`.
    static func count(_ number: some BinaryInteger) -> String {
        let digits = Array(String(number).utf8)
        var grouped: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0, digits[index - 1] != UInt8(ascii: "-") {
                grouped.append(UInt8(ascii: ","))
            }
            grouped.append(digit)
        }
        return String(decoding: grouped, as: UTF8.self)
    }

    /// A count with its noun, such as `1 connection` or `3 connections`.
    static func count(_ number: some BinaryInteger, _ noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// Date and time of RFC 3339 text without its fraction, such as `2026-11-02 10:04:05`.
    static func moment(_ text: String) -> String {
        let parts = text.split(separator: "T", maxSplits: 1)
        guard parts.count == 2 else { return text }
        return parts[0] + " " + parts[1].prefix(8)
    }
}
