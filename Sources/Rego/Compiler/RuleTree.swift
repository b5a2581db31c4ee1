// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The packages and rules of a policy as a tree rooted at `data`.
public struct RuleTree: Sendable {
    /// A place in the tree.
    public struct Node: Sendable {
        /// The last element of its path; null for the root.
        public var key: SyntaxValue
        /// The place above; nil for the root.
        public var parent: Int?
        /// The places below, by key.
        public var children: [SyntaxValue: Int]
        /// The places below in the order of their keys.
        public var order: [Int]
        /// The rules here. Rules below belong to this group as well when one of its heads has a variable (there are no
        /// nodes for them then).
        public var group: Int?
        /// Whether a module's package is exactly here.
        public var isPackage: Bool
    }

    /// The places; the first is the root.
    public var nodes: [Node]

    /// Makes a tree without rules.
    public init() {
        nodes = [Node(key: .null, parent: nil, children: [:], order: [], group: nil, isPackage: false)]
    }

    /// The place with exactly this path.
    public func node(at path: some Sequence<SyntaxValue>) -> Int? {
        var current = 0
        for key in path {
            guard let next = nodes[current].children[key] else { return nil }
            current = next
        }
        return current
    }
}
