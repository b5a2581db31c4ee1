// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the passes behind name resolution know of the whole policy.
struct PolicyOutline {
    /// The definitions, of a policy that is being compiled.
    let drafts: [DraftRule]
    /// The packages and rules; groups are not filled in.
    let tree: RuleTree
    /// Indices of the definitions at each place of the tree.
    let draftsAt: [[Int]]
    /// Whether a rule at each place has a variable in its head, so that what is below belongs to the same document.
    let isOpenAt: [Bool]
    /// How many arguments the definitions at each place take.
    private let aritiesAt: [[Int]]

    /// Describes modules.
    init(drafts: [DraftRule], packages: [[Text]]) {
        self.drafts = drafts
        var builder = RuleTree()
        for package in packages {
            let node = builder.insert(package.dropFirst().map { .string($0) })
            builder.nodes[node].isPackage = true
        }
        let nodes = drafts.map { builder.insert($0.groundPath) }
        var places = [[Int]](repeating: [], count: builder.nodes.count)
        for (index, node) in nodes.enumerated() { places[node].append(index) }
        tree = builder
        draftsAt = places
        isOpenAt = places.map { $0.contains { drafts[$0].arity == 0 && !drafts[$0].isGround } }
        aritiesAt = places.map { $0.map { drafts[$0].arity } }
    }

    /// Describes a policy that was compiled before.
    init(_ policy: AnalyzedPolicy) {
        drafts = []
        tree = policy.tree
        draftsAt = Array(repeating: [], count: policy.tree.nodes.count)
        isOpenAt = Array(repeating: false, count: policy.tree.nodes.count)
        aritiesAt = policy.tree.nodes.map { node in
            guard let group = node.group else { return [] }
            if case .function(let arity) = policy.groups[group].kind { return [arity] }
            return [0]
        }
    }

    /// The place that a reference with only constants behind `data` leads to.
    func node(of reference: [Term]) -> Int? {
        guard reference.first?.variableName == Name.data else { return nil }
        var current = 0
        for part in reference.dropFirst() {
            guard let key = part.scalar, let next = tree.nodes[current].children[key] else { return nil }
            current = next
        }
        return current
    }

    /// Whether rules stand at a place.
    func hasRules(at node: Int) -> Bool {
        !aritiesAt[node].isEmpty
    }

    /// Whether a function stands at a place.
    func hasFunction(at node: Int) -> Bool {
        aritiesAt[node].contains { $0 > 0 }
    }

    /// How many arguments a function of the policy takes.
    func arity(of reference: [Term]) -> Int? {
        node(of: reference).flatMap { aritiesAt[$0].first }
    }
}

extension RuleTree {
    /// The place with a path, made if there is none.
    mutating func insert(_ path: some Sequence<SyntaxValue>) -> Int {
        var current = 0
        for key in path {
            if let next = nodes[current].children[key] {
                current = next
                continue
            }
            let next = nodes.count
            nodes.append(Node(key: key, parent: current, children: [:], order: [], group: nil, isPackage: false))
            nodes[current].children[key] = next
            nodes[current].order.append(next)
            current = next
        }
        return current
    }

    /// The places that a reference may pass or lead to, with all below its end; a part without a known value may be any key.
    func places(on reference: ArraySlice<Term>) -> [Int] {
        var result: [Int] = []
        var front = [0]
        for part in reference {
            var next: [Int] = []
            for node in front {
                if let key = part.scalar {
                    if let child = nodes[node].children[key] { next.append(child) }
                } else {
                    next.append(contentsOf: nodes[node].order)
                }
            }
            if next.isEmpty { return result }
            result.append(contentsOf: next)
            front = next
        }
        while let node = front.popLast() {
            result.append(node)
            front.append(contentsOf: nodes[node].order)
        }
        return result
    }
}
