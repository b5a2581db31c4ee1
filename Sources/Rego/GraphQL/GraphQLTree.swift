// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The keys of GraphQL trees, and how to build and read their nodes.
///
/// A tree is a value of the shape that policies see, with places under `Position` until it is pruned.
struct GraphQLTree {
    let context: BuiltinContext
    private let keys: [Key: Value]

    enum Key: String, CaseIterable {
        case alias = "Alias"
        case arguments = "Arguments"
        case builtIn = "BuiltIn"
        case children = "Children"
        case defaultValue = "DefaultValue"
        case definitions = "Definitions"
        case description = "Description"
        case directives = "Directives"
        case element = "Elem"
        case enumValues = "EnumValues"
        case expectedTypeHasDefault = "ExpectedTypeHasDefault"
        case extensions = "Extensions"
        case fields = "Fields"
        case fragments = "Fragments"
        case interfaces = "Interfaces"
        case isRepeatable = "IsRepeatable"
        case kind = "Kind"
        case location = "Location"
        case locations = "Locations"
        case name = "Name"
        case namedType = "NamedType"
        case nonNull = "NonNull"
        case operation = "Operation"
        case operationTypes = "OperationTypes"
        case operations = "Operations"
        case position = "Position"
        case raw = "Raw"
        case schema = "Schema"
        case schemaExtension = "SchemaExtension"
        case selectionSet = "SelectionSet"
        case type = "Type"
        case typeCondition = "TypeCondition"
        case types = "Types"
        case used = "Used"
        case value = "Value"
        case variable = "Variable"
        case variableDefinition = "VariableDefinition"
        case variableDefinitions = "VariableDefinitions"
    }

    init(_ context: BuiltinContext) {
        self.context = context
        keys = Dictionary(uniqueKeysWithValues: Key.allCases.map { ($0, context.heap.string($0.rawValue)) })
    }

    private func key(_ key: Key) -> Value { keys[key] ?? .null }

    /// A node of the members that are defined and not empty.
    func node(_ members: [Key: Value], at position: GraphQLPosition? = nil) throws(BuiltinFailure) -> Value {
        try context.charge(1)
        if context.heap.isExhausted { throw .limit(.memory) }
        let object = context.heap.emptyObject(capacity: members.count &+ 1)
        for (name, value) in members where value.isDefined && !(value.isCollection && value.count == 0) {
            context.heap.insert(key(name), value, into: object)
        }
        if let position { context.heap.insert(key(.position), position.value, into: object) }
        return object
    }

    func text(_ bytes: [UInt8]) -> Value { context.heap.string(bytes) }
    func array(_ values: [Value]) -> Value { context.heap.array(values) }

    /// A member of a node; undefined if there is none.
    func member(_ node: Value, _ name: Key) -> Value {
        node.tag == .object ? node.member(key(name)) : .undefined
    }

    /// The elements of a list in a node.
    func list(_ node: Value, _ name: Key) -> ValueList { member(node, name).elements }

    /// A text in a node; empty if there is none.
    func name(_ node: Value, _ name: Key = .name) -> Text { member(node, name).text }

    func flag(_ node: Value, _ name: Key) -> Bool { member(node, name).isTrue }

    func position(_ node: Value) -> GraphQLPosition? { GraphQLPosition(member(node, .position)) }

    /// The node of a list that bears a name.
    func find(_ name: Text, in nodes: some Sequence<Value>) -> Value? {
        nodes.first { member($0, .name).utf8.elementsEqual(name.bytes) }
    }

    /// A tree as policies see it: without places, null and what is empty.
    func prune(_ value: Value, depth: Int = 0) throws(BuiltinFailure) -> Value {
        if depth > 1000 { throw .limit(.depth) }
        try context.charge(1)
        switch value.tag {
        case .array:
            let result = context.heap.emptyArray(capacity: value.count)
            for element in value.elements where element.tag != .null {
                let pruned = try prune(element, depth: depth &+ 1)
                if !(pruned.isCollection && pruned.count == 0) { context.heap.append(pruned, to: result) }
            }
            return result
        case .object:
            let result = context.heap.emptyObject(capacity: value.count)
            for member in value.members where member.value.tag != .null && !member.key.isEqual(to: key(.position)) {
                let pruned = try prune(member.value, depth: depth &+ 1)
                if !(pruned.isCollection && pruned.count == 0) {
                    context.heap.insert(member.key, pruned, into: result)
                }
            }
            return result
        default: return value
        }
    }

    // MARK: Types

    /// The name of the type within all lists.
    func typeName(_ type: Value) -> Text {
        var type = type
        var depth = 0
        while member(type, .element).tag == .object, depth < 1000 {
            type = member(type, .element)
            depth &+= 1
        }
        return name(type, .namedType)
    }

    /// The type as GraphQL writes it: `[String!]!`.
    func typeText(_ type: Value, depth: Int = 0) -> String {
        let element = member(type, .element)
        let inner =
            element.tag == .object && depth < 1000
            ? "[\(typeText(element, depth: depth + 1))]" : name(type, .namedType).string
        return inner + (flag(type, .nonNull) ? "!" : "")
    }
}
