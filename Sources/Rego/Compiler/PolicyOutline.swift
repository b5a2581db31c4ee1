// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the passes behind name resolution know of the whole policy.
final class PolicyOutline {
    /// The definitions.
    let drafts: [DraftRule]
    /// The packages and rules; groups are not filled in.
    let tree: RuleTree
    /// Indices of the definitions at each place of the tree.
    let draftsAt: [[Int]]

    init(drafts: [DraftRule], packages: [[Text]]) {
        self.drafts = drafts
        var builder = RuleTree()
        var places: [[Int]] = [[]]
        for package in packages {
            let node = builder.insert(package.dropFirst().map { .string($0) })
            builder.nodes[node].isPackage = true
            while places.count < builder.nodes.count { places.append([]) }
        }
        for (index, draft) in drafts.enumerated() {
            let node = builder.insert(draft.groundPath)
            while places.count < builder.nodes.count { places.append([]) }
            places[node].append(index)
        }
        tree = builder
        draftsAt = places
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

    /// How many arguments a function of the policy takes.
    func arity(of reference: [Term]) -> Int? {
        guard let node = node(of: reference), let first = draftsAt[node].first else { return nil }
        return drafts[first].arity
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
}
