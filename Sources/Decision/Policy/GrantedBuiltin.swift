// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Rego

/// What `yett.granted` knows of the request under decision.
final class GrantedRequest {
    /// The input document of the request under decision.
    private(set) var input = Value.undefined
    /// Whether a grant covers the request under decision.
    private(set) var isGranted = false
    /// Judges other documents, where that is possible.
    private var judge: ((Facts) -> Verdict)?

    /// Begins a decision.
    func begin(input: Value, isGranted: Bool) {
        self.input = input
        self.isGranted = isGranted
    }

    /// Begins an evaluation of any document, whose facts are read from it.
    func begin(judge: @escaping (Facts) -> Verdict) {
        self.judge = judge
    }

    /// Forgets the request.
    func end() {
        input = .undefined
        isGranted = false
        if judge != nil { judge = nil }
    }

    /// Whether a grant covers the request that a document describes.
    func answer(_ document: Value) throws(BuiltinFailure) -> Bool {
        if input.isDefined, document.isIdentical(to: input) { return isGranted }
        guard let judge else { throw .value("it was given another document than the input of this decision") }
        switch FactsReader.read(document) {
        case .success(let facts): return judge(facts).effect == .allow
        case .failure(let problem): throw .value(problem.description)
        }
    }
}

/// `yett.granted(input)`: whether a grant of the configuration covers the request, found through the index of grants.
enum GrantedBuiltin {
    static let name: Text = "yett.granted"

    static let all = [
        Builtin(name, [.any], .boolean) { arguments, context throws(BuiltinFailure) in
            guard let request = context.owner as? GrantedRequest else {
                throw .value("there are no grants here")
            }
            return .boolean(try request.answer(arguments[0]))
        }
    ]
}
