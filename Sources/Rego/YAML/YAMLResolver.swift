// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What scalars of YAML stand for, by the rules of YAML 1.1 that OPA's reader has: `yes`, `on` and `y` are true.
enum YAMLResolver {
    /// A resolved scalar.
    enum Scalar {
        case null
        case boolean(Bool)
        /// The decimal digits, with a sign if it is negative.
        case integer([UInt8])
        case float(Double)
        case infinity(isNegative: Bool)
        case notANumber
        case string([UInt8])
    }

    private static let prefix = Array("tag:yaml.org,2002:".utf8)

    /// Resolves a scalar by its tag and, if it stands without quotation marks, by its form.
    static func resolve(
        _ text: UnsafeBufferPointer<UInt8>, tag: [UInt8], isPlain: Bool
    ) throws(BuiltinFailure) -> Scalar {
        let bytes = Array(text)
        guard !tag.isEmpty, tag != [UInt8(ascii: "!")] else {
            return isPlain && tag.isEmpty ? plain(bytes) : .string(bytes)
        }
        guard tag.starts(with: prefix) else { return .string(bytes) }
        let name = String(decoding: tag.dropFirst(prefix.count), as: UTF8.self)
        let scalar = plain(bytes)
        switch (name, scalar) {
        case ("int", .integer), ("bool", .boolean), ("null", .null), ("float", .float), ("float", .infinity),
            ("float", .notANumber):
            return scalar
        case ("float", .integer(let digits)):
            return .float(Double(String(decoding: digits, as: UTF8.self)) ?? 0)
        case ("int", _), ("bool", _), ("null", _), ("float", _):
            let content = String(decoding: bytes, as: UTF8.self)
            throw .value("yaml: cannot decode \(shortTag(of: scalar)) `\(content)` as a !!\(name)")
        default: return .string(bytes)
        }
    }

    private static func shortTag(of scalar: Scalar) -> String {
        switch scalar {
        case .null: "!!null"
        case .boolean: "!!bool"
        case .integer: "!!int"
        case .float, .infinity, .notANumber: "!!float"
        case .string: "!!str"
        }
    }

    private static let words: [[UInt8]: Scalar] = {
        var words: [[UInt8]: Scalar] = [[]: .null]
        func add(_ names: [String], _ scalar: Scalar) {
            for name in names { words[Array(name.utf8)] = scalar }
        }
        add(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], .boolean(true))
        add(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], .boolean(false))
        add(["~", "null", "Null", "NULL"], .null)
        add([".nan", ".NaN", ".NAN"], .notANumber)
        add([".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"], .infinity(isNegative: false))
        add(["-.inf", "-.Inf", "-.INF"], .infinity(isNegative: true))
        return words
    }()

    /// Resolves a scalar that stands without quotation marks and tag.
    static func plain(_ bytes: [UInt8]) -> Scalar {
        if let scalar = words[bytes] { return scalar }
        guard let first = bytes.first, first.isDecimalDigit || "+-.".utf8.contains(first), bytes.count <= 1000 else {
            return .string(bytes)
        }
        if first == UInt8(ascii: ".") { return isFloat(bytes) ? float(bytes) : .string(bytes) }
        let digits = bytes.filter { $0 != UInt8(ascii: "_") }
        if let integer = integer(digits) { return .integer(integer) }
        return isFloat(digits) ? float(digits) : .string(bytes)
    }

    private static func float(_ bytes: [UInt8]) -> Scalar {
        guard let number = Double(String(decoding: bytes, as: UTF8.self)), number.isFinite else {
            return .string(bytes)
        }
        return .float(number)
    }

    /// A sign, then a prefix of the base: `0x`, `0b`, `0o` or a zero alone; at most 64 bits.
    private static func integer(_ bytes: [UInt8]) -> [UInt8]? {
        var rest = bytes[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        let isSigned = isNegative || rest.first == UInt8(ascii: "+")
        if isSigned { rest.removeFirst() }
        var radix = 10
        if rest.first == 0x30, rest.count > 1 {
            switch rest[rest.startIndex &+ 1] | 0x20 {
            case UInt8(ascii: "x"): radix = 16
            case UInt8(ascii: "b"): radix = 2
            case UInt8(ascii: "o"): radix = 8
            default: radix = 8
            }
            let hasLetter = !rest[rest.startIndex &+ 1].isDecimalDigit
            rest = rest.dropFirst(hasLetter ? 2 : 1)
        }
        guard let first = rest.first, first != UInt8(ascii: "+"), first != UInt8(ascii: "-") else { return nil }
        guard let magnitude = UInt64(String(decoding: rest, as: UTF8.self), radix: radix) else { return nil }
        if isNegative {
            guard magnitude <= UInt64(1) << 63 else { return nil }
            return Array((magnitude == 0 ? "0" : "-\(magnitude)").utf8)
        }
        // Beyond the signed range only numbers without a sign are integers.
        guard !isSigned || magnitude < UInt64(1) << 63 else { return nil }
        return Array(String(magnitude).utf8)
    }

    /// Digits with at most one point, and perhaps an exponent.
    private static func isFloat(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        let whole = rest.prefix { $0.isDecimalDigit }
        rest = rest.dropFirst(whole.count)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { $0.isDecimalDigit }
            if whole.isEmpty && fraction.isEmpty { return false }
            rest = rest.dropFirst(fraction.count &+ 1)
        } else if whole.isEmpty {
            return false
        }
        guard let mark = rest.popFirst() else { return true }
        guard mark | 0x20 == UInt8(ascii: "e") else { return false }
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        return !rest.isEmpty && rest.allSatisfy(\.isDecimalDigit)
    }
}

