// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Renders a template with the members of an object.
struct TemplateRenderer {
    /// What was rendered.
    private(set) var output: [UInt8] = []
    private let template: TextTemplate
    private let context: BuiltinContext
    private var variables: [(name: Text, value: TemplateValue)]
    private var dot: TemplateValue
    private var depth = 0

    private static let depthLimit = 200

    init(_ template: TextTemplate, _ root: Value, _ context: BuiltinContext) {
        self.template = template
        self.context = context
        dot = TemplateValue(root)
        variables = [("", dot)]
    }

    /// Renders the template.
    mutating func render() throws(BuiltinFailure) {
        _ = try render(template.nodes)
    }

    /// How the rendering of a list went on.
    private enum Flow {
        case onward
        case leavingLoop
        case nextTurn
    }

    private func failure(_ message: String) -> BuiltinFailure {
        .value("template: \(message)")
    }

    private mutating func enter() throws(BuiltinFailure) {
        depth &+= 1
        if depth > TemplateRenderer.depthLimit { throw .limit(.depth) }
    }

    private mutating func render(_ nodes: [TextTemplate.Node]) throws(BuiltinFailure) -> Flow {
        try enter()
        let visible = variables.count
        defer {
            depth &-= 1
            variables.removeLast(variables.count &- visible)
        }
        for node in nodes {
            try context.charge(1)
            let flow = try render(node)
            if output.count > context.limits.stringBytes { throw .limit(.string) }
            if flow != .onward { return flow }
        }
        return .onward
    }

    private mutating func render(_ node: TextTemplate.Node) throws(BuiltinFailure) -> Flow {
        switch node {
        case .text(let text):
            try context.charge(text.count / 64)
            output += text
        case .output(let pipeline):
            let value = try evaluate(pipeline)
            if pipeline.variables.isEmpty { try write(value) }
        case .condition(let pipeline, let then, let otherwise):
            let visible = variables.count
            defer { variables.removeLast(variables.count &- visible) }
            return try render(try evaluate(pipeline).isTrue ? then : otherwise)
        case .focus(let pipeline, let then, let otherwise):
            let visible = variables.count
            defer { variables.removeLast(variables.count &- visible) }
            let value = try evaluate(pipeline)
            return value.isTrue ? try render(then, dot: value) : try render(otherwise)
        case .loop(let pipeline, let each, let otherwise):
            return try loop(pipeline, each, otherwise)
        case .call(let name, let pipeline):
            guard let nodes = template.definitions[name] else { throw failure("template \"\(name)\" not defined") }
            let value = if let pipeline { try evaluate(pipeline) } else { TemplateValue.none }
            let outer = variables
            variables = [("", value)]
            defer { variables = outer }
            _ = try render(nodes, dot: value)
        case .leaveLoop: return .leavingLoop
        case .nextTurn: return .nextTurn
        }
        return .onward
    }

    private mutating func render(_ nodes: [TextTemplate.Node], dot value: TemplateValue) throws(BuiltinFailure) -> Flow
    {
        let outer = dot
        dot = value
        defer { dot = outer }
        return try render(nodes)
    }

    private mutating func write(_ value: TemplateValue) throws(BuiltinFailure) {
        if case .document(let document) = value { try context.charge(document.count &+ document.byteCount / 64) }
        value.write(to: &output)
    }

