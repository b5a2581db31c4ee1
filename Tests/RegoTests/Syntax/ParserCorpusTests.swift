// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Rego
import Testing

@Suite struct ParserCorpusTests {
    private static let isPresent = !SyntaxCorpus.files.isEmpty

    @Test func `finds the corpus where it must be`() {
        #expect(Self.isPresent || !SyntaxCorpus.isRequired)
    }

    private func mistakes(in module: String) -> [Diagnostic] {
        do throws(Diagnostics) {
            _ = try Parser.parseModule(Array(module.utf8), file: 0)
            return []
        } catch {
            return error.list
        }
    }

    private func describe(_ mistakes: [Diagnostic]) -> String {
        mistakes.map { "\($0.location.row):\($0.location.column) \($0.message)" }.joined(separator: "; ")
    }

    @Test(.enabled(if: isPresent)) func `reads every module and query that is evaluated`() throws {
        for (category, corpusCase) in SyntaxCorpus.cases where category != "compilecheck" && category != "fmt" {
            for module in corpusCase.modules ?? [] {
                let found = mistakes(in: module)
                #expect(found.isEmpty, "\(corpusCase.name): \(describe(found))")
            }
            if let query = corpusCase.query {
                #expect(throws: Never.self, "\(corpusCase.name): \(query)") {
                    try Parser.parseBody(Array(query.utf8), file: 0)
                }
            }
            if let term = corpusCase.input_term {
                #expect(throws: Never.self, "\(corpusCase.name): \(term)") {
                    try Parser.parseTerm(Array(term.utf8), file: 0)
                }
            }
        }
    }

    @Test(.enabled(if: isPresent)) func `refuses what does not parse, in the line where it goes wrong`() {
        for (category, corpusCase) in SyntaxCorpus.cases where category == "compilecheck" {
            let first = corpusCase.want_errors?.first
            let modules = (corpusCase.modules ?? []).map(mistakes(in:))
            guard let first, first.code == "rego_parse_error" else {
                let found = modules.flatMap(\.self)
                #expect(found.isEmpty, "\(corpusCase.name): \(describe(found))")
                continue
            }
            let module = modules.firstIndex { !$0.isEmpty }
            #expect(module == first.module ?? 0, "\(corpusCase.name)")
            let row = module.flatMap { modules[$0].first?.location.row }
            #expect(row.map(Int.init) == first.row, "\(corpusCase.name)")
        }
    }

    @Test(.enabled(if: isPresent)) func `prints modules as they are recorded`() throws {
        for (category, corpusCase) in SyntaxCorpus.cases where category == "fmt" {
            let source = Array((corpusCase.source ?? "").utf8)
            guard let wanted = corpusCase.want_formatted else {
                #expect(throws: Diagnostics.self, "\(corpusCase.name)") {
                    try Formatter.format(source: source, file: 0)
                }
                continue
            }
            let formatted = try Formatter.format(source: source, file: 0)
            #expect(String(decoding: formatted, as: UTF8.self) == wanted, "\(corpusCase.name)")
            #expect(try Formatter.format(source: formatted, file: 0) == formatted, "\(corpusCase.name)")
        }
    }

    @Test(.enabled(if: isPresent)) func `a layout stays when it is printed again`() throws {
        for (category, corpusCase) in SyntaxCorpus.cases where category != "fmt" {
            for module in corpusCase.modules ?? [] {
                guard let once = try? Formatter.format(source: Array(module.utf8), file: 0) else { continue }
                #expect(try Formatter.format(source: once, file: 0) == once, "\(corpusCase.name)")
            }
        }
    }
}