/// Binary floating point as Go writes it.
enum GoFloat {
    /// When an exponent is written.
    enum Form {
        /// Below 1e-6 and from 1e21, as in JSON.
        case json
        /// Below 1e-4 and from 1e21, with two digits at least.
        case general
    }

    /// The fewest digits that are read back as the same number.
    static func text(_ number: Double, form: Form) -> String {
        if number == 0 { return number.sign == .minus ? "-0" : "0" }
        let (digits, exponent) = digits(number.magnitude)
        let sign = number < 0 ? "-" : ""
        // The number is 0.DIGITS times ten to the exponent.
        if exponent < (form == .json ? -5 : -3) || exponent > 21 {
            let power = exponent &- 1
            var result = sign + String(digits.prefix(1))
            if digits.utf8.count > 1 { result += "." + digits.dropFirst() }
            let width = form == .general && abs(power) < 10 ? "0" : ""
            return result + "e" + (power < 0 ? "-" : "+") + width + String(abs(power))
        }
        if exponent <= 0 { return sign + "0." + String(repeating: "0", count: 0 &- exponent) + digits }
        let count = digits.utf8.count
        if exponent >= count { return sign + digits + String(repeating: "0", count: exponent &- count) }
        return sign + digits.prefix(exponent) + "." + digits.dropFirst(exponent)
    }

    private static func digits(_ number: Double) -> (String, Int) {
        var mantissa: [UInt8] = []
        var exponent = 0
        var point: Int?
        var rest = Array(number.description.utf8)[...]
        while let byte = rest.popFirst() {
            if byte | 0x20 == UInt8(ascii: "e") {
                exponent = Int(String(decoding: rest, as: UTF8.self)) ?? 0
                break
            }
            if byte == UInt8(ascii: ".") { point = mantissa.count } else { mantissa.append(byte) }
        }
        var position = (point ?? mantissa.count) &+ exponent
        let leading = mantissa.prefix { $0 == 0x30 }.count
        position &-= leading
        mantissa.removeFirst(leading)
        while mantissa.last == 0x30 { mantissa.removeLast() }
        return (String(decoding: mantissa, as: UTF8.self), position)
    }
}
