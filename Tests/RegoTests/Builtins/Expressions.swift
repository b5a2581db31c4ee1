// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Rego

/// Evaluates single expressions of Rego.
enum Expressions {
    /// The value of an expression as Rego writes it; nil if it is undefined.
    static func value(_ expression: String, input: String? = nil) throws -> String? {
        let policy = try Policy(compiling: [])
        let query = try policy.query("x = \(expression)")
        let program = try policy.program(queries: [query])
        let limits = Limits()
        let evaluator = Evaluator(
            version: PolicyVersion(program: program, data: .empty, limits: limits), limits: limits)
        evaluator.isStrict = true
        let heap = Heap()
        let document = try input.map { try JSONReader(heap: heap).read(Array($0.utf8)) }
        let answers = try evaluator.evaluate(query: 0, input: document ?? .undefined)
        guard let answer = answers.elements.first else { return nil }
        return RegoPrinter.string(answer.member(.integer(0)))
    }

    /// What an expression fails with; nil if it does not.
    static func failure(_ expression: String, input: String? = nil) throws -> String? {
        do {
            _ = try value(expression, input: input)
            return nil
        } catch let error as EvaluationError {
            return "\(error)"
        }
    }
}
