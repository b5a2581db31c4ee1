// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Decoding of `xn--` labels (RFC 3492) and the code points that may come out of them (RFC 5892).
///
/// Labels are never mapped. Decoding only answers whether a label is the one encoding of a Unicode label that a
/// registry could have issued, so that no two spellings reach the same host.
enum Punycode {
    private static let base = 36
    private static let tMin = 1
    private static let tMax = 26

    /// Whether the part behind `xn--` (lower case) decodes to a label with at least one permitted non-ASCII scalar and
    /// encodes back to the same bytes.
    static func isEncodedLabel(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        guard let scalars = decode(Array(bytes)), let first = scalars.first,
            scalars.contains(where: { !$0.isASCII }), scalars.allSatisfy(isPermitted)
        else { return false }
        switch first.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return false
        default: return encode(scalars) == Array(bytes)
        }
    }

    /// RFC 3492 section 6.2, with every overflow an error. Input is at most 59 bytes long.
    static func decode(_ input: [UInt8]) -> [Unicode.Scalar]? {
        guard !input.isEmpty, input.count <= 59 else { return nil }
        let delimiter = input.lastIndex(of: UInt8(ascii: "-"))
        var output = input[..<(delimiter ?? 0)].map { Unicode.Scalar($0) }
        guard delimiter != 0 else { return nil }
        var position = delimiter.map { $0 + 1 } ?? 0
        guard position < input.count else { return nil }
        var codePoint = 128
        var insertion = 0
        var bias = 72
        while position < input.count {
            let previous = insertion
            var weight = 1
            var k = base
            while true {
                guard position < input.count, let digit = digitValue(input[position]) else { return nil }
                position += 1
                let (step, stepOverflow) = digit.multipliedReportingOverflow(by: weight)
                let (sum, sumOverflow) = insertion.addingReportingOverflow(step)
                guard !stepOverflow, !sumOverflow, sum <= 0x7fff_ffff else { return nil }
                insertion = sum
                let threshold = min(max(k - bias, tMin), tMax)
                if digit < threshold { break }
                let (next, overflow) = weight.multipliedReportingOverflow(by: base - threshold)
                guard !overflow, next <= 0x7fff_ffff else { return nil }
                weight = next
                k += base
            }
            let count = output.count + 1
            bias = adapt(insertion - previous, count: count, isFirst: previous == 0)
            codePoint += insertion / count
            insertion %= count
            guard codePoint <= 0x10ffff, let scalar = Unicode.Scalar(UInt32(codePoint)) else { return nil }
            output.insert(scalar, at: insertion)
            insertion += 1
        }
        return output
    }

    /// RFC 3492 section 6.3. The input came out of `decode`, so it has fewer than 60 scalars and nothing overflows.
    static func encode(_ scalars: [Unicode.Scalar]) -> [UInt8] {
        var output = scalars.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
        var handled = output.count
        let basic = handled
        if basic > 0 { output.append(UInt8(ascii: "-")) }
        var codePoint = 128
        var delta = 0
        var bias = 72
        while handled < scalars.count {
            let next = scalars.lazy.map { Int($0.value) }.filter { $0 >= codePoint }.min() ?? codePoint
            delta += (next - codePoint) * (handled + 1)
            codePoint = next
            for scalar in scalars {
                if Int(scalar.value) < codePoint { delta += 1 }
                guard Int(scalar.value) == codePoint else { continue }
                var rest = delta
                var k = base
                while true {
                    let threshold = min(max(k - bias, tMin), tMax)
                    if rest < threshold { break }
                    output.append(digitByte(threshold + (rest - threshold) % (base - threshold)))
                    rest = (rest - threshold) / (base - threshold)
                    k += base
                }
                output.append(digitByte(rest))
                bias = adapt(delta, count: handled + 1, isFirst: handled == basic)
                delta = 0
                handled += 1
            }
            delta += 1
            codePoint += 1
        }
        return output
    }

    private static func adapt(_ delta: Int, count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var k = 0
        while delta > (base - tMin) * tMax / 2 {
            delta /= base - tMin
            k += base
        }
        return k + (base - tMin + 1) * delta / (delta + 38)
    }

    private static func digitValue(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte) - 97
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 22
        default: nil
        }
    }

    private static func digitByte(_ digit: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: digit < 26 ? digit + 97 : digit + 22)
    }

    /// Letters, marks and decimal digits that case folding leaves alone, and the exceptions of RFC 5892 section 2.6.
    private static func isPermitted(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0xdf, 0x3c2, 0x6fd, 0x6fe, 0xf0b, 0x3007, 0xb7, 0x375, 0x5f3, 0x5f4, 0x30fb: return true
        case 0..<0x80: return true
        default: break
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .lowercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark, .decimalNumber:
            return !properties.changesWhenNFKCCaseFolded && !properties.isDefaultIgnorableCodePoint
        default:
            return false
        }
    }
}
