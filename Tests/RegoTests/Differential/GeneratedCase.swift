// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

@testable import Rego

/// A generated policy with data, an input and queries, as far as it compiles.
struct GeneratedCase {
    var modules: [String]
    var data: String
    var input: String
    var policy: Policy
    var queries: [(text: String, analyzed: AnalyzedQuery)]

    /// The generator's policy without the rules that do not compile; nil if nothing is left.
    init?(_ generator: PolicyGenerator) {
        data = generator.data()
        input = generator.input()
        var chunks = generator.policy()
        var compiled: Policy?
        modules = []
        for _ in 0..<12 where compiled == nil && !chunks.isEmpty {
            modules = Self.modules(chunks, generator.keywords)
            do throws(Diagnostics) {
                let sources = modules.enumerated().map { PolicySource(name: "m\($0.offset).rego", text: $0.element) }
                compiled = try Policy(compiling: sources)
            } catch {
                let bad = Set(error.list.compactMap { Self.chunk(at: $0.location, chunks) })
                guard !bad.isEmpty else { return nil }
                chunks = chunks.enumerated().filter { !bad.contains($0.offset) }.map(\.element)
            }
        }
        guard let compiled else { return nil }
        policy = compiled
        var texts = ["x = data", "x = data.a", "x = data.c"]
        for rule in generator.rules where rule.arity == nil { texts.append("x = data.\(rule.package).\(rule.name)") }
        generator.variables = []
        generator.package = "none"
        for _ in 0..<3 {
            texts.append(generator.scoped(selects: true) { generator.inline(generator.body(2, 2)) })
        }
        queries = texts.compactMap { text in (try? compiled.query(text)).map { (text, $0) } }
    }

    /// One module for each package; each rule begins on a known line.
    private static func modules(_ chunks: [PolicyGenerator.Chunk], _ keywords: [String: [String]]) -> [String] {
        PolicyGenerator.packages.map { package in
            let texts = chunks.filter { $0.package == package }.map(\.text)
            let imports = ["and", "not", "or"].map { keyword in
                keywords[package]?.contains(keyword) == true ? "import future.keywords.\(keyword)" : ""
            }
            return (["package \(package)"] + imports + texts).joined(separator: "\n") + "\n"
        }
    }

    private static func chunk(at location: Location, _ chunks: [PolicyGenerator.Chunk]) -> Int? {
        let file = Int(location.file)
        guard PolicyGenerator.packages.indices.contains(file) else { return nil }
        var row = 5
        for (position, chunk) in chunks.enumerated() where chunk.package == PolicyGenerator.packages[file] {
            row += chunk.text.split(separator: "\n", omittingEmptySubsequences: false).count
            if Int(location.row) < row { return position }
        }
        return nil
    }

    /// Where the evaluators differ; nil if they agree.
    func difference() -> String? {
        let heap = Heap()
        defer { withExtendedLifetime(heap) {} }
        let reader = JSONReader(heap: heap)
        guard let root = try? reader.read(Array(data.utf8)), let document = try? reader.read(Array(input.utf8)) else {
            return "the documents are no JSON"
        }
        let program: Program
        do throws(Diagnostics) {
            program = try policy.program(queries: queries.map(\.analyzed))
        } catch {
            // Variables that need each other are found late.
            if error.list.allSatisfy({ $0.code == .unsafeVariable }) { return nil }
            return "\(self)no program: \(error.list)"
        }
        let (trees, documentTree) = (Tree(root), Tree(document))
        var limits = Limits()
        limits.instructions = 200_000
        limits.nanoseconds = .max
        let version = PolicyVersion(program: program, data: DataDocument(root: root, in: heap), limits: limits)
        let evaluator = Evaluator(version: version, limits: limits)
        var comparison = Comparison(policy: policy.analyzed, builtins: policy.builtins, stepLimit: 20_000)
        var outcomes: [Outcome] = []
        for (position, query) in queries.enumerated() {
            let engine = comparison.engine(query.analyzed, position: position, evaluator, input: document)
            outcomes.append(engine)
            if engine.isTooMuch { continue }
            let reference = comparison.reference(query.analyzed, input: documentTree, data: trees)
            if !engine.agrees(with: reference) {
                return "\(self)query: \(query.text)\nengine: \(engine)\nreference: \(reference)"
            }
        }
        for (position, query) in queries.enumerated().reversed() {
            comparison.isStrict = false
            let again = comparison.engine(query.analyzed, position: position, evaluator, input: document)
            let path = path(query.text, evaluator, input: document)
            for other in [again, path ?? again] where !other.agrees(with: outcomes[position]) {
                return "\(self)query: \(query.text)\nfirst: \(outcomes[position])\nthen: \(other)"
            }
            // The engine may pass by what fails, but must not fail where the other does not.
            comparison.isStrict = true
            let strict = comparison.engine(query.analyzed, position: position, evaluator, input: document)
            guard case .failure = strict, case .answers = outcomes[position] else { continue }
            if case .answers(let answers) = comparison.reference(query.analyzed, input: documentTree, data: trees) {
                return "\(self)strict query: \(query.text)\nengine: \(strict)\nreference: \(answers)"
            }
        }
        return nil
    }

    /// What the engine finds at the path that a query `x = data.…` asks for.
    private func path(_ query: String, _ evaluator: Evaluator, input: Value) -> Outcome? {
        guard query.hasPrefix("x = data.") else { return nil }
        evaluator.reset()
        let keys = query.dropFirst(9).split(separator: ".").map { evaluator.context.heap.string(String($0)) }
        do throws(EvaluationError) {
            let value = try evaluator.evaluate(path: keys, input: input)
            return .answers(unordered: value.isUndefined ? [] : [.array([Tree(value)])])
        } catch {
            return error.limit == nil ? .failure(error.code) : .tooMuch
        }
    }
}

extension GeneratedCase: CustomStringConvertible {
    var description: String {
        modules.joined(separator: "\n") + "\ndata: \(data)\ninput: \(input)\n"
    }
}
