// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension TypeChecker {
    /// A document or function that `with` replaces.
    struct Replacement {
        /// The path, without `data`; nil for a builtin.
        var path: [SyntaxValue]?
        /// The builtin.
        var builtin: Text?
        /// The type of what stands there instead.
        var type: RegoType
        /// The groups of rules there and below.
        var groups: Set<Int>
    }

    /// What modifiers replace.
    func replaced(by modifiers: [WithModifier]) -> [Replacement] {
        modifiers.compactMap { modifier in
            let type = type(of: modifier.value) ?? .any
            switch modifier.target.kind {
            case .variable(let name):
                if name == Name.input { return nil }
                if name == Name.data { return Replacement(path: [], type: type, groups: []) }
                return Replacement(builtin: name, type: type, groups: [])
            case .reference(let parts):
                guard parts.first?.variableName == Name.data else { return nil }
                let groups = tree.places(on: parts.dropFirst()).compactMap { tree.nodes[$0].group }
                return Replacement(path: Self.constants(parts), type: type, groups: Set(groups))
            default: return nil
            }
        }
    }

    /// The type of a reference below `data`, given the replacements.
    func with(_ type: RegoType?, of parts: [Term]) -> RegoType? {
        let path = Self.constants(parts)
        var result = type
        for replacement in replacements {
            if let target = replacement.path, target == path, path.count == parts.count - 1 {
                if case .function? = type { continue }
                result = .either(result, replacement.type)
            } else if touches(replacement, path, parts) {
                return .any
            }
        }
        return result
    }

    /// Whether what a reference below `data` leads to depends on replacements.
    func isReplaced(_ parts: [Term]) -> Bool {
        if replacements.isEmpty { return false }
        let path = Self.constants(parts)
        return replacements.contains { $0.path == path || touches($0, path, parts) }
    }

    private func touches(_ replacement: Replacement, _ path: [SyntaxValue], _ parts: [Term]) -> Bool {
        if let target = replacement.path, target != path || path.count < parts.count - 1,
            zip(target, path).allSatisfy({ $0 == $1 })
        {
            return true
        }
        for place in tree.places(on: parts.dropFirst()) {
            guard let group = tree.nodes[place].group else { continue }
            if replacement.path != nil, replacement.groups.contains(group) { continue }
            if reads(group, replacement) { return true }
        }
        return false
    }

    private func reads(_ group: Int, _ replacement: Replacement) -> Bool {
        var seen: Set<Int> = [group]
        var pending = [group]
        while let next = pending.popLast() {
            guard dependencies.indices.contains(next) else { continue }
            if let builtin = replacement.builtin, dependencies[next].builtins.contains(builtin) { return true }
            for other in dependencies[next].groups where seen.insert(other).inserted {
                if replacement.groups.contains(other) { return true }
                pending.append(other)
            }
        }
        return false
    }

    /// The constant parts with which a reference begins, without `data`.
    private static func constants(_ parts: [Term]) -> [SyntaxValue] {
        Array(parts.dropFirst().prefix { $0.isScalar }.compactMap(\.scalar))
    }
}
