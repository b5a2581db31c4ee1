// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds fields of one response name that cannot be merged into one answer.
struct GraphQLOverlaps {
    typealias Definition = GraphQLSchema.Definition

    /// A field with the type that it is selected from and its definition there.
    private struct Field {
        let node: Value
        let parent: Definition?
        let definition: Value?
    }

    /// The fields of a selection set by response name, and the fragments it spreads.
    private struct Selection {
        var names: [Text] = []
        var fields: [Text: [Field]] = [:]
        var spreads: [Text] = []
    }

    /// Two fragments that were compared, and whether as parts that exclude each other.
    private struct Pair: Hashable {
        let first: Text
        let second: Text
    }

    /// Why two fields conflict.
    private struct Conflict {
        let name: Text
        let reason: String
        let node: Value
    }

    private let query: GraphQLQuery
    private var comparedPairs: [Pair: Bool] = [:]
    private var comparedFragments: Set<Text> = []
    private var depth = 0

    private var tree: GraphQLTree { query.tree }
    private var schema: GraphQLSchema { query.schema }

    init(_ query: GraphQLQuery) {
        self.query = query
    }

    /// Refuses a selection set with fields that conflict.
    mutating func check(
        _ selections: Value, of parent: Definition?
    ) throws(BuiltinFailure) {
        guard selections.count > 0 else { return }
        let selection = try collect(selections, of: parent)
        var conflicts: [Conflict] = []
        for name in selection.names {
            let fields = selection.fields[name] ?? []
            for (position, field) in fields.enumerated() {
                for other in fields[(position &+ 1)...] {
                    try compare(field, other, areExclusive: false, &conflicts)
                }
            }
        }
        comparedFragments = []
        for (position, spread) in selection.spreads.enumerated() {
            try compare(selection, fragment: spread, areExclusive: false, &conflicts)
            for other in selection.spreads[(position &+ 1)...] {
                try compare(spread, other, areExclusive: false, &conflicts)
            }
        }
        if let conflict = conflicts.first {
            throw query.failure(
                "Fields \"\(conflict.name)\" conflict because \(conflict.reason). Use different aliases on the fields to fetch both if this was intentional.",
                at: conflict.node)
        }
    }

    private func collect(
        _ selections: Value, of parent: Definition?
    ) throws(BuiltinFailure) -> Selection {
        var result = Selection()
        try collect(selections, of: parent, depth: 0, &result)
        return result
    }

    private func collect(
        _ selections: Value, of parent: Definition?, depth: Int,
        _ result: inout Selection
    ) throws(BuiltinFailure) {
        if depth > 200 { throw .limit(.depth) }
        for node in selections.elements {
            try tree.context.charge(2)
            switch query.kind(of: node) {
            case .field:
                let alias = tree.name(node, .alias)
                let name = alias.bytes.isEmpty ? tree.name(node) : alias
                if result.fields[name] == nil { result.names.append(name) }
                result.fields[name, default: []].append(
                    Field(node: node, parent: parent, definition: schema.field(tree.name(node), of: parent)))
            case .spread: result.spreads.append(tree.name(node))
            case .inlineFragment:
                let condition = tree.name(node, .typeCondition)
                let next = condition.bytes.isEmpty ? parent : schema.definition(condition)
                try collect(tree.member(node, .selectionSet), of: next, depth: depth &+ 1, &result)
            }
        }
    }

    private func collect(fragment name: Text) throws(BuiltinFailure) -> Selection? {
        guard let fragment = query.fragment(name) else { return nil }
        let type = schema.definition(tree.name(fragment, .typeCondition))
        return try collect(tree.member(fragment, .selectionSet), of: type)
    }

    private mutating func compare(
        _ selection: Selection, fragment name: Text, areExclusive: Bool,
        _ conflicts: inout [Conflict]
    ) throws(BuiltinFailure) {
        guard comparedFragments.insert(name).inserted, let other = try collect(fragment: name) else { return }
        try compare(selection, other, areExclusive: areExclusive, &conflicts)
        for spread in other.spreads where spread != name {
            try compare(selection, fragment: spread, areExclusive: areExclusive, &conflicts)
        }
    }

    private mutating func compare(
        _ first: Text, _ second: Text, areExclusive: Bool,
        _ conflicts: inout [Conflict]
    ) throws(BuiltinFailure) {
        guard first != second else { return }
        let pair = first < second ? Pair(first: first, second: second) : Pair(first: second, second: first)
        // What was compared as not exclusive needs no second look.
        if let known = comparedPairs[pair], areExclusive || !known { return }
        comparedPairs[pair] = areExclusive
        guard let one = try collect(fragment: first), let two = try collect(fragment: second) else {
            return
        }
        try compare(one, two, areExclusive: areExclusive, &conflicts)
        for spread in two.spreads {
            try compare(first, spread, areExclusive: areExclusive, &conflicts)
        }
        for spread in one.spreads {
            try compare(spread, second, areExclusive: areExclusive, &conflicts)
        }
    }

