// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Rego

/// Judges cases of the Rego corpus as its README says; each judgement is nil for a pass, else what went wrong.
struct RegoJudge {
    /// The corpus's heap.
    let heap: Heap
    /// Builtins besides the standard ones.
    var additions: [Builtin] = []

    func judge(_ corpusCase: Value, category: String) -> String? {
        switch category {
        case "compilecheck": judgeCompilation(corpusCase)
        case "fmt": judgeFormatting(corpusCase)
        default: judgeEvaluation(corpusCase)
        }
    }

    private func field(_ corpusCase: Value, _ name: String) -> Value {
        corpusCase.member(heap.string(name))
    }

    private func text(_ value: Value) -> String {
        String(decoding: JSONWriter.bytes(value), as: UTF8.self)
    }

    private func sources(_ corpusCase: Value) -> [PolicySource] {
        field(corpusCase, "modules").elements.enumerated().map { position, module in
            PolicySource(name: "test-\(position).rego", bytes: Array(module.utf8))
        }
    }

    // MARK: Evaluation

    private func judgeEvaluation(_ corpusCase: Value) -> String? {
        let wantedCode = field(corpusCase, "want_error_code")
        let wantedText = field(corpusCase, "want_error")
        let wantsError = wantedCode.isDefined || wantedText.isDefined
        do {
            let answers = try evaluate(corpusCase)
            if wantsError { return "no error, but \(wantedCode.string) \(wantedText.string)" }
            let isSorted = field(corpusCase, "sort_bindings").isTrue
            return compare(answers, with: field(corpusCase, "want_result"), isSorted: isSorted)
        } catch let error as EvaluationError {
            guard wantsError else { return "error: \(error)" }
            if wantedCode.isDefined, error.code != wantedCode.string {
                return "code \(error.code), not \(wantedCode.string): \(error)"
            }
            if wantedText.isDefined, !error.description.utf8Contains(wantedText.string) {
                return "error \"\(error)\" without \"\(wantedText.string)\""
            }
            return nil
        } catch let error as Diagnostics {
            return "does not compile: \(error.list.map { "\($0.location.row): \($0.code.rawValue): \($0.message)" })"
        } catch {
            return "\(error)"
        }
    }

    /// The answers as JSON objects from names to values.
    private func evaluate(_ corpusCase: Value) throws -> [Value] {
        var settings = Policy.Settings()
        settings.allowedBuiltins = ["net.lookup_ip_addr", "http.send"]
        settings.builtins.add(additions)
        settings.builtins.add([
            Builtin("test.sleep", [.string], .null, traits: .nondeterministic) { _, _ in .null }
        ])
        let policy = try Policy(compiling: sources(corpusCase), settings: settings)
        let query = try policy.query(field(corpusCase, "query").string)
        let program = try policy.program(queries: [query])
        let data = field(corpusCase, "data")
        let document = data.isDefined ? DataDocument(root: data, in: heap) : .empty
        var limits = Limits()
        limits.nanoseconds = .max
        limits.instructions = 20_000_000
        let version = PolicyVersion(program: program, data: document, limits: limits)
        let evaluator = Evaluator(version: version, limits: limits)
        evaluator.isStrict = field(corpusCase, "strict_error").isTrue
        evaluator.context.time = 1_790_000_000_000_000_000
        let answers = try evaluator.evaluate(query: 0, input: try input(of: corpusCase))
        return try answers.elements.map { answer in
            let object = evaluator.context.heap.emptyObject()
            for (variable, value) in zip(query.variables, answer.elements)
            where !variable.source.string.hasPrefix("__local") {
                evaluator.context.heap.insert(evaluator.context.heap.string(variable.source), value, into: object)
            }
            return try JSONReader(heap: heap, limits: .corpus).read(JSONWriter.bytes(object))
        }
    }

    private func input(of corpusCase: Value) throws -> Value {
        let term = field(corpusCase, "input_term")
        guard term.isDefined else { return field(corpusCase, "input") }
        let policy = try Policy(compiling: [])
        let program = try policy.program(queries: [try policy.query("x = \(term.string)")])
        let evaluator = Evaluator(version: PolicyVersion(program: program, data: .empty))
        let answers = try evaluator.evaluate(query: 0, input: .undefined)
        return answers.member(.integer(0)).member(.integer(0)).copy(to: heap)
    }

    private func compare(_ answers: [Value], with wanted: Value, isSorted: Bool) -> String? {
        let got = heap.set(answers.map { isSorted ? sorted($0) : $0 })
        let want = heap.set(wanted.elements.map { isSorted ? sorted($0) : $0 })
        return got.isEqual(to: want) ? nil : "got \(text(got)), not \(text(want))"
    }

    private func sorted(_ answer: Value) -> Value {
        let result = heap.emptyObject()
        for (key, value) in answer.members {
            let isArray = value.tag == .array
            let ordered = isArray ? heap.array(value.elements.sorted { $0.isOrdered(before: $1) }) : value
            heap.insert(key, ordered, into: result)
        }
        return result
    }

    // MARK: Compilation and formatting

    private func judgeCompilation(_ corpusCase: Value) -> String? {
        let wanted = field(corpusCase, "want_errors").elements
        var settings = Policy.Settings()
        settings.isStrict = field(corpusCase, "strict").isTrue
        settings.builtins.add(additions)
        settings.allowedBuiltins = ["net.lookup_ip_addr", "http.send"]
        do throws(Diagnostics) {
            _ = try Policy(compiling: sources(corpusCase), settings: settings)
            guard let first = wanted.first else { return nil }
            return "accepted, but \(text(first))"
        } catch {
            let found = error.list.map { "\($0.location.row): \($0.code.rawValue): \($0.message)" }
            guard let first = wanted.first else { return "refused: \(found)" }
            guard let mistake = error.list.first else { return "no mistake named" }
            let isSame =
                mistake.code.rawValue == field(first, "code").string
                && Int64(mistake.location.row) == field(first, "row").exactInteger
                && Int64(mistake.location.file) == field(first, "module").exactInteger
            return isSame ? nil : "\(found), not \(text(first))"
        }
    }

    private func judgeFormatting(_ corpusCase: Value) -> String? {
        let source = Array(field(corpusCase, "source").utf8)
        let wanted = field(corpusCase, "want_formatted")
        do throws(Diagnostics) {
            let formatted = try Formatter.format(source: source, file: 0)
            guard wanted.isDefined else { return "formatted, but an error is wanted" }
            if formatted != Array(wanted.utf8) {
                return "got:\n\(String(decoding: formatted, as: UTF8.self))\nnot:\n\(wanted.string)"
            }
            let again = try Formatter.format(source: formatted, file: 0)
            return again == formatted ? nil : "not idempotent"
        } catch {
            return wanted.isDefined ? "refused: \(error.list)" : nil
        }
    }
}

extension String {
    /// Whether the bytes of a text occur in it.
    func utf8Contains(_ part: String) -> Bool {
        let whole = Array(utf8)
        let wanted = Array(part.utf8)
        guard !wanted.isEmpty, whole.count >= wanted.count else { return wanted.isEmpty }
        return (0...(whole.count - wanted.count)).contains { whole[$0..<($0 + wanted.count)].elementsEqual(wanted) }
    }
}

extension Limits {
    /// Wide enough for the corpus's files.
    static let corpus: Limits = {
        var limits = Limits()
        limits.inputBytes = 16 << 20
        limits.inputNodes = 10_000_000
        limits.inputDepth = 200
        return limits
    }()
}
