// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A simple pattern for `regex.globs_match`: characters, `.` and `[a-z]`, each once, `+` or `*`.
struct GlobSequence {
    private struct Step {
        var characters: Characters
        var isOptional = false
        var repeats = false
    }

    private enum Characters {
        case any
        /// Ranges of code points.
        case among([ClosedRange<UInt32>])

        func meets(_ other: Characters) -> Bool {
            guard case .among(let own) = self, case .among(let others) = other else { return true }
            return own.contains { range in others.contains { range.overlaps($0) } }
        }
    }

    private var steps: [Step] = []

    /// Reads a pattern.
    init(_ source: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext) throws(BuiltinFailure) {
        if source.count > context.limits.patternBytes { throw .limit(.pattern) }
        try context.charge(source.count)
        var parser = Parser(source)
        while let step = try parser.step() { steps.append(step) }
    }

    /// Whether some text matches both patterns: walks over the pairs of states that both can be in.
    func intersects(_ other: GlobSequence, _ context: BuiltinContext) throws(BuiltinFailure) -> Bool {
        let width = other.steps.count &+ 1
        try context.charge((steps.count &+ 1) &* width)
        var reached = [Bool](repeating: false, count: (steps.count &+ 1) &* width)
        var pending = [(0, 0)]
        reached[0] = true
        func reach(_ left: Int, _ right: Int) {
            guard !reached[left &* width &+ right] else { return }
            reached[left &* width &+ right] = true
            pending.append((left, right))
        }
        while let (left, right) = pending.popLast() {
            if left == steps.count && right == other.steps.count { return true }
            if left < steps.count, steps[left].isOptional { reach(left &+ 1, right) }
            if right < other.steps.count, other.steps[right].isOptional { reach(left, right &+ 1) }
            guard left < steps.count, right < other.steps.count,
                steps[left].characters.meets(other.steps[right].characters)
            else { continue }
            reach(left &+ 1, right &+ 1)
            if steps[left].repeats { reach(left, right &+ 1) }
            if other.steps[right].repeats { reach(left &+ 1, right) }
        }
        return false
    }

    private struct Parser {
        private let source: UnsafeBufferPointer<UInt8>
        private let scalars: [Unicode.Scalar]
        private var position = 0

        init(_ source: UnsafeBufferPointer<UInt8>) {
            self.source = source
            scalars = Array(String(decoding: source, as: UTF8.self).unicodeScalars)
        }

        mutating func step() throws(BuiltinFailure) -> Step? {
            guard let (scalar, isEscaped) = try next() else { return nil }
            var step = Step(characters: .among([scalar.value...scalar.value]))
            if !isEscaped {
                switch scalar {
                case ".": step.characters = .any
                case "[": step.characters = .among(try set())
                case "]": throw failure("set-close ']' with no preceding '['")
                case "+", "*": throw failure("flag '\(scalar)' must be preceded by a non-flag")
                default: break
                }
            }
            if position < scalars.count, scalars[position] == "+" || scalars[position] == "*" {
                step.isOptional = scalars[position] == "*"
                step.repeats = true
                position &+= 1
            }
            return step
        }

        private mutating func set() throws(BuiltinFailure) -> [ClosedRange<UInt32>] {
            var ranges: [ClosedRange<UInt32>] = []
            var previous: Unicode.Scalar?
            while let (scalar, isEscaped) = try next() {
                if !isEscaped && scalar == "]" { return ranges }
                guard !isEscaped && scalar == "-" else {
                    ranges.append(scalar.value...scalar.value)
                    previous = scalar
                    continue
                }
                guard let low = previous else {
                    throw failure("range character '-' must be preceded by a Unicode character")
                }
                guard position &+ 1 < scalars.count, let (high, isHighEscaped) = try next() else {
                    throw failure("range character '-' must be followed by a Unicode character")
                }
                if !isHighEscaped && (high == "]" || high == "-") {
                    throw failure("range character '-' cannot be followed by a special symbol")
                }
                guard low <= high else {
                    throw failure("range is out of order: '\(high)' comes before '\(low)' in Unicode")
                }
                ranges.append(low.value...high.value)
                previous = nil
            }
            throw failure("found [ without matching ]")
        }

        private mutating func next() throws(BuiltinFailure) -> (Unicode.Scalar, isEscaped: Bool)? {
            guard position < scalars.count else { return nil }
            let scalar = scalars[position]
            position &+= 1
            guard scalar == "\\" else { return (scalar, false) }
            guard position < scalars.count else { throw failure("input ends with a \\ (escape) character") }
            position &+= 1
            return (scalars[position &- 1], true)
        }

        private func failure(_ reason: String) -> BuiltinFailure {
            let text = String(decoding: source, as: UTF8.self)
            return .value("input:\(text), pos:\(position), \(reason): the input provided is invalid")
        }
    }
}
