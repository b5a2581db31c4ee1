// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Rego

/// Compiles small modules with a few builtins, and shows what came out as text.
struct CompilerProbe {
    var isStrict = false
    var keepsPrint = false
    var refused: [Text: String] = [:]

    private static let signatures: [Text: BuiltinSignature] = {
        let collection = RegoType.union([.string, .anyArray, .anyObject, .anySet])
        let operand = RegoType.union([.number, .anySet])
        var table: [Text: BuiltinSignature] = [
            "count": BuiltinSignature(arguments: [collection], result: .number),
            "plus": BuiltinSignature(arguments: [.number, .number], result: .number),
            "minus": BuiltinSignature(arguments: [operand, operand], result: operand),
            "or": BuiltinSignature(arguments: [.anySet, .anySet], result: .anySet),
            "startswith": BuiltinSignature(arguments: [.string, .string], result: .boolean),
            "concat": BuiltinSignature(
                arguments: [.string, .union([.list(.string), .set(.string)])], result: .string),
            "io.jwt.decode": BuiltinSignature(arguments: [.string], result: .list(.any)),
            "time.now_ns": BuiltinSignature(arguments: [], result: .number, isNondeterministic: true),
            "walk": BuiltinSignature(arguments: [.any], result: .list(.any), isRelation: true),
            "any": BuiltinSignature(arguments: [.anyArray], result: .boolean, isDeprecated: true),
            "http.send": BuiltinSignature(arguments: [.anyObject], result: .anyObject),
            "internal.template_string": BuiltinSignature(arguments: [.anyArray], result: .string),
            "internal.print": BuiltinSignature(arguments: [.list(.anySet)], result: nil),
            "internal.member_2": BuiltinSignature(arguments: [.any, .any], result: .boolean),
            "internal.member_3": BuiltinSignature(arguments: [.any, .any, .any], result: .boolean),
            "print": BuiltinSignature(arguments: [], variadic: .any, result: nil),
            "rego.metadata.chain": BuiltinSignature(arguments: [], result: .anyArray),
            "rego.metadata.rule": BuiltinSignature(arguments: [], result: .any),
        ]
        for name in ["eq", "equal", "neq", "lt", "lte", "gt", "gte"] {
            table[Text(name)] = BuiltinSignature(arguments: [.any, .any], result: .boolean)
        }
        return table
    }()

    private var compiler: Compiler {
        Compiler(
            options: CompilerOptions(isStrict: isStrict, keepsPrint: keepsPrint, refusedBuiltins: refused) {
                Self.signatures[$0]
            })
    }

    /// Compiles modules.
    func policy(_ sources: String...) throws(Diagnostics) -> AnalyzedPolicy {
        try policy(sources)
    }

    private func policy(_ sources: [String]) throws(Diagnostics) -> AnalyzedPolicy {
        var modules: [Module] = []
        for (index, source) in sources.enumerated() {
            modules.append(try Parser.parseModule(Array(source.utf8), file: Int32(index)))
        }
        return try compiler.analyze(modules, sources: sources.indices.map { "m\($0).rego" })
    }

    /// Compiles a query against a policy.
    func query(_ text: String, _ policy: AnalyzedPolicy) throws(Diagnostics) -> AnalyzedQuery {
        try compiler.analyzeQuery(try Parser.parseBody(Array(text.utf8), file: 99), policy: policy)
    }

    /// The first mistake in modules, as `code row message`; nil when there is none.
    func mistake(_ sources: String...) -> String? {
        do {
            _ = try policy(sources)
            return nil
        } catch {
            return error.list.first.map { "\($0.code.rawValue) \($0.location.row) \($0.message)" }
        }
    }

    /// The body and the value of the first definition of a rule in `package t`, with variables as `v0`, `v1`, ...
    func body(of name: String, in rules: String) throws(Diagnostics) -> String {
        let policy = try policy("package t\n" + rules)
        guard let group = policy.group(at: [.string("t"), .string(Text(name))]),
            let definition = policy.groups[group].definitions.first
        else { return "none" }
        return Self.renamed(SyntaxPrinter.text(of: definition.body) + " => " + SyntaxPrinter.text(of: definition.value))
    }

    /// A text with the names of variables replaced by `v0`, `v1`, ... in the order in which they occur.
    static func renamed(_ text: String) -> String {
        var result = ""
        var numbers: [Substring: Int] = [:]
        var rest = text[...]
        while let start = rest.firstRange(of: "__local") {
            result += rest[..<start.lowerBound]
            guard let end = rest[start.upperBound...].firstRange(of: "__") else { break }
            let name = rest[start.lowerBound..<end.upperBound]
            let number = numbers[name] ?? numbers.count
            numbers[name] = number
            result += "v\(number)"
            rest = rest[end.upperBound...]
        }
        return result + rest
    }
}
