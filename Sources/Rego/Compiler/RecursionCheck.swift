// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Refuses rules that depend on themselves.
struct RecursionCheck {
    let compilation: Compilation
    let outline: PolicyOutline
    let drafts: [DraftRule]

    /// One branch of a definition.
    private struct Node: Hashable {
        var draft: Int
        var branch: Int
    }

    /// Notes each rule on a cycle. Documents that reach no cycle at all are passed over.
    func run(_ dependencies: [Dependencies]) {
        guard hasCycle(dependencies) else { return }
        var edges: [Node: [Node]] = [:]
        var nodes: [Node] = []
        for (index, draft) in drafts.enumerated() {
            for branch in draft.branches.indices {
                let node = Node(draft: index, branch: branch)
                nodes.append(node)
                edges[node] = targets(of: draft, branch)
            }
        }
        var reported = 0
        for node in Self.cyclic(nodes, edges) where reported < compilation.options.errorLimit {
            guard let path = path(from: node, edges) else { continue }
            let names = path.map { compilation.printer.reference(drafts[$0.draft].reference) }
            compilation.report(
                .recursion, .recursion,
                "rule \(names.first ?? "") is recursive: \(names.joined(separator: " -> "))",
                at: drafts[node.draft].branches[node.branch].location)
            reported += 1
        }
    }

    /// Leaves out what reaches no cycle and what no cycle reaches.
    private static func cyclic(_ nodes: [Node], _ edges: [Node: [Node]]) -> [Node] {
        var incoming: [Node: [Node]] = [:]
        for node in nodes { for target in edges[node] ?? [] { incoming[target, default: []].append(node) } }
        return pruned(pruned(nodes, edges, incoming), incoming, edges)
    }

    /// Takes away, again and again, what nothing follows.
    private static func pruned(_ nodes: [Node], _ next: [Node: [Node]], _ previous: [Node: [Node]]) -> [Node] {
        let kept = Set(nodes)
        var counts: [Node: Int] = [:]
        for node in nodes { counts[node] = (next[node] ?? []).count { kept.contains($0) } }
        var gone: Set<Node> = []
        var pending = nodes.filter { counts[$0] == 0 }
        while let node = pending.popLast() {
            guard gone.insert(node).inserted else { continue }
            for other in previous[node] ?? [] where kept.contains(other) {
                let count = (counts[other] ?? 0) - 1
                counts[other] = count
                if count == 0 { pending.append(other) }
            }
        }
        return nodes.filter { !gone.contains($0) }
    }

    private func hasCycle(_ dependencies: [Dependencies]) -> Bool {
        var state = [Int8](repeating: 0, count: dependencies.count)
        for start in dependencies.indices where state[start] == 0 {
            var stack = [(group: start, rest: Array(dependencies[start].mentionedGroups))]
            state[start] = 1
            while !stack.isEmpty {
                guard let next = stack[stack.count - 1].rest.popLast() else {
                    state[stack.removeLast().group] = 2
                    continue
                }
                if state[next] == 1 { return true }
                if state[next] == 0 {
                    state[next] = 1
                    stack.append((next, Array(dependencies[next].mentionedGroups)))
                }
            }
        }
        return false
    }

    private func path(from start: Node, _ edges: [Node: [Node]]) -> [Node]? {
        var previous: [Node: Node] = [:]
        var queue = [start]
        var position = 0
        while position < queue.count {
            let node = queue[position]
            position += 1
            for next in edges[node] ?? [] {
                if next == start {
                    var path = [start, node]
                    var current = node
                    while current != start, let before = previous[current] {
                        path.append(before)
                        current = before
                    }
                    return node == start ? [start, start] : path.reversed()
                }
                if previous[next] == nil {
                    previous[next] = node
                    queue.append(next)
                }
            }
        }
        return nil
    }

    // MARK: Edges

    private func targets(of draft: DraftRule, _ branch: Int) -> [Node] {
        var found: Set<Int> = []
        let source = draft.branches[branch]
        let search = ReferenceSearch { reference in
            for node in outline.tree.places(on: reference.dropFirst()) { found.formUnion(outline.draftsAt[node]) }
        }
        for term in source.tail { search.visit(term) }
        for term in draft.arguments ?? [] { search.visit(term) }
        if let key = source.key { search.visit(key) }
        search.visit(source.value)
        search.visit(source.body)
        return found.sorted().flatMap { index in
            drafts[index].branches.indices.map { Node(draft: index, branch: $0) }
        }
    }
}

extension Dependencies {
    /// All groups that are named, to be evaluated or to be replaced.
    fileprivate var mentionedGroups: Set<Int> { groups.union(replacedGroups) }
}

/// Visits every reference below `data`.
struct ReferenceSearch {
    /// What is done with each.
    let found: ([Term]) -> Void

    /// Visits those of a body.
    func visit(_ body: Body) {
        for expression in body {
            switch expression.kind {
            case .term(let term): visit(term)
            case .someVariables, .someIn: break
            case .every(_, _, let domain, let body):
                visit(domain)
                visit(body)
            case .negatedBody(let body): visit(body)
            case .and(let operands), .or(let operands):
                for operand in operands { visit(operand.body) }
            }
            for modifier in expression.modifiers {
                visit(modifier.target)
                visit(modifier.value)
            }
        }
    }

    /// Visits those of a term.
    func visit(_ term: Term) {
        switch term.kind {
        case .null, .boolean, .number, .string, .template: break
        case .variable(let name):
            if name == Name.data { found([term]) }
        case .reference(let parts):
            if parts.first?.variableName == Name.data { found(parts) }
            for part in parts.dropFirst() { visit(part) }
        case .array(let elements), .set(let elements):
            for element in elements { visit(element) }
        case .object(let items):
            for item in items {
                visit(item.key)
                visit(item.value)
            }
        case .call(let function, let arguments):
            if case .reference = function.kind { visit(function) }
            for argument in arguments { visit(argument) }
        case .arrayComprehension(let head, let body), .setComprehension(let head, let body):
            visit(head)
            visit(body)
        case .objectComprehension(let key, let value, let body):
            visit(key)
            visit(value)
            visit(body)
        }
    }
}
