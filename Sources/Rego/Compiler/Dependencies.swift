// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a rule or a query reads and calls.
public struct Dependencies: Sendable {
    /// A path below `data` or `input`.
    public struct Path: Hashable, Sendable {
        /// The part that is known.
        public var keys: [SyntaxValue]
        /// Whether something that is only known at run time follows.
        public var isPrefix: Bool
    }

    /// The groups that may be evaluated, directly.
    public var groups: Set<Int>
    /// Every path below `data` that is referred to, whether rules or base documents are there.
    public var dataPaths: Set<Path>
    /// Every path below `input` that is referred to.
    public var inputPaths: Set<Path>
    /// The builtins that are called.
    public var builtins: Set<Text>
    /// The functions and documents that `with` replaces.
    public var replaced: Set<Path>
    /// The groups among the documents that `with` replaces; they count where rules may not depend on themselves.
    var replacedGroups: Set<Int>
    /// Paths below `input` that `with` replaces.
    public var replacedInput: Set<Path>
    /// Builtins that `with` replaces.
    public var replacedBuiltins: Set<Text>
    /// Whether no builtin among them can give different results for the same arguments.
    public var isDeterministic: Bool

    /// Makes facts about something that reads nothing.
    public init() {
        groups = []
        dataPaths = []
        inputPaths = []
        builtins = []
        replaced = []
        replacedGroups = []
        replacedInput = []
        replacedBuiltins = []
        isDeterministic = true
    }

    /// Adds what another part reads.
    public mutating func formUnion(_ other: Dependencies) {
        groups.formUnion(other.groups)
        dataPaths.formUnion(other.dataPaths)
        inputPaths.formUnion(other.inputPaths)
        builtins.formUnion(other.builtins)
        replaced.formUnion(other.replaced)
        replacedGroups.formUnion(other.replacedGroups)
        replacedInput.formUnion(other.replacedInput)
        replacedBuiltins.formUnion(other.replacedBuiltins)
        isDeterministic = isDeterministic && other.isDeterministic
    }
}

extension AnalyzedPolicy {
    /// The facts of a part together with those of all groups that it reaches.
    public func closure(of part: Dependencies) -> Dependencies {
        var result = part
        var pending = Array(part.groups)
        var seen = part.groups
        while let next = pending.popLast() {
            guard dependencies.indices.contains(next) else { continue }
            let found = dependencies[next]
            for group in found.groups where seen.insert(group).inserted { pending.append(group) }
            result.formUnion(found)
        }
        return result
    }
}
