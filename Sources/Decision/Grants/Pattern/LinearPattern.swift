// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A regular expression that is matched in time linear in its input.
///
/// The syntax is the part of ECMA-262 that JSON Schema recommends: literals, `.`, classes with `\d \w \s`, groups,
/// alternation, `* + ?` and bounded repetition, `^` and `$`. Back references, look-around, word boundaries and Unicode
/// properties are refused when the pattern is read. Matching runs all alternatives at once (Thompson's construction,
/// Pike's machine), so no input can make it backtrack.
///
/// Source: JSON Schema Core 2020-12, section 6.4; R. Cox, "Regular Expression Matching: the Virtual Machine Approach".
public struct LinearPattern: Sendable, Hashable, CustomStringConvertible {
    /// The pattern as written.
    public let description: String
    let program: [Instruction]
    let sets: [ScalarSet]

    /// The longest pattern, in bytes.
    public static let maximumBytes = 1_000
    /// The most instructions a pattern may compile to; bounded repetition multiplies.
    public static let maximumInstructions = 4_000
    /// The deepest nesting of groups.
    public static let maximumDepth = 32
    /// The most instructions executed for one input; an input that needs more does not match.
    public static let maximumSteps = 8_000_000

    /// Reads a pattern.
    ///
    /// - Throws: ``LinearPatternError`` that says what is not supported and at which character.
    public init(parsing text: String) throws(LinearPatternError) {
        guard text.utf8.count <= Self.maximumBytes else { throw LinearPatternError(.tooLong, at: 0) }
        var parser = PatternParser(Array(text.unicodeScalars))
        let tree = try parser.parse()
        var compiler = PatternCompiler()
        try compiler.compile(tree)
        self.description = text
        self.program = compiler.program
        self.sets = compiler.sets
    }

    /// Compares patterns as they are written.
    public static func == (left: LinearPattern, right: LinearPattern) -> Bool {
        left.description.utf8.elementsEqual(right.description.utf8)
    }

    /// Hashes the pattern as it is written.
    public func hash(into hasher: inout Hasher) {
        for byte in description.utf8 { hasher.combine(byte) }
    }
}

/// Why a pattern is refused.
public struct LinearPatternError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    public let problem: Problem
    /// The offset of the character concerned, counted in Unicode scalars from 0.
    public let offset: Int

    init(_ problem: Problem, at offset: Int) {
        self.problem = problem
        self.offset = offset
    }

    /// The ways in which a pattern can be wrong.
    public enum Problem: String, Hashable, Sendable {
        /// The pattern has too many bytes.
        case tooLong = "the pattern is longer than 1000 bytes"
        /// Groups nest too deeply.
        case tooDeep = "groups nest deeper than 32"
        /// Repetition makes the pattern too large.
        case tooLarge = "the pattern repeats too much"
        /// A parenthesis has no partner.
        case unbalancedGroup = "a parenthesis has no partner"
        /// A class is not closed or empty.
        case unterminatedClass = "a character class is not closed"
        /// The ends of a range in a class are in the wrong order or not characters.
        case invalidRange = "a range in a character class is not from low to high"
        /// Something is repeated that cannot be.
        case nothingToRepeat = "there is nothing to repeat"
        /// A bound is not `{m}`, `{m,}` or `{m,n}` with m up to n up to 1000.
        case invalidBound = "a repetition is {m}, {m,} or {m,n} with m up to n up to 1000"
        /// An escape is unknown.
        case unknownEscape = "the escape is not supported"
        /// A back reference.
        case backReference = "back references are not supported"
        /// Look-around or another group modifier.
        case groupModifier = "only (...) and (?:...) are supported"
        /// A bare `{`, `}` or `]`.
        case bareBracket = "write \\{, \\} or \\] for the character itself"
    }

    /// A sentence for the person who wrote the pattern.
    public var description: String { "\(problem.rawValue) (character \(offset + 1))" }
}
