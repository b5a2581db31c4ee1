// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A set of host names that is told by single names and by everything below a name.
///
/// Each node says whether the name itself belongs to the set and whether the names below it do, where no node further
/// down says otherwise. The root has the empty name. Every combination of such sets is such a set.
struct NameSet: Hashable, Sendable {
    private(set) var nodes: [String: Node]

    struct Node: Hashable, Sendable {
        var itself: Bool
        var below: Bool
    }

    static let empty = NameSet(nodes: [:])
    static let all = NameSet(nodes: ["": Node(itself: false, below: true)])

    init(nodes: [String: Node]) { self.nodes = nodes }

    /// Single names, and names with everything below.
    init(exact: [String], below: [String]) {
        nodes = [:]
        var written: [String: Node] = [:]
        for name in exact { written[name, default: Node(itself: false, below: false)].itself = true }
        for name in below { written[name, default: Node(itself: false, below: false)].below = true }
        for name in Self.byDepth(written.keys) {
            guard let node = written[name] else { continue }
            let inherited = self.node(at: name)
            let merged = Node(itself: node.itself || inherited.itself, below: node.below || inherited.below)
            if merged != inherited { nodes[name] = merged }
        }
    }

    var isEmpty: Bool { !nodes.values.contains { $0.itself || $0.below } }

    func contains(_ name: String) -> Bool { node(at: name).itself }

    /// What the set says of a name and of those below it.
    func node(at name: String) -> Node {
        if let node = nodes[name] { return node }
        for index in name.utf8.indices where name.utf8[index] == UInt8(ascii: ".") {
            if let node = nodes[String(name[name.utf8.index(after: index)...])] {
                return Node(itself: node.below, below: node.below)
            }
        }
        let root = nodes[""]?.below ?? false
        return Node(itself: root, below: root)
    }

    func union(_ other: NameSet) -> NameSet {
        if isEmpty || other.isAll { return other }
        if other.isEmpty || isAll { return self }
        return combined(with: other) { $0 || $1 }
    }

    func intersection(_ other: NameSet) -> NameSet {
        if isEmpty || other.isAll { return self }
        if other.isEmpty || isAll { return other }
        return combined(with: other) { $0 && $1 }
    }

    func subtracting(_ other: NameSet) -> NameSet {
        if isEmpty || other.isEmpty { return self }
        if other.isAll { return .empty }
        return combined(with: other) { $0 && !$1 }
    }

    private var isAll: Bool { nodes.count == 1 && nodes[""]?.below == true }

    private func combined(with other: NameSet, _ operation: (Bool, Bool) -> Bool) -> NameSet {
        var result: [String: Node] = [:]
        for name in Set(nodes.keys).union(other.nodes.keys) {
            let left = node(at: name)
            let right = other.node(at: name)
            result[name] = Node(
                itself: operation(left.itself, right.itself), below: operation(left.below, right.below))
        }
        return NameSet(nodes: result).normalized()
    }

    /// Without the nodes that say nothing new.
    private func normalized() -> NameSet {
        var result = NameSet(nodes: [:])
        for name in Self.byDepth(nodes.keys) {
            guard let node = nodes[name] else { continue }
            if name.isEmpty {
                if node.below { result.nodes[""] = Node(itself: false, below: true) }
            } else if result.node(at: name) != node {
                result.nodes[name] = node
            }
        }
        return result
    }

    /// The names, those with fewer labels first.
    private static func byDepth(_ names: some Sequence<String>) -> [String] {
        var levels: [[String]] = []
        for name in names {
            let depth = name.isEmpty ? 0 : 1 + name.utf8.count { $0 == UInt8(ascii: ".") }
            while levels.count <= depth { levels.append([]) }
            levels[depth].append(name)
        }
        return levels.flatMap { $0 }
    }

    // MARK: Writing

    /// The set as host patterns.
    struct Patterns {
        var exact: [String] = []
        var wildcards: [String] = []
        /// What cannot be written, in words.
        var leftOut: [String] = []
    }

    /// The patterns of the set; the root must be told apart by the caller.
    func patterns() -> Patterns {
        var result = Patterns()
        let broken = brokenNames()
        for name in nodes.keys.sorted() where !name.isEmpty {
            guard let node = nodes[name] else { continue }
            if node.itself { result.exact.append(name) }
            guard node.below else { continue }
            if broken.contains(name) {
                result.leftOut.append("the names below \(name) but for some that are denied")
            } else if !name.utf8.contains(UInt8(ascii: ".")) {
                result.leftOut.append("all names below the top-level domain \(name)")
            } else {
                result.wildcards.append(name)
            }
        }
        if nodes[""]?.below == true { result.leftOut.append("all names but for some that are denied") }
        return result
    }

    /// The names below which the set has an exclusion.
    private func brokenNames() -> Set<String> {
        var broken: Set<String> = []
        for (name, node) in nodes where !name.isEmpty && !(node.itself && node.below) {
            var rest = name[...]
            while let dot = rest.firstIndex(of: ".") {
                rest = rest[rest.index(after: dot)...]
                broken.insert(String(rest))
            }
        }
        return broken
    }
}
