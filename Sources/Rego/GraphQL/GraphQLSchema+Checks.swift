// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension GraphQLSchema {
    func check(name: Text, of node: Value) throws(BuiltinFailure) {
        if name.bytes.starts(with: "__".utf8) {
            throw failure(
                "Name \"\(name)\" must not begin with \"__\", which is reserved by GraphQL introspection.",
                at: tree.position(node))
        }
    }

    func check(_ definition: Definition) throws(BuiltinFailure) {
        try tree.context.charge(definition.fields.count &+ 1)
        for field in definition.fields {
            try check(name: tree.name(field), of: field)
            try checkType(of: field)
            try checkArguments(of: field, within: nil)
            let location: Text = definition.kind == "INPUT_OBJECT" ? "INPUT_FIELD_DEFINITION" : "FIELD_DEFINITION"
            try check(tree.list(field, .directives), at: location, within: nil)
        }
        for type in definition.types {
            guard let member = types[type] else {
                throw failure("Undefined type \"\(type)\".", at: definition.position)
            }
            guard member.kind == "OBJECT" else {
                throw failure("\(definition.kind) type \"\(type)\" must be OBJECT.", at: definition.position)
            }
        }
        for interface in definition.interfaces { try check(definition, implements: interface) }
        try checkContent(of: definition)
        var names: Set<Text> = []
        for field in definition.fields where !names.insert(tree.name(field)).inserted {
            throw failure(
                "Field \(definition.name).\(tree.name(field)) can only be defined once.", at: tree.position(field))
        }
        if !definition.isBuiltIn, definition.name.bytes.starts(with: "__".utf8) {
            throw failure(
                "Name \"\(definition.name)\" must not begin with \"__\", which is reserved by GraphQL introspection.",
                at: definition.position)
        }
        try check(definition.directives, at: definition.kind, within: nil)
    }

    private func checkContent(of definition: Definition) throws(BuiltinFailure) {
        let title = "\(definition.kind) \(definition.name)"
        switch definition.kind {
        case "OBJECT", "INTERFACE":
            if definition.fields.isEmpty {
                throw failure("\(title): must define one or more fields.", at: definition.position)
            }
            for field in definition.fields where types[tree.typeName(type(of: field))]?.kind == "INPUT_OBJECT" {
                throw failure(
                    "\(title): field must be one of SCALAR, OBJECT, INTERFACE, UNION, ENUM.", at: tree.position(field))
            }
        case "ENUM":
            if definition.enumValues.isEmpty {
                throw failure("\(title): must define one or more unique enum values.", at: definition.position)
            }
            for value in definition.enumValues {
                let name = tree.name(value)
                if name == "true" || name == "false" || name == "null" {
                    throw failure("\(title): non-enum value \(name).", at: definition.position)
                }
            }
        case "INPUT_OBJECT":
            if definition.fields.isEmpty {
                throw failure("\(title): must define one or more input fields.", at: definition.position)
            }
            for field in definition.fields {
                guard let type = types[tree.typeName(type(of: field))], !type.isInput else { continue }
                throw failure(
                    "\(type.kind) \(tree.name(field)): field must be one of SCALAR, ENUM, INPUT_OBJECT.",
                    at: tree.position(field))
            }
        default: break
        }
    }

    private func type(of node: Value) -> Value { tree.member(node, .type) }

    private func checkType(of node: Value) throws(BuiltinFailure) {
        let name = tree.typeName(type(of: node))
        if types[name] == nil { throw failure("Undefined type \(name).", at: tree.position(type(of: node))) }
    }

    func checkArguments(of node: Value, within directive: Text?) throws(BuiltinFailure) {
        for argument in tree.list(node, .arguments) {
            try tree.context.charge(1)
            try check(name: tree.name(argument), of: argument)
            try checkType(of: argument)
            let type = type(of: argument)
            if let definition = types[tree.typeName(type)], !definition.isInput {
                throw failure(
                    "cannot use \(tree.typeText(type)) as argument \(tree.name(argument)) because \(definition.kind) is not a valid input type",
                    at: tree.position(argument))
            }
            try check(tree.list(argument, .directives), at: "ARGUMENT_DEFINITION", within: directive)
        }
    }

    private func check(
        _ directives: some Sequence<Value>, at location: Text, within own: Text?
    ) throws(BuiltinFailure) {
        for directive in directives {
            try tree.context.charge(1)
            let name = tree.name(directive)
            try check(name: name, of: directive)
            if name == own { throw failure("Directive \(name) cannot refer to itself.", at: tree.position(directive)) }
            guard let definition = self.directives[name] else {
                throw failure("Undefined directive \(name).", at: tree.position(directive))
            }
            guard tree.list(definition, .locations).contains(where: { $0.utf8.elementsEqual(location.bytes) }) else {
                throw failure("Directive \(name) is not applicable on \(location).", at: tree.position(directive))
            }
        }
    }

    private func check(_ definition: Definition, implements name: Text) throws(BuiltinFailure) {
        guard let interface = types[name] else { throw failure("Undefined type \"\(name)\".", at: definition.position) }
        guard interface.kind == "INTERFACE" else {
            throw failure("\"\(name)\" is a non interface type \(interface.kind).", at: definition.position)
        }
        for required in interface.fields {
            try tree.context.charge(definition.fields.count)
            try check(definition, has: required, of: interface)
        }
        for ancestor in interface.interfaces where !definition.interfaces.contains(ancestor) {
            if ancestor == definition.name {
                throw failure(
                    "Type \(definition.name) cannot implement \(name) because it would create a circular reference.",
                    at: definition.position)
            }
            throw failure(
                "Type \(definition.name) must implement \(ancestor) because it is implemented by \(name).",
                at: definition.position)
        }
    }

    private func check(
        _ definition: Definition, has required: Value, of interface: Definition
    ) throws(BuiltinFailure) {
        let prefix = "For \(definition.name) to implement \(interface.name)"
        let name = tree.name(required)
        guard let found = tree.find(name, in: definition.fields) else {
            throw failure("\(prefix) it must have a field called \(name).", at: definition.position)
        }
        guard isCovariant(type(of: required), type(of: found)) else {
            throw failure(
                "\(prefix) the field \(name) must have type \(tree.typeText(type(of: required))).",
                at: tree.position(found))
        }
        let arguments = tree.list(found, .arguments)
        for argument in tree.list(required, .arguments) {
            guard let match = tree.find(tree.name(argument), in: arguments) else {
                throw failure(
                    "\(prefix) the field \(name) must have the same arguments but it is missing \(tree.name(argument)).",
                    at: tree.position(found))
            }
            guard isCompatible(type(of: argument), with: type(of: match)) else {
                throw failure(
                    "\(prefix) the field \(name) must have the same arguments but \(tree.name(argument)) has the wrong type.",
                    at: tree.position(match))
            }
        }
        for argument in arguments where tree.find(tree.name(argument), in: tree.list(required, .arguments)) == nil {
            if tree.flag(type(of: argument), .nonNull), tree.member(argument, .defaultValue).isUndefined {
                throw failure(
                    "\(prefix) any additional arguments on \(name) must be optional or have a default value but \(tree.name(argument)) is required.",
                    at: tree.position(argument))
            }
        }
    }

    /// Whether values of the second type may stand where those of the first one are promised.
    private func isCovariant(_ required: Value, _ actual: Value, depth: Int = 0) -> Bool {
        if depth > 1000 || tree.flag(required, .nonNull) && !tree.flag(actual, .nonNull) { return false }
        let name = tree.name(required, .namedType)
        if !name.bytes.isEmpty {
            let other = tree.name(actual, .namedType)
            return name == other || possibleTypes[name]?.contains(other) == true
        }
        let element = tree.member(actual, .element)
        guard element.tag == .object else { return false }
        return isCovariant(tree.member(required, .element), element, depth: depth &+ 1)
    }

    /// Whether values of the first type may be passed where the second one is expected.
    func isCompatible(_ type: Value, with other: Value, isOptional: Bool = false, depth: Int = 0) -> Bool {
        guard depth < 1000, tree.name(type, .namedType) == tree.name(other, .namedType) else { return false }
        let element = tree.member(type, .element)
        if element.tag == .object {
            let otherElement = tree.member(other, .element)
            guard otherElement.tag == .object, isCompatible(element, with: otherElement, depth: depth &+ 1) else {
                return false
            }
        }
        return !tree.flag(other, .nonNull) || isOptional || tree.flag(type, .nonNull)
    }
}
