// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The types of the rules of a policy, by path.
struct TypeEnvironment: Sendable {
    private struct Node: Sendable {
        var type: RegoType?
        var children: [SyntaxValue: Int] = [:]
    }

    private var nodes = [Node()]
    /// How deep types are told apart.
    private static let depthLimit = 64

    /// Whether no rule is known.
    var isEmpty: Bool {
        nodes.count == 1
    }

    /// The place below another with a key.
    func child(_ key: SyntaxValue, of node: Int) -> Int? {
        nodes[node].children[key]
    }

    /// The type of a document that is made at exactly a place.
    func type(at node: Int) -> RegoType? {
        nodes[node].type
    }

    /// The type of what selects a part of what is at and below a place.
    func keys(of node: Int) -> RegoType? {
        if let type = nodes[node].type { return type.keys }
        var result: RegoType? = .string
        for key in nodes[node].children.keys { result = .either(result, key.type) }
        return result
    }

    /// The type of everything at and below a place.
    func extent(_ node: Int, depth: Int = 0) -> RegoType {
        if let type = nodes[node].type { return type }
        if depth > Self.depthLimit { return .any }
        var members: [RegoType.Member] = []
        for (key, child) in nodes[node].children.sorted(by: { $0.key.isBefore($1.key) }) {
            var member = RegoType.Member(key: key, value: extent(child, depth: depth + 1))
            member.isOptional = true
            members.append(member)
        }
        return .object(members, rest: .init(key: .string, value: .any))
    }

    /// Adds what a definition makes at a path.
    mutating func insert(_ path: [SyntaxValue], _ type: RegoType) {
        var current = 0
        for (depth, key) in path.enumerated() {
            if let next = nodes[current].children[key] {
                current = next
                if depth < path.count - 1, let known = nodes[next].type, case .object = known {
                    nodes[next].type = Self.adding(Array(path[(depth + 1)...]), type, to: known)
                }
            } else {
                nodes.append(Node())
                nodes[current].children[key] = nodes.count - 1
                current = nodes.count - 1
            }
        }
        var merged = RegoType.merged(nodes[current].type, type)
        if case .object = type {
            for (path, leaf) in leaves(below: current, depth: 0) { merged = Self.adding(path, leaf, to: merged) }
        }
        nodes[current].type = merged.bounded
    }

    private func leaves(below node: Int, depth: Int) -> [([SyntaxValue], RegoType)] {
        if depth > Self.depthLimit { return [] }
        var result: [([SyntaxValue], RegoType)] = []
        for (key, child) in nodes[node].children {
            if let type = nodes[child].type {
                result.append(([key], type))
            } else {
                result += leaves(below: child, depth: depth + 1).map { ([key] + $0.0, $0.1) }
            }
        }
        return result
    }

    private static func adding(_ path: [SyntaxValue], _ type: RegoType, to object: RegoType) -> RegoType {
        guard path.count <= depthLimit, case .object(let members, let rest) = object, let key = path.first else {
            return .any
        }
        let value = path.count == 1 ? type : adding(Array(path.dropFirst()), type, to: .object([], rest: nil))
        return .object(
            members,
            rest: .init(
                key: .either(rest?.key, key.type) ?? .any, value: .either(rest?.value, value) ?? .any))
    }
}
