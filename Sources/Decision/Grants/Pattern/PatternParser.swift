// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The syntax tree of a pattern.
indirect enum PatternTree: Sendable {
    /// Matches nothing, at once.
    case empty
    /// One given scalar.
    case scalar(UInt32)
    /// One scalar of a set.
    case set(ScalarSet)
    /// The start of the input.
    case start
    /// The end of the input.
    case end
    /// One after the other.
    case sequence([PatternTree])
    /// One of several.
    case choice([PatternTree])
    /// From `minimum` to `maximum` times; no maximum is no end.
    case repetition(PatternTree, minimum: Int, maximum: Int?)
}

/// Reads a pattern by recursive descent; the depth is limited.
struct PatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    init(_ scalars: [Unicode.Scalar]) { self.scalars = scalars }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        index += 1
        return true
    }

    /// Reads the whole pattern.
    mutating func parse() throws(LinearPatternError) -> PatternTree {
        let tree = try choice()
        guard index == scalars.count else { throw LinearPatternError(.unbalancedGroup, at: index) }
        return tree
    }

    private mutating func choice() throws(LinearPatternError) -> PatternTree {
        guard depth <= LinearPattern.maximumDepth else { throw LinearPatternError(.tooDeep, at: index) }
        depth += 1
        defer { depth -= 1 }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .choice(branches)
    }

    private mutating func sequence() throws(LinearPatternError) -> PatternTree {
        var parts: [PatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            let start = index
            let atom = try atom()
            parts.append(try repetition(of: atom, startingAt: start))
        }
        return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func atom() throws(LinearPatternError) -> PatternTree {
        guard let scalar = next else { return .empty }
        let start = index
        index += 1
        switch scalar {
        case "^": return .start
        case "$": return .end
        case ".": return .set(ScalarSet.lineEnds.inverted())
        case "[": return .set(try characterClass())
        case "\\": return try escape()
        case "*", "+", "?": throw LinearPatternError(.nothingToRepeat, at: start)
        case "{", "}", "]": throw LinearPatternError(.bareBracket, at: start)
        case "(":
            if take("?"), !take(":") { throw LinearPatternError(.groupModifier, at: start) }
            let inner = try choice()
            guard take(")") else { throw LinearPatternError(.unbalancedGroup, at: start) }
            return inner
        default: return .scalar(scalar.value)
        }
    }

    private mutating func repetition(
        of atom: PatternTree, startingAt start: Int
    ) throws(LinearPatternError) -> PatternTree {
        let minimum: Int
        let maximum: Int?
        let operatorIndex = index
        switch next {
        case "*": (minimum, maximum) = (0, nil)
        case "+": (minimum, maximum) = (1, nil)
        case "?": (minimum, maximum) = (0, 1)
        case "{":
            index += 1
            (minimum, maximum) = try bounds(startingAt: operatorIndex)
            index -= 1
        default: return atom
        }
        index += 1
        switch atom {
        case .start, .end: throw LinearPatternError(.nothingToRepeat, at: operatorIndex)
        default: break
        }
        _ = take("?")  // A lazy repetition matches the same inputs.
        switch next {
        case "*", "+", "?", "{": throw LinearPatternError(.nothingToRepeat, at: index)
        default: return .repetition(atom, minimum: minimum, maximum: maximum)
        }
    }

    private mutating func bounds(startingAt start: Int) throws(LinearPatternError) -> (Int, Int?) {
        let minimum = try bound(startingAt: start)
        if take("}") { return (minimum, minimum) }
        guard take(",") else { throw LinearPatternError(.invalidBound, at: start) }
        if take("}") { return (minimum, nil) }
        let maximum = try bound(startingAt: start)
        guard take("}"), maximum >= minimum else { throw LinearPatternError(.invalidBound, at: start) }
        return (minimum, maximum)
    }

    private mutating func bound(startingAt start: Int) throws(LinearPatternError) -> Int {
        var value = 0
        var digits = 0
        while let scalar = next, ("0"..."9").contains(scalar), digits < 5 {
            value = value * 10 + Int(scalar.value - 0x30)
            digits += 1
            index += 1
        }
        guard digits > 0, value <= 1000 else { throw LinearPatternError(.invalidBound, at: start) }
        return value
    }

    // MARK: Classes and escapes

    private mutating func escape() throws(LinearPatternError) -> PatternTree {
        if let set = classEscape() { return .set(set) }
        return .scalar(try scalarEscape())
    }

    private mutating func classEscape() -> ScalarSet? {
        let set: ScalarSet
        switch next {
        case "d": set = .digits
        case "D": set = ScalarSet.digits.complement()
        case "w": set = .word
        case "W": set = ScalarSet.word.complement()
        case "s": set = .space
        case "S": set = ScalarSet.space.complement()
        default: return nil
        }
        index += 1
        return set
    }

    private mutating func scalarEscape() throws(LinearPatternError) -> UInt32 {
        let start = index - 1
        guard let scalar = next else { throw LinearPatternError(.unknownEscape, at: start) }
        index += 1
        switch scalar {
        case "n": return 0x0A
        case "r": return 0x0D
        case "t": return 0x09
        case "f": return 0x0C
        case "v": return 0x0B
        case "x": return try hexadecimal(digits: 2, startingAt: start)
        case "u": return try hexadecimal(digits: 4, startingAt: start)
        case "1"..."9", "k": throw LinearPatternError(.backReference, at: start)
        case "^", "$", "\\", ".", "*", "+", "?", "(", ")", "[", "]", "{", "}", "|", "/", "-": return scalar.value
        default: throw LinearPatternError(.unknownEscape, at: start)
        }
    }

    private mutating func hexadecimal(digits: Int, startingAt start: Int) throws(LinearPatternError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<digits {
            guard let scalar = next, scalar.isASCII, let digit = Character(scalar).hexDigitValue else {
                throw LinearPatternError(.unknownEscape, at: start)
            }
            value = value << 4 | UInt32(digit)
            index += 1
        }
        guard Unicode.Scalar(value) != nil else { throw LinearPatternError(.unknownEscape, at: start) }
        return value
    }

    private mutating func characterClass() throws(LinearPatternError) -> ScalarSet {
        let start = index - 1
        var set = ScalarSet()
        let isNegated = take("^")
        while true {
            guard let scalar = next else { throw LinearPatternError(.unterminatedClass, at: start) }
            if scalar == "]" { break }
            let memberStart = index
            if scalar == "\\" {
                index += 1
                if let escaped = classEscape() {
                    set.formUnion(escaped)
                    continue
                }
                index -= 1
            }
            let low = try classMember()
            guard next == "-", index + 1 < scalars.count, scalars[index + 1] != "]" else {
                set.insert(low...low)
                continue
            }
            index += 1
            let high = try classMember()
            guard low <= high else { throw LinearPatternError(.invalidRange, at: memberStart) }
            set.insert(low...high)
        }
        index += 1
        guard !set.ranges.isEmpty else { throw LinearPatternError(.unterminatedClass, at: start) }
        return isNegated ? set.sealed().inverted() : set.sealed()
    }

    private mutating func classMember() throws(LinearPatternError) -> UInt32 {
        guard let scalar = next else { throw LinearPatternError(.unterminatedClass, at: index) }
        index += 1
        guard scalar == "\\" else { return scalar.value }
        if next == "b" {
            index += 1
            return 0x08
        }
        switch next {
        case "d", "D", "w", "W", "s", "S": throw LinearPatternError(.invalidRange, at: index)
        default: return try scalarEscape()
        }
    }
}
