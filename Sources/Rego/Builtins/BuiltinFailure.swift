// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a builtin has no result.
public enum BuiltinFailure: Error, Sendable {
    /// An operand has the wrong type (`eval_type_error`); undefined unless errors are strict. The text follows `<builtin>: `.
    case type(String)
    /// The operands are of the right types, and yet there is no result (`eval_builtin_error`); undefined unless errors are strict.
    case value(String)
    /// A limit was reached, which ends the evaluation.
    case limit(Limit)
    /// The evaluation must end whatever the mode (`eval_conflict_error` and the like).
    case halt(code: String, message: String)

    /// `operand 2 must be string but got number`, counting from 1.
    public static func operand(_ position: Int, mustBe expected: String, got value: Value) -> BuiltinFailure {
        .type("operand \(position) must be \(expected) but got \(value.typeName)")
    }

    /// `operand 1 must be one of {array, set} but got number`.
    public static func operand(_ position: Int, mustBeOneOf expected: [String], got value: Value) -> BuiltinFailure {
        .type("operand \(position) must be one of {\(expected.joined(separator: ", "))} but got \(value.typeName)")
    }
}

/// The limits of an evaluation.
public enum Limit: String, Sendable {
    case instructions
    case time
    case memory
    case callDepth = "call_depth"
    case result
    case collection
    case string
    case number
    case pattern
    case depth
    case input
}
