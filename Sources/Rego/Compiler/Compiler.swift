// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Turns parsed modules and queries into what can be executed.
public struct Compiler: Sendable {
    /// How it compiles.
    public var options: CompilerOptions

    /// Makes a compiler.
    public init(options: CompilerOptions) {
        self.options = options
    }

    /// Checks and rewrites modules; the order of the modules is that of their rules.
    public func analyze(_ modules: [Module], sources: [String]) throws(Diagnostics) -> AnalyzedPolicy {
        let compilation = Compilation(options: options)
        var drafts = resolve(modules, compilation)
        try compilation.throwMistakes()

        let packages = modules.map(\.package)
        let outline = PolicyOutline(drafts: drafts, packages: packages)
        let metadata = MetadataChains(modules: modules, sources: sources, compilation: compilation)
        for index in drafts.indices { expand(&drafts[index], outline, metadata, compilation) }
        ConflictCheck(compilation: compilation, outline: outline, modules: modules, sources: sources).run()
        try compilation.throwMistakes(through: .functions)

        let arity = Expander.arity(compilation, outline)
        var safety = SafetyPass(compilation: compilation, outputs: OutputVariables(arity: arity))
        let hoister = TermHoister(compilation: compilation, unifiesEqual: true)
        for index in drafts.indices { order(&drafts[index], &safety, compilation) }
        try compilation.throwMistakes(through: .bodySafety)
        for index in drafts.indices {
            for branch in drafts[index].branches.indices {
                drafts[index].branches[branch].body = hoister.body(drafts[index].branches[branch].body)
            }
        }

        var builder = GroupBuilder(compilation: compilation, outline: outline, packages: packages)
        builder.build(drafts) { modules[$0.module].rules[$0.rule].annotations }
        var finder = DependencyFinder(compilation: compilation, tree: builder.tree)
        var dependencies: [Dependencies] = []
        var required: Set<Text> = []
        for group in builder.groups {
            finder.search(group)
            dependencies.append(finder.found)
            required.formUnion(finder.found.builtins)
            required.formUnion(finder.found.replacedBuiltins)
        }
        RecursionCheck(compilation: compilation, outline: outline, drafts: drafts).run(dependencies)
        try compilation.throwMistakes(through: .recursion)
        let types = checkTypes(
            drafts, groups: builder.groups.map(\.path), dependencies, builder.tree, compilation)
        try compilation.throwMistakes()
        return AnalyzedPolicy(
            groups: builder.groups, tree: builder.tree, modules: modules, sources: sources, dependencies: dependencies,
            requiredBuiltins: required, options: options, nextLocal: compilation.nextLocal, types: types)
    }

    /// Checks the types of all rules, those first that others refer to.
    private func checkTypes(
        _ drafts: [DraftRule], groups: [[SyntaxValue]], _ dependencies: [Dependencies], _ tree: RuleTree,
        _ compilation: Compilation
    ) -> TypeEnvironment {
        var numbers: [[SyntaxValue]: Int] = [:]
        for (index, path) in groups.enumerated() { numbers[path] = index }
        var members = [[Int]](repeating: [], count: groups.count)
        for (index, draft) in drafts.enumerated() {
            var path = draft.groundPath
            while numbers[path] == nil, !path.isEmpty { path.removeLast() }
            if let number = numbers[path] { members[number].append(index) }
        }
        var checker = TypeChecker(
            compilation: compilation, environment: TypeEnvironment(), tree: tree, dependencies: dependencies)
        for group in Self.sorted(dependencies) {
            for index in members[group] {
                for branch in drafts[index].branches { checker.check(branch, of: drafts[index]) }
            }
        }
        return checker.environment
    }

    /// The groups in an order in which each comes after those that it refers to.
    private static func sorted(_ dependencies: [Dependencies]) -> [Int] {
        var result: [Int] = []
        var isSeen = [Bool](repeating: false, count: dependencies.count)
        for start in dependencies.indices where !isSeen[start] {
            isSeen[start] = true
            var stack = [(group: start, rest: dependencies[start].groups.sorted())]
            while !stack.isEmpty {
                guard let next = stack[stack.count - 1].rest.popLast() else {
                    result.append(stack.removeLast().group)
                    continue
                }
                if isSeen[next] { continue }
                isSeen[next] = true
                stack.append((next, dependencies[next].groups.sorted()))
            }
        }
        return result
    }

