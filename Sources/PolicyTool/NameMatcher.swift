// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// Finds a regular expression in names, with the engine of `regex.match`.
struct NameMatcher {
    private let evaluator: Evaluator
    private let heap = Heap()

    init(_ pattern: String) throws(PolicyProblem) {
        let problem = PolicyProblem(asked: "“\(pattern)” is no regular expression", remedy: "--run 'test_allow.*'")
        do throws(Diagnostics) {
            let quoted = String(decoding: SyntaxPrinter.quoted(Text(pattern)), as: UTF8.self)
            let policy = try Policy(compiling: [
                PolicySource(name: "pattern", text: "package pattern\n\nmatches := regex.match(\(quoted), input)\n")
            ])
            let program = try policy.program(entryPoints: [["pattern", "matches"]])
            evaluator = Evaluator(version: PolicyVersion(program: program, data: .empty))
        } catch {
            throw problem
        }
        evaluator.isStrict = true
        if (try? evaluator.evaluate(entryPoint: 0, input: heap.string(""))) == nil { throw problem }
    }

    func matches(_ name: String) -> Bool {
        (try? evaluator.evaluate(entryPoint: 0, input: heap.string(name)))?.isTrue ?? false
    }
}