    private mutating func compare(
        _ one: Selection, _ two: Selection, areExclusive: Bool,
        _ conflicts: inout [Conflict]
    ) throws(BuiltinFailure) {
        for name in one.names {
            for field in one.fields[name] ?? [] {
                for other in two.fields[name] ?? [] {
                    try compare(field, other, areExclusive: areExclusive, &conflicts)
                }
            }
        }
    }

    private mutating func compare(
        _ one: Field, _ two: Field, areExclusive: Bool, _ conflicts: inout [Conflict]
    ) throws(BuiltinFailure) {
        try tree.context.charge(4)
        guard let first = one.definition, let second = two.definition, let parent = one.parent, let other = two.parent,
            one.node.isIdentical(to: two.node) == false
        else { return }
        let areExclusive =
            areExclusive || (parent.name != other.name && parent.kind == "OBJECT" && other.kind == "OBJECT")
        let alias = tree.name(one.node, .alias)
        let name = alias.bytes.isEmpty ? tree.name(one.node) : alias
        func conflict(_ reason: String) {
            conflicts.append(Conflict(name: name, reason: reason, node: two.node))
        }
        if !areExclusive {
            if tree.name(one.node) != tree.name(two.node) {
                return conflict("\(tree.name(one.node)) and \(tree.name(two.node)) are different fields")
            }
            if !haveSameArguments(one.node, two.node) { return conflict("they have differing arguments") }
        }
        let firstType = tree.member(first, .type)
        let secondType = tree.member(second, .type)
        if doConflict(firstType, secondType) {
            return conflict(
                "they return conflicting types \(tree.typeText(firstType)) and \(tree.typeText(secondType))")
        }
        var inner: [Conflict] = []
        try compareSelections(
            of: one.node, schema.definition(tree.typeName(firstType)), and: two.node,
            schema.definition(tree.typeName(secondType)), areExclusive: areExclusive, &inner)
        if !inner.isEmpty {
            let reasons = inner.map { "subfields \"\($0.name)\" conflict because \($0.reason)" }
            conflict(reasons.joined(separator: " and "))
        }
    }

    private mutating func compareSelections(
        of one: Value, _ firstType: Definition?, and two: Value, _ secondType: Definition?, areExclusive: Bool,
        _ conflicts: inout [Conflict]
    ) throws(BuiltinFailure) {
        depth &+= 1
        if depth > 200 { throw .limit(.depth) }
        let first = try collect(tree.member(one, .selectionSet), of: firstType)
        let second = try collect(tree.member(two, .selectionSet), of: secondType)
        try compare(first, second, areExclusive: areExclusive, &conflicts)
        for spread in second.spreads {
            comparedFragments = []
            try compare(first, fragment: spread, areExclusive: areExclusive, &conflicts)
        }
        for spread in first.spreads {
            comparedFragments = []
            try compare(second, fragment: spread, areExclusive: areExclusive, &conflicts)
        }
        for spread in first.spreads {
            for other in second.spreads {
                try compare(spread, other, areExclusive: areExclusive, &conflicts)
            }
        }
        depth &-= 1
    }

    private func haveSameArguments(_ one: Value, _ two: Value) -> Bool {
        let first = tree.list(one, .arguments)
        let second = tree.list(two, .arguments)
        guard first.count == second.count else { return false }
        return first.allSatisfy { argument in
            guard let other = tree.find(tree.name(argument), in: second) else { return false }
            return query.text(of: tree.member(argument, .value)).utf8.elementsEqual(
                query.text(of: tree.member(other, .value)).utf8)
        }
    }

    private func doConflict(_ one: Value, _ two: Value, depth: Int = 0) -> Bool {
        let first = tree.member(one, .element)
        let second = tree.member(two, .element)
        if first.tag == .object || second.tag == .object {
            guard first.tag == .object, second.tag == .object, depth < 1000 else { return true }
            return doConflict(first, second, depth: depth &+ 1)
        }
        if tree.flag(one, .nonNull) != tree.flag(two, .nonNull) { return true }
        guard let left = schema.definition(tree.name(one, .namedType)),
            let right = schema.definition(tree.name(two, .namedType)), left.isLeaf, right.isLeaf
        else { return false }
        return left.name != right.name
    }
}
