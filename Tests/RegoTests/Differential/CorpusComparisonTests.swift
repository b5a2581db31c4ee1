// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Rego

/// Every case of the corpus that evaluates: the engine answers what the slow evaluator answers.
@Suite struct CorpusComparisonTests {
    /// Cases whose answers are drawn at random or taken from the machine.
    private static let passedOver: Set<String> = ["netlookupipaddr", "compilecheck", "fmt"]

    @Test(arguments: SyntaxCorpus.paths)
    func `answers what the slow evaluator answers`(_ path: String) throws {
        let category = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
        guard !Self.passedOver.contains(category) else { return }
        let heap = Heap()
        defer { withExtendedLifetime(heap) {} }
        let root = try JSONReader(heap: heap, limits: .wide).read(
            Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        var undecided = 0
        for corpusCase in root.member(heap.string("cases")).elements {
            let name = corpusCase.member(heap.string("id")).string
            if let difference = try compare(corpusCase, heap, &undecided) {
                Issue.record("\(category): \(name): \(difference)")
            }
        }
        if undecided > 0 { print("rego comparison: \(category): \(undecided) beyond the slow evaluator") }
    }

    @Test func `has a corpus to compare with`() {
        guard SyntaxCorpus.paths.isEmpty else { return }
        print("rego comparison: no corpus here")
        #expect(!SyntaxCorpus.isRequired)
    }

    private func compare(_ corpusCase: Value, _ heap: Heap, _ undecided: inout Int) throws -> String? {
        func field(_ name: String) -> Value { corpusCase.member(heap.string(name)) }
        var settings = Policy.Settings()
        settings.allowedBuiltins = ["net.lookup_ip_addr", "http.send"]
        settings.builtins.add([
            Builtin("test.sleep", [.string], .null, traits: .nondeterministic) { _, _ in .null }
        ])
        let sources = field("modules").elements.enumerated().map { position, module in
            PolicySource(name: "test-\(position).rego", bytes: Array(module.utf8))
        }
        // Those that do not compile are judged elsewhere.
        guard let policy = try? Policy(compiling: sources, settings: settings),
            let query = try? policy.query(field("query").string)
        else { return nil }
        let random: Set<Text> = ["rand.intn", "uuid.rfc4122", "http.send"]
        guard policy.analyzed.requiredBuiltins.union(query.requiredBuiltins).isDisjoint(with: random) else {
            return nil
        }
        let data = field("data")
        var limits = Limits()
        limits.instructions = 20_000_000
        let version = PolicyVersion(
            program: try policy.program(queries: [query]),
            data: data.isDefined ? DataDocument(root: data, in: heap) : .empty, limits: limits)
        let evaluator = Evaluator(version: version, limits: limits)
        let input = try input(field("input"), field("input_term"), heap)
        var comparison = Comparison(policy: policy.analyzed, builtins: settings.builtins)
        comparison.isStrict = field("strict_error").isTrue
        comparison.stepLimit = 500_000
        let engine = comparison.engine(query, position: 0, evaluator, input: input)
        let reference = comparison.reference(
            query, input: input.isDefined ? Tree(input) : nil, data: data.isDefined ? Tree(data) : .object([]))
        if engine.isTooMuch != reference.isTooMuch { undecided += 1 }
        return engine.agrees(with: reference) ? nil : "engine: \(engine), reference: \(reference)"
    }

    private func input(_ value: Value, _ term: Value, _ heap: Heap) throws -> Value {
        guard term.isDefined else { return value }
        let policy = try Policy(compiling: [])
        let program = try policy.program(queries: [try policy.query("x = \(term.string)")])
        let evaluator = Evaluator(version: PolicyVersion(program: program, data: .empty))
        return try evaluator.evaluate(query: 0, input: .undefined).member(.integer(0)).member(.integer(0)).copy(
            to: heap)
    }
}

extension Limits {
    /// Wide enough for the files of the corpus.
    static let wide: Limits = {
        var limits = Limits()
        limits.inputBytes = 16 << 20
        limits.inputNodes = 10_000_000
        limits.inputDepth = 200
        return limits
    }()
}
