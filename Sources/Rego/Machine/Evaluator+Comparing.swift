// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Evaluator {
    /// Counts what it takes to compare two values.
    @inline(never)
    func chargeComparison(_ left: Value, _ right: Value, at place: Int) throws(EvaluationError) {
        if let limit = meter.charge(min(left.weight, right.weight) / 8) {
            throw limitError(limit, at: program.locations[place])
        }
    }

    /// Rego's order of two values.
    @inline(__always)
    func compare(_ left: Value, _ right: Value, at place: Int) throws(EvaluationError) -> Int {
        if left.isHeavy && right.isHeavy { try chargeComparison(left, right, at: place) }
        return left.compare(to: right)
    }

    /// Whether a value that is there already is also what was found.
    @inline(__always)
    func isSame(_ known: Value, _ value: Value, at place: Int) throws(EvaluationError) -> Bool {
        if known.isHeavy && value.isHeavy { try chargeComparison(known, value, at: place) }
        return known.isEqual(to: value)
    }
}

extension Value {
    /// Whether comparing it is worth counting.
    @inline(__always) var isHeavy: Bool { tag.rawValue >= Tag.string.rawValue && weight >= 16 }
}
