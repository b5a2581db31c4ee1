// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What one evaluation may use. Reaching a limit ends the evaluation with `eval_limit_error`; it never becomes `true`.
public struct Limits: Sendable, Hashable {
    /// Instructions: loop turns, calls and rule entries, and what builtins charge by the size of their operands.
    public var instructions = 1_000_000
    /// Wall-clock nanoseconds.
    public var nanoseconds: UInt64 = 50_000_000
    /// Bytes of the evaluation's heap.
    public var heapBytes = 16 << 20
    /// Bytes of the result as JSON.
    public var resultBytes = 1 << 20
    /// Nesting of rule calls.
    public var callDepth = 128
    /// Elements of a collection that a builtin makes.
    public var collectionElements = 1_000_000
    /// Bytes of a string that a builtin makes.
    public var stringBytes = 4 << 20
    /// Bits of an integer that arithmetic makes.
    public var numberBits = 65_536
    /// Digits of a number in a source text or an input.
    public var numberDigits = 1000
    /// Magnitude of the exponent of a number.
    public var numberExponent = 10_000
    /// Bytes of a pattern.
    public var patternBytes = 4096
    /// Bytes of memory that the states of one pattern may take.
    public var patternMemory = 1 << 20
    /// Bytes of an input text.
    public var inputBytes = 1 << 20
    /// Nesting of an input or of a text that a builtin parses.
    public var inputDepth = 64
    /// Values in an input.
    public var inputNodes = 100_000

    /// The defaults.
    public init() {}
}