    // MARK: Passes over one rule

    private func resolve(_ modules: [Module], _ compilation: Compilation) -> [DraftRule] {
        var exported: [[Text]: Set<Text>] = [:]
        for module in modules {
            var names = exported[module.package] ?? []
            for rule in module.rules {
                if let name = rule.head.reference.first?.variableName { names.insert(name) }
            }
            exported[module.package] = names
        }
        var drafts: [DraftRule] = []
        for (index, module) in modules.enumerated() {
            let globals = GlobalNames(
                package: module.package, rules: exported[module.package] ?? [], imports: module.imports)
            checkDuplicates(module.imports, compilation)
            let resolver = RuleResolver(compilation: compilation, globals: globals, module: module, index: index)
            for (ruleIndex, rule) in module.rules.enumerated() {
                if let draft = resolver.resolve(rule, at: ruleIndex) { drafts.append(draft) }
            }
            if options.isStrict { checkUse(of: module.imports, globals, compilation) }
        }
        return drafts
    }

    private func checkDuplicates(_ imports: [Import], _ compilation: Compilation) {
        var seen: [Text: Import] = [:]
        for entry in imports {
            guard let name = entry.name else { continue }
            if let first = seen[name] {
                compilation.report(.imports, .compile, "import must not shadow \(first.text)", at: entry.location)
            } else {
                seen[name] = entry
            }
        }
    }

    private func checkUse(of imports: [Import], _ globals: GlobalNames, _ compilation: Compilation) {
        for entry in imports {
            guard let root = entry.pathTerms?.first?.variableName, Name.isRoot(root), let name = entry.name,
                !globals.isUsed(name)
            else { continue }
            compilation.report(.references, .compile, "\(entry.text) unused", at: entry.location)
        }
    }

    private func expand(
        _ draft: inout DraftRule, _ outline: PolicyOutline, _ metadata: MetadataChains, _ compilation: Compilation
    ) {
        var arguments: Set<Text> = []
        for argument in draft.arguments ?? [] { argument.forEachVariable([]) { arguments.insert($0) } }
        for index in draft.branches.indices {
            var expander = Expander(
                compilation: compilation, outline: outline, negatesBodies: draft.negatesBodies,
                checksTemplates: draft.hasTemplates || options.keepsPrint)
            expander.safe = arguments
            var branch = draft.branches[index]
            expander.expand(&branch)
            var first: Body = []
            if let name = expander.metadataChain {
                first.append(.generatedEquality(.variable(name, at: draft.location), metadata.chain(of: draft)))
            }
            if let name = expander.metadataRule {
                first.append(.generatedEquality(.variable(name, at: draft.location), metadata.rule(of: draft)))
            }
            if !first.isEmpty { branch.body.insert(contentsOf: first, at: 0) }
            draft.branches[index] = branch
        }
    }

    private func order(_ draft: inout DraftRule, _ safety: inout SafetyPass, _ compilation: Compilation) {
        var arguments: Set<Text> = []
        for argument in draft.arguments ?? [] { argument.forEachVariable([]) { arguments.insert($0) } }
        for index in draft.branches.indices {
            let branch = draft.branches[index]
            var needed: Set<Text> = []
            for term in branch.tail + [branch.key, branch.value].compactMap({ $0 }) {
                term.forEachVariable([]) { if !arguments.contains($0) { needed.insert($0) } }
            }
            if !needed.isEmpty { branch.body.forEachVariable(.skipClosures) { needed.remove($0) } }
            for name in needed.sorted() {
                guard let display = compilation.displayName(name) else { continue }
                compilation.report(.headSafety, .unsafeVariable, "var \(display) is unsafe", at: branch.location)
            }
            draft.branches[index].body = safety.order(branch.body, safe: arguments)
        }
    }
}
