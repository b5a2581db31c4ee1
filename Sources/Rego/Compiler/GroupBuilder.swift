// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Groups definitions by the document that they make, and draws the tree of groups.
struct GroupBuilder {
    let compilation: Compilation
    let outline: PolicyOutline
    let packages: [[Text]]
    private(set) var groups: [RuleGroup] = []
    private(set) var tree = RuleTree()

    init(compilation: Compilation, outline: PolicyOutline, packages: [[Text]]) {
        self.compilation = compilation
        self.outline = outline
        self.packages = packages
    }

    /// Builds groups and tree from the definitions in their last form.
    mutating func build(_ drafts: [DraftRule], annotations: (DraftRule) -> [Int]) {
        for package in packages {
            let node = tree.insert(package.dropFirst().map { .string($0) })
            tree.nodes[node].isPackage = true
        }
        var groupAt: [[SyntaxValue]: Int] = [:]
        for draft in drafts {
            let path = groupPath(of: draft)
            let index: Int
            if let known = groupAt[path] {
                index = known
            } else {
                index = groups.count
                groupAt[path] = index
                let kind: RuleGroup.Kind = draft.arity > 0 ? .function(arity: draft.arity) : .complete
                groups.append(RuleGroup(path: path, kind: kind, defaultValue: nil, definitions: []))
            }
            Self.add(draft, to: &groups[index], annotations: annotations(draft), compilation)
        }
        for (index, group) in groups.enumerated() { tree.nodes[tree.insert(group.path)].group = index }
        for index in tree.nodes.indices {
            let children = tree.nodes[index].order
            tree.nodes[index].order = children.sorted { tree.nodes[$0].key.isBefore(tree.nodes[$1].key) }
        }
    }

    /// Where the document is: the highest place on the way at which a head has a variable, else all of a ground head.
    private func groupPath(of draft: DraftRule) -> [SyntaxValue] {
        let path = draft.groundPath
        if draft.arity > 0 { return path }
        var node = 0
        for (depth, key) in path.enumerated() {
            guard let next = outline.tree.nodes[node].children[key] else { break }
            node = next
            if outline.isOpenAt[node] { return Array(path[...depth]) }
        }
        return path
    }

    private static func add(
        _ draft: DraftRule, to group: inout RuleGroup, annotations: [Int], _ compilation: Compilation
    ) {
        guard let first = draft.branches.first else { return }
        let depth = group.path.count
        func tail(_ branch: DraftRule.Branch) -> [Term] {
            let whole = draft.prefix.map { Term.constant($0, at: branch.location) } + branch.tail
            return Array(whole.dropFirst(depth))
        }
        if draft.isDefault {
            group.defaultValue = DefaultDefinition(
                value: first.value, body: first.body.filter { !$0.isTrue }, location: draft.location,
                module: draft.module)
            return
        }
        let firstTail = tail(first)
        if group.kind == .complete, first.key != nil || !firstTail.isEmpty { group.kind = .partial }
        var names: [Text: Text] = [:]
        for entry in compilation.sourceList[draft.names] where !Name.isWildcard(entry.source) {
            names[entry.name] = entry.source
        }
        group.definitions.append(
            RuleDefinition(
                tail: firstTail, key: first.key, value: first.value, arguments: draft.arguments, body: first.body,
                elseBranches: draft.branches.dropFirst().map {
                    ElseDefinition(tail: tail($0), value: $0.value, body: $0.body, location: $0.location)
                },
                location: draft.location, module: draft.module, rule: draft.rule, annotations: annotations,
                localNames: names))
    }
}

extension Expression {
    /// Whether it is just `true`.
    var isTrue: Bool {
        if case .term(let term) = kind, case .boolean(true) = term.kind, !isNegated { return true }
        return false
    }
}

extension SyntaxValue {
    /// The order of scalar keys: null, booleans, numbers, strings.
    func isBefore(_ other: SyntaxValue) -> Bool {
        switch (self, other) {
        case (.boolean(let one), .boolean(let two)): !one && two
        case (.number(let one), .number(let two)): (Double(one.string) ?? 0) < (Double(two.string) ?? 0)
        case (.string(let one), .string(let two)): one < two
        default: rank < other.rank
        }
    }

    private var rank: Int {
        switch self {
        case .null: 0
        case .boolean: 1
        case .number: 2
        case .string: 3
        case .array: 4
        case .object: 5
        }
    }
}
