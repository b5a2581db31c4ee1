// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The parts of a number's text: the value is 0.d₁d₂… times 10 to the power of `exponent`.
struct DecimalText {
    /// The whole text.
    let bytes: UnsafeBufferPointer<UInt8>
    let isNegative: Bool
    /// Where the first digit that is not 0 stands.
    let start: Int
    /// Where the last digit that is not 0 ends.
    let end: Int
    /// How many digits there are from the first to the last that is not 0; 0 for the number 0.
    let digitCount: Int
    /// The power of ten that the fraction is multiplied with.
    let exponent: Int

    /// Reads a text that is a number of JSON.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
        var position = 0
        let isNegative = bytes.first == 0x2D
        if isNegative { position = 1 }
        var ordinal = 0
        var integerDigits = -1
        var start = 0
        var end = 0
        var first = -1
        var last = -1
        while position < bytes.count {
            let byte = bytes[position]
            if byte == 0x2E {
                integerDigits = ordinal
            } else if byte >= 0x30 && byte <= 0x39 {
                if byte != 0x30 {
                    if first < 0 {
                        first = ordinal
                        start = position
                    }
                    last = ordinal
                    end = position &+ 1
                }
                ordinal &+= 1
            } else {
                break
            }
            position &+= 1
        }
        if integerDigits < 0 { integerDigits = ordinal }
        self.isNegative = isNegative
        self.start = start
        self.end = end
        digitCount = first < 0 ? 0 : last &- first &+ 1
        exponent = first < 0 ? 0 : integerDigits &- first &+ DecimalText.exponent(bytes, after: position)
    }

    /// The exponent that is written after the letter, at most a billion up or down.
    private static func exponent(_ bytes: UnsafeBufferPointer<UInt8>, after letter: Int) -> Int {
        var position = letter &+ 1
        guard position < bytes.count else { return 0 }
        let isNegative = bytes[position] == 0x2D
        var result = 0
        while position < bytes.count {
            let byte = bytes[position]
            if byte >= 0x30 && byte <= 0x39 { result = min(result &* 10 &+ Int(byte &- 0x30), 1_000_000_000) }
            position &+= 1
        }
        return isNegative ? 0 &- result : result
    }

    var isZero: Bool { digitCount == 0 }

    /// Whether the value is an integer.
    var isIntegral: Bool { isZero || exponent >= digitCount }

    /// The digits from the first to the last that is not 0; among them may stand a point.
    var digits: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[start..<end])
    }

    /// The value, if it is an integer of 64 bits.
    var int64: Int64? {
        if isZero { return 0 }
        guard isIntegral, exponent <= 19 else { return nil }
        var result: UInt64 = 0
        for byte in digits where byte != 0x2E {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte &- 0x30))
            if overflow || carry { return nil }
            result = sum
        }
        for _ in digitCount..<exponent {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            result = product
        }
        return BigInteger(Magnitude(result), isNegative: isNegative).int64
    }

    /// Negative, zero or positive, as the value is less than, equal to or greater than another; exact.
    func compare(to other: DecimalText) -> Int {
        let sign = isZero ? 0 : (isNegative ? -1 : 1)
        let otherSign = other.isZero ? 0 : (other.isNegative ? -1 : 1)
        if sign != otherSign { return sign < otherSign ? -1 : 1 }
        if sign == 0 { return 0 }
        if exponent != other.exponent { return exponent < other.exponent ? 0 &- sign : sign }
        var position = start
        var otherPosition = other.start
        while position < end && otherPosition < other.end {
            let byte = bytes[position]
            let otherByte = other.bytes[otherPosition]
            if byte == 0x2E {
                position &+= 1
            } else if otherByte == 0x2E {
                otherPosition &+= 1
            } else if byte != otherByte {
                return byte < otherByte ? 0 &- sign : sign
            } else {
                position &+= 1
                otherPosition &+= 1
            }
        }
        if position < end { return sign }
        return otherPosition < other.end ? 0 &- sign : 0
    }
}
