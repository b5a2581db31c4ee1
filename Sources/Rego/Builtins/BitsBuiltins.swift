// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `bits.*`, on integers of any size in two's complement.
enum BitsBuiltins {
    static let all: [Builtin] = [
        operation("bits.and") { $0 & $1 },
        operation("bits.or") { $0 | $1 },
        operation("bits.xor") { $0 ^ $1 },
        Builtin("bits.negate", [.number], .number) { arguments, context throws(BuiltinFailure) in
            try context.number(-(try arguments.bigInteger(0, context)) - BigInteger(1))
        },
        Builtin("bits.lsh", [.number, .number], .number) { arguments, context throws(BuiltinFailure) in
            let value = try arguments.bigInteger(0, context)
            let distance = try distance(arguments, context)
            if value.magnitude.isZero { return .integer(0) }
            guard let distance else { throw .limit(.number) }
            try context.checkBits(value.magnitude.bitWidth &+ distance)
            return try context.number(BigInteger(value.magnitude << distance, isNegative: value.isNegative))
        },
        Builtin("bits.rsh", [.number, .number], .number) { arguments, context throws(BuiltinFailure) in
            let value = try arguments.bigInteger(0, context)
            let distance = try distance(arguments, context) ?? .max
            let shifted = value.magnitude >> distance
            // Below 0 the result is rounded down.
            let isInexact = value.isNegative && (shifted << distance) != value.magnitude
            return try context.number(
                BigInteger(isInexact ? shifted + .one : shifted, isNegative: value.isNegative))
        },
    ]

    private static func operation(
        _ name: Text, _ combine: @escaping @Sendable (UInt64, UInt64) -> UInt64
    ) -> Builtin {
        Builtin(name, [.number, .number], .number) { arguments, context throws(BuiltinFailure) in
            let left = try arguments.bigInteger(0, context)
            let right = try arguments.bigInteger(1, context)
            if let one = left.int64, let two = right.int64 {
                return .integer(Int64(bitPattern: combine(UInt64(bitPattern: one), UInt64(bitPattern: two))))
            }
            let count = max(left.magnitude.limbs.count, right.magnitude.limbs.count) &+ 1
            let one = left.twosComplement(count)
            let two = right.twosComplement(count)
            return try context.number(BigInteger(twosComplement: zip(one, two).map(combine)))
        }
    }

    /// How far to shift; nil for a distance beyond all limits.
    private static func distance(
        _ arguments: Arguments, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Int? {
        let distance = try arguments.bigInteger(1, context)
        if distance.isNegative {
            throw .type("operand 2 must be an unsigned integer number but got a negative integer")
        }
        guard let bits = distance.int64, bits <= 1 << 40 else { return nil }
        return Int(bits)
    }
}

extension BigInteger {
    /// So many limbs in two's complement.
    fileprivate func twosComplement(_ count: Int) -> [UInt64] {
        let limbs = (0..<count).map { magnitude[$0] }
        return isNegative ? BigInteger.negate(limbs) : limbs
    }

    fileprivate init(twosComplement limbs: [UInt64]) {
        let isNegative = (limbs.last ?? 0) >> 63 == 1
        self.init(Magnitude(limbs: isNegative ? BigInteger.negate(limbs) : limbs), isNegative: isNegative)
    }

    private static func negate(_ limbs: [UInt64]) -> [UInt64] {
        var carry = true
        return limbs.map { limb in
            let (sum, overflow) = (~limb).addingReportingOverflow(carry ? 1 : 0)
            carry = overflow
            return sum
        }
    }
}
