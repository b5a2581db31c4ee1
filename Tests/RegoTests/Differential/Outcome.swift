// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Rego

/// What an evaluator makes of a query.
enum Outcome {
    /// The answers, sorted and each once: the values of the query's variables.
    case answers([Tree])
    /// An error's code.
    case failure(String)
    /// More work than the evaluator was given; says nothing.
    case tooMuch

    /// Whether both say the same, or one says nothing.
    func agrees(with other: Outcome) -> Bool {
        switch (self, other) {
        case (.tooMuch, _), (_, .tooMuch): true
        case (.answers(let one), .answers(let two)): Tree.compare(.array(one), .array(two)) == 0
        case (.failure(let one), .failure(let two)): one == two
        default: false
        }
    }

    var isTooMuch: Bool {
        if case .tooMuch = self { return true }
        return false
    }

    static func answers(unordered list: [Tree]) -> Outcome {
        guard case .set(let sorted) = Tree.set(of: list) else { return .answers([]) }
        return .answers(sorted)
    }
}

extension Outcome: CustomStringConvertible {
    var description: String {
        switch self {
        case .answers(let list):
            let heap = Heap()
            return String(decoding: RegoPrinter.bytes(Tree.array(list).value(in: heap)), as: UTF8.self)
        case .failure(let code): return code
        case .tooMuch: return "too much"
        }
    }
}

/// The engine's answer to a query and the slow evaluator's.
struct Comparison {
    var policy: AnalyzedPolicy
    var builtins: BuiltinTable
    var isStrict = false
    var time: Int64 = 1_790_000_000_000_000_000
    var stepLimit = 200_000

    /// What the engine answers.
    func engine(_ query: AnalyzedQuery, position: Int, _ evaluator: Evaluator, input: Value) -> Outcome {
        evaluator.reset()
        evaluator.isStrict = isStrict
        evaluator.context.time = time
        do throws(EvaluationError) {
            let answers = try evaluator.evaluate(query: position, input: input)
            return .answers(unordered: answers.elements.map { Tree($0) })
        } catch {
            return error.limit == nil ? .failure(error.code) : .tooMuch
        }
    }

    /// What the slow evaluator answers.
    func reference(_ query: AnalyzedQuery, input: Tree?, data: Tree) -> Outcome {
        let evaluator = ReferenceEvaluator(
            policy: policy, builtins: builtins, isStrict: isStrict, time: time, stepLimit: stepLimit)
        do {
            let answers = try evaluator.answers(query, input: input, data: data)
            return .answers(
                unordered: answers.map { answer in
                    .array(query.variables.map { answer[$0.source] ?? .null })
                })
        } catch ReferenceEvaluator.Failure.failed(let code) {
            return .failure(code)
        } catch ReferenceEvaluator.Failure.tooMuch {
            return .tooMuch
        } catch {
            return .failure("\(error)")
        }
    }
}
