// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// A time in a certificate (RFC 5280, section 4.1.2.5).
struct CertificateDate {
    /// Seconds since 1970.
    let seconds: Int64
    /// The form of RFC 3339, in UTC.
    let text: String

    private static let utcTime: UInt = 23
    private static let generalizedTime: UInt = 24

    /// Reads a UTCTime or a GeneralizedTime in the forms that certificates allow.
    init?(_ node: ASN1Node) {
        var digits = node.primitive
        guard digits.last == UInt8(ascii: "Z") else { return nil }
        digits.removeLast()
        guard digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        var year: Int64
        if node.isUniversal(Self.utcTime), digits.count == 12 {
            year = Self.number(&digits, 2)
            year &+= year >= 50 ? 1900 : 2000
        } else if node.isUniversal(Self.generalizedTime), digits.count == 14 {
            year = Self.number(&digits, 4)
        } else {
            return nil
        }
        let parts = (0..<5).map { _ in Self.number(&digits, 2) }
        let (month, day) = (parts[0], parts[1])
        guard (1...12).contains(month), day >= 1, day <= Self.days(month, year), parts[2] < 24, parts[3] < 60,
            parts[4] < 60
        else { return nil }
        let daySeconds = parts[2] &* 3600 &+ parts[3] &* 60 &+ parts[4]
        seconds = Self.dayNumber(year, month, day) &* 86_400 &+ daySeconds
        let padded = parts.map { $0 < 10 ? "0\($0)" : "\($0)" }
        let yearText = String(repeating: "0", count: max(0, 4 - String(year).utf8.count)) + String(year)
        text = "\(yearText)-\(padded[0])-\(padded[1])T\(padded[2]):\(padded[3]):\(padded[4])Z"
    }

    private static func number(_ digits: inout ArraySlice<UInt8>, _ count: Int) -> Int64 {
        var value: Int64 = 0
        for _ in 0..<count { value = value &* 10 &+ Int64((digits.popFirst() ?? 0x30) &- 0x30) }
        return value
    }

    private static func days(_ month: Int64, _ year: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days since 1970 in the Gregorian calendar.
    private static func dayNumber(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year &- 1 : year
        let era = shifted / 400
        let yearOfEra = shifted &- era &* 400
        let dayOfYear = (153 &* (month &+ (month > 2 ? -3 : 9)) &+ 2) / 5 &+ day &- 1
        let dayOfEra = yearOfEra &* 365 &+ yearOfEra / 4 &- yearOfEra / 100 &+ dayOfYear
        return era &* 146_097 &+ dayOfEra &- 719_468
    }
}
