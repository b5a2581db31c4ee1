// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The arithmetic of numbers: exact on integers of any size, on a mantissa of 64 bits otherwise.
public enum Arithmetic {
    /// The sum of two integers of 64 bits that is one as well; undefined for other operands, which `add` computes.
    @inline(__always)
    static func quickSum(_ left: Value, _ right: Value) -> Value {
        guard left.tag == .integer, right.tag == .integer else { return .undefined }
        let (result, overflow) = left.immediate.addingReportingOverflow(right.immediate)
        return overflow ? .undefined : .integer(result)
    }

    /// Like `quickSum`, for `subtract`.
    @inline(__always)
    static func quickDifference(_ left: Value, _ right: Value) -> Value {
        guard left.tag == .integer, right.tag == .integer else { return .undefined }
        let (result, overflow) = left.immediate.subtractingReportingOverflow(right.immediate)
        return overflow ? .undefined : .integer(result)
    }

    /// Like `quickSum`, for `multiply`.
    @inline(__always)
    static func quickProduct(_ left: Value, _ right: Value) -> Value {
        guard left.tag == .integer, right.tag == .integer else { return .undefined }
        let (result, overflow) = left.immediate.multipliedReportingOverflow(by: right.immediate)
        return overflow ? .undefined : .integer(result)
    }

    /// The quotient of two integers of 64 bits where nothing remains; undefined for other operands, which `divide` computes.
    @inline(__always)
    static func quickQuotient(_ left: Value, _ right: Value) -> Value {
        guard left.tag == .integer, right.tag == .integer, right.immediate > 0, left.immediate != 0 else {
            return .undefined
        }
        let (quotient, remainder) = left.immediate.quotientAndRemainder(dividingBy: right.immediate)
        return remainder == 0 ? .integer(quotient) : .undefined
    }

    /// Like `quickSum`, for `remainder`.
    @inline(__always)
    static func quickRemainder(_ left: Value, _ right: Value) -> Value {
        guard left.tag == .integer, right.tag == .integer, right.immediate > 0 else { return .undefined }
        return .integer(left.immediate % right.immediate)
    }

    /// `left + right`.
    public static func add(_ left: Value, _ right: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let quick = quickSum(left, right)
        if quick.isDefined { return quick }
        if let (one, two) = try integers(left, right, context) { return try context.number(one + two) }
        return try context.number(float(left, context) + float(right, context))
    }

    /// `left - right`.
    public static func subtract(
        _ left: Value, _ right: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let quick = quickDifference(left, right)
        if quick.isDefined { return quick }
        if let (one, two) = try integers(left, right, context) { return try context.number(one - two) }
        return try context.number(float(left, context) - float(right, context))
    }

    /// `left * right`.
    public static func multiply(
        _ left: Value, _ right: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let quick = quickProduct(left, right)
        if quick.isDefined { return quick }
        if let (one, two) = try integers(left, right, context) {
            try context.checkBits(one.magnitude.bitWidth &+ two.magnitude.bitWidth)
            return try context.number(one * two)
        }
        return try context.number(float(left, context) * float(right, context))
    }

    /// `left / right`.
    public static func divide(
        _ left: Value, _ right: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let quick = quickQuotient(left, right)
        if quick.isDefined { return quick }
        let divisor = try float(right, context)
        if divisor.isZero { throw .value("divide by zero") }
        return try context.number(float(left, context) / divisor)
    }

    /// `left % right`.
    public static func remainder(
        _ left: Value, _ right: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let quick = quickRemainder(left, right)
        if quick.isDefined { return quick }
        guard let (one, two) = try integers(left, right, context) else {
            throw .value("modulo on floating-point number")
        }
        if two.magnitude.isZero { throw .value("modulo by zero") }
        return try context.number(one % two)
    }

    /// `abs(value)`.
    public static func absolute(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        if value.tag == .integer && value.immediate >= 0 { return value }
        return try context.number(float(value, context).magnitude)
    }

    /// `-value`.
    public static func negate(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        try subtract(.integer(0), value, context)
    }

    /// `round(value)`: half away from zero.
    public static func round(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        if value.tag == .integer { return value }
        let number = try float(value, context)
        return try context.number(
            SoftFloat((number + (number.isNegative ? -SoftFloat.half : SoftFloat.half)).truncated))
    }

    /// `ceil(value)`.
    public static func ceiling(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        if value.tag == .integer { return value }
        let number = try float(value, context)
        let whole = SoftFloat(number.truncated)
        return try context.number(number.isIntegral || number.isNegative ? whole : whole + SoftFloat(1))
    }

    /// `floor(value)`.
    public static func floor(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        if value.tag == .integer { return value }
        let number = try float(value, context)
        let whole = SoftFloat(number.truncated)
        return try context.number(number.isIntegral || !number.isNegative ? whole : whole - SoftFloat(1))
    }

    private static func integers(
        _ left: Value, _ right: Value, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> (BigInteger, BigInteger)? {
        guard let one = try context.integer(left), let two = try context.integer(right) else { return nil }
        return (one, two)
    }

    private static func float(_ value: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> SoftFloat {
        if value.tag == .integer { return SoftFloat(value.immediate) }
        let text = DecimalText(value.utf8)
        try context.checkScale(text)
        return SoftFloat(text)
    }
}

extension BuiltinContext {
    /// The value of a number as an integer of any size; nil if it has a fraction.
    func integer(_ value: Value) throws(BuiltinFailure) -> BigInteger? {
        if value.tag == .integer { return BigInteger(value.immediate) }
        let text = DecimalText(value.utf8)
        guard text.isIntegral else { return nil }
        try checkScale(text)
        return value.bigInteger(bits: .max)
    }

    /// Refuses numbers whose exact value would be too long, and counts the work that their length makes.
    func checkScale(_ text: DecimalText) throws(BuiltinFailure) {
        try checkBits(max(Int(text.exponent.magnitude), text.digitCount) &* 10 / 3)
    }

    /// Refuses integers of too many bits, and counts the work that printing them makes.
    func checkBits(_ count: Int) throws(BuiltinFailure) {
        if count > limits.numberBits &+ 64 { throw .limit(.number) }
        let limbs = count / 64
        try charge(limbs &* limbs / 4)
    }

    /// An integer as a result.
    func number(_ integer: BigInteger) throws(BuiltinFailure) -> Value {
        if let small = integer.int64 { return .integer(small) }
        try checkBits(integer.magnitude.bitWidth)
        return heap.number(integer)
    }

    /// A floating-point number as a result.
    func number(_ float: SoftFloat) throws(BuiltinFailure) -> Value {
        try checkBits(Int(float.exponent.magnitude))
        return heap.number(text: float.text)
    }
}
