// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import RegoValues

/// Two numbers, each on a line, are ordered and computed with consistently.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let lines = UnsafeBufferPointer(start: start, count: count).split(separator: 0x0A, maxSplits: 1)
    let context = BuiltinContext(heap: Heap())
    let heap = context.heap
    guard lines.count == 2,
        let left = try? heap.number(parsing: UnsafeBufferPointer(rebasing: lines[0]), limits: context.limits),
        let right = try? heap.number(parsing: UnsafeBufferPointer(rebasing: lines[1]), limits: context.limits)
    else { return 0 }
    let order = left.compare(to: right)
    expect(right.compare(to: left) == -order, "the order has two directions")
    expect(left.isEqual(to: right) == (order == 0), "equal numbers stand at one place in the order")
    expect(heap.set([left, right]).count == (order == 0 ? 1 : 2), "equal numbers have one hash")
    if let sum = try? Arithmetic.add(left, right, context), let other = try? Arithmetic.add(right, left, context) {
        expect(sum.isEqual(to: other), "sums do not depend on the order")
        check(sum, context)
    }
    if let product = try? Arithmetic.multiply(left, right, context) { check(product, context) }
    if let quotient = try? Arithmetic.divide(left, right, context) { check(quotient, context) }
    if let difference = try? Arithmetic.subtract(left, right, context) {
        check(difference, context)
        let sign = difference.compare(to: .integer(0))
        // A difference of fractions may be rounded to nothing, but it has never the wrong sign.
        expect(sign == order || sign == 0, "differences have the sign of the order")
    }
    if let rest = try? Arithmetic.remainder(left, right, context) { check(rest, context) }
    if let rounded = try? Arithmetic.round(left, context) { check(rounded, context) }
    if let above = try? Arithmetic.ceiling(left, context) { check(above, context) }
    if let below = try? Arithmetic.floor(left, context) { check(below, context) }
    if let size = try? Arithmetic.absolute(left, context) { check(size, context) }
    return 0
}

/// A result is a number whose text is read as the same number.
private func check(_ result: Value, _ context: BuiltinContext) {
    var limits = Limits()
    limits.numberDigits = .max / 4
    limits.numberExponent = .max / 4
    let again = try? result.numberText.withUnsafeBufferPointer { text in
        try context.heap.number(parsing: text, limits: limits)
    }
    expect(again.map { $0.isEqual(to: result) } == true, "results are numbers")
}