    private mutating func loop(
        _ pipeline: TextTemplate.Pipeline, _ each: [TextTemplate.Node], _ otherwise: [TextTemplate.Node]
    ) throws(BuiltinFailure) -> Flow {
        let visible = variables.count
        defer { variables.removeLast(variables.count &- visible) }
        // The variables hold the elements, not the whole.
        var domain = pipeline
        domain.variables = []
        let value = try evaluate(domain)
        let count: Int
        switch value {
        case .none: count = 0
        case .integer(let limit): count = Int(clamping: max(limit, 0))
        case .document(let document):
            guard document.isCollection else { throw failure("range can't iterate over \(text(of: value))") }
            count = document.count
        }
        if count == 0 { return try render(otherwise) }
        for position in 0..<count {
            try context.charge(1)
            variables.removeLast(variables.count &- visible)
            var key = TemplateValue.integer(Int64(position))
            var element = key
            if case .document(let document) = value {
                if document.tag == .object {
                    let member = document.members[position]
                    key = .document(member.key)
                    element = TemplateValue(member.value)
                } else {
                    element = TemplateValue(document.elements[position])
                }
            }
            let bound = pipeline.variables.count > 1 ? [key, element] : [element]
            for (name, value) in zip(pipeline.variables, bound) {
                try bind(name, to: value, isDeclaration: pipeline.isDeclaration)
            }
            if try render(each, dot: element) == .leavingLoop { break }
        }
        return .onward
    }

    private func text(of value: TemplateValue) -> String {
        var text: [UInt8] = []
        value.write(to: &text)
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: Values

    private mutating func bind(_ name: Text, to value: TemplateValue, isDeclaration: Bool) throws(BuiltinFailure) {
        if isDeclaration {
            variables.append((name, value))
            return
        }
        guard let index = variables.lastIndex(where: { $0.name == name }) else {
            throw failure("undefined variable \"$\(name)\"")
        }
        variables[index].value = value
    }

    private mutating func evaluate(_ pipeline: TextTemplate.Pipeline) throws(BuiltinFailure) -> TemplateValue {
        try enter()
        defer { depth &-= 1 }
        var result: TemplateValue?
        for command in pipeline.commands {
            try context.charge(command.count)
            result = try evaluate(command, after: result)
        }
        let value = result ?? .none
        for name in pipeline.variables { try bind(name, to: value, isDeclaration: pipeline.isDeclaration) }
        return value
    }

    private mutating func evaluate(
        _ command: [TextTemplate.Operand], after previous: TemplateValue?
    ) throws(BuiltinFailure) -> TemplateValue {
        guard let first = command.first else { return .none }
        let rest = command.dropFirst()
        if case .function(let name) = first.kind, first.fields.isEmpty {
            return try call(name, rest, after: previous)
        }
        if !rest.isEmpty || previous != nil { throw failure("can't give argument to non-function") }
        if case .constant(.none) = first.kind { throw failure("nil is not a command") }
        return try evaluate(first)
    }

    private mutating func evaluate(_ operand: TextTemplate.Operand) throws(BuiltinFailure) -> TemplateValue {
        var value: TemplateValue
        switch operand.kind {
        case .dot: value = dot
        case .constant(let constant): value = constant
        case .pipeline(let pipeline): value = try evaluate(pipeline)
        case .function(let name): value = try call(name, [], after: nil)
        case .variable(let name):
            guard let variable = variables.last(where: { $0.name == name }) else {
                throw failure("undefined variable \"$\(name)\"")
            }
            value = variable.value
        }
        for field in operand.fields {
            if case .none = value { continue }
            guard case .document(let document) = value, document.tag == .object else {
                throw failure("can't evaluate field \(field.string) in type \(value.typeName)")
            }
            value = TemplateValue(document.member(field))
        }
        return value
    }

    private mutating func call(
        _ name: Text, _ operands: ArraySlice<TextTemplate.Operand>, after previous: TemplateValue?
    ) throws(BuiltinFailure) -> TemplateValue {
        // Conjunctions look at no more operands than they must.
        if name == "and" || name == "or" {
            var result: TemplateValue?
            for operand in operands {
                let value = try evaluate(operand)
                if value.isTrue == (name == "or") { return value }
                result = value
            }
            guard let result = previous ?? result else { throw failure("wrong number of args for \(name)") }
            return result
        }
        var values: [TemplateValue] = []
        for operand in operands { values.append(try evaluate(operand)) }
        if let previous { values.append(previous) }
        return try TemplateFunctions(context).call(name, values)
    }
}
