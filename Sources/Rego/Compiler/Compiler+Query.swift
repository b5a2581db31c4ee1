// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Compiler {
    /// Checks and rewrites a query that is asked of a policy.
    ///
    /// - Parameters:
    ///   - package: the package (`data` first) whose rules the query may name, if any.
    ///   - imports: what else it may name.
    public func analyzeQuery(
        _ body: Body, policy: AnalyzedPolicy, package: [Text]? = nil, imports: [Import] = []
    ) throws(Diagnostics) -> AnalyzedQuery {
        let compilation = Compilation(options: options, nextLocal: policy.nextLocal)
        guard !body.isEmpty else {
            throw Diagnostics([Diagnostic(.compile, "empty query cannot be compiled", at: .none)])
        }
        if options.isStrict { RootAssignments(compilation: compilation).check(body) }
        var rules: Set<Text> = []
        if let package {
            for module in policy.modules where module.package == package {
                for case let name? in module.rules.map(\.head.reference.first?.variableName) { rules.insert(name) }
            }
        }
        let globals = GlobalNames(package: package ?? [Name.data], rules: rules, imports: imports)
        var resolver = NameResolver(compilation: compilation, globals: globals)
        resolver.hidden.append(NameResolver.declared(in: body))
        var resolved = resolver.body(body, usedBy: [])
        let variables = visibleVariables(of: resolved, compilation)
        try compilation.throwMistakes()

        let outline = PolicyOutline(policy)
        var expander = Expander(
            compilation: compilation, outline: outline, negatesBodies: false,
            checksTemplates: resolver.hasTemplates || options.keepsPrint)
        expander.checksDeprecated = options.isStrict
        resolved = expander.body(resolved)
        for name in [expander.metadataChain, expander.metadataRule].compactMap({ $0 }) {
            let empty = Term(name == expander.metadataChain ? .array([]) : .object([]), at: .none)
            resolved.insert(.generatedEquality(.variable(name, at: .none), empty), at: 0)
        }
        try compilation.throwMistakes(through: .functions)

        let outputs = OutputVariables(arity: Expander.arity(compilation, outline))
        var safety = SafetyPass(compilation: compilation, outputs: outputs)
        resolved = safety.order(resolved, safe: [])
        try compilation.throwMistakes(through: .bodySafety)
        resolved = TermHoister(compilation: compilation, unifiesEqual: false).body(resolved)

        var finder = DependencyFinder(compilation: compilation, tree: policy.tree)
        finder.search(query: resolved)
        var checker = TypeChecker(
            compilation: compilation, environment: policy.types, tree: policy.tree, dependencies: policy.dependencies)
        checker.check(query: resolved)
        try compilation.throwMistakes()
        return AnalyzedQuery(
            body: resolved, variables: variables, dependencies: finder.found,
            requiredBuiltins: finder.found.builtins.union(finder.found.replacedBuiltins))
    }

    private func visibleVariables(of body: Body, _ compilation: Compilation) -> [AnalyzedQuery.Variable] {
        var seen: Set<Text> = []
        var result: [AnalyzedQuery.Variable] = []
        body.forEachVariable(.skipClosures) { name in
            guard let source = compilation.sourceName(of: name), !Name.isWildcard(source), seen.insert(name).inserted
            else {
                return
            }
            result.append(.init(source: source, unique: name))
        }
        return result
    }
}
