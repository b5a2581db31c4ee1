// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// ECMAScript's `Number::toString` (ECMA-262 section 6.1.6.1.20), which RFC 8785 takes for numbers.
enum JSONNumberFormat {
    /// The text, or nil for infinities and NaN.
    static func text(of value: Double) -> String? {
        guard value.isFinite else { return nil }
        if value == 0 { return "0" }
        let (digits, point) = shortest(value.magnitude)
        let sign = value < 0 ? "-" : ""
        return sign + layOut(digits, point)
    }

    /// The shortest digits that give the value back, and where the decimal point is: `0.digits * 10^point`.
    private static func shortest(_ value: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point: Int?
        var exponent = 0
        var isNegative = false
        var inExponent = false
        for byte in value.description.utf8 {
            switch byte {
            case 0x2e: point = digits.count
            case 0x65, 0x45: inExponent = true
            case 0x2d: isNegative = true
            case 0x30...0x39 where inExponent: exponent = exponent &* 10 &+ Int(byte &- 0x30)
            case 0x30...0x39: digits.append(byte)
            default: continue
            }
        }
        var position = (point ?? digits.count) &+ (isNegative ? 0 &- exponent : exponent)
        let leading = digits.prefix { $0 == 0x30 }.count
        digits.removeFirst(leading)
        position &-= leading
        while digits.last == 0x30 { digits.removeLast() }
        return (digits, position)
    }

    private static func layOut(_ digits: [UInt8], _ point: Int) -> String {
        let count = digits.count
        let zero: UInt8 = 0x30
        var text: [UInt8]
        if count <= point, point <= 21 {
            text = digits + [UInt8](repeating: zero, count: point &- count)
        } else if point > 0, point <= 21 {
            text = digits[..<point] + [0x2e] + digits[point...]
        } else if point > -6, point <= 0 {
            text = [zero, 0x2e] + [UInt8](repeating: zero, count: 0 &- point) + digits
        } else {
            let exponent = point &- 1
            text = Array(digits.prefix(1))
            if count > 1 { text += [0x2e] + digits.dropFirst() }
            text += [0x65, exponent < 0 ? 0x2d : 0x2b] + Array(String(exponent.magnitude).utf8)
        }
        return String(decoding: text, as: UTF8.self)
    }
}
