// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads templates.
struct TemplateParser {
    private var lexer: TemplateLexer
    private let heap: Heap
    private var template = TextTemplate()
    private var items: ArraySlice<TemplateLexer.Item> = []
    private var depth = 0
    private var loops = 0

    private static let depthLimit = 100

    init(_ source: [UInt8], _ heap: Heap) {
        lexer = TemplateLexer(source)
        self.heap = heap
    }

    /// The whole template.
    mutating func parse() throws(BuiltinFailure) -> TextTemplate {
        let (nodes, stop) = try nodes()
        if stop != .end { throw lexer.failure("unexpected {{\(stop.rawValue)}}") }
        template.nodes = nodes
        return template
    }

    /// Where a list of nodes stops.
    private enum Stop: String {
        case end = ""
        case close = "end"
        case otherwise = "else"
    }

    private mutating func nodes() throws(BuiltinFailure) -> ([TextTemplate.Node], Stop) {
        depth &+= 1
        defer { depth &-= 1 }
        if depth > TemplateParser.depthLimit { throw .limit(.depth) }
        var nodes: [TextTemplate.Node] = []
        while true {
            let (text, isBeforeAction) = lexer.text()
            if !text.isEmpty { nodes.append(.text(text)) }
            if !isBeforeAction { return (nodes, .end) }
            guard let tokens = try lexer.action() else { continue }
            items = tokens[...]
            switch items.first?.token {
            case .word("end"):
                items.removeFirst()
                try finish()
                return (nodes, .close)
            case .word("else"):
                items.removeFirst()
                return (nodes, .otherwise)
            default:
                if let node = try action() { nodes.append(node) }
            }
        }
    }

    private mutating func finish() throws(BuiltinFailure) {
        if !items.isEmpty { throw lexer.failure("unexpected operand in command") }
    }

    private mutating func action() throws(BuiltinFailure) -> TextTemplate.Node? {
        guard case .word(let word) = items.first?.token else { return .output(try pipeline(isWhole: true)) }
        let first = items.removeFirst()
        switch word {
        case "if": return try branch { .condition($0, then: $1, otherwise: $2) }
        case "with": return try branch { .focus($0, then: $1, otherwise: $2) }
        case "range":
            loops &+= 1
            defer { loops &-= 1 }
            return try branch { .loop($0, each: $1, otherwise: $2) }
        case "break", "continue":
            try finish()
            if loops == 0 { throw lexer.failure("{{\(word)}} outside {{range}}") }
            return word == "break" ? .leaveLoop : .nextTurn
        case "template":
            let name = try name()
            return .call(name, items.isEmpty ? nil : try pipeline(isWhole: true))
        case "define", "block":
            let name = try name()
            let argument = word == "block" ? try pipeline(isWhole: true) : nil
            try finish()
            let outer = loops
            loops = 0
            let (nodes, stop) = try nodes()
            loops = outer
            if stop != .close { throw lexer.failure("unexpected EOF") }
            template.definitions[name] = nodes
            return argument.map { .call(name, $0) }
        default:
            items = [first] + items
            return .output(try pipeline(isWhole: true))
        }
    }

    private mutating func name() throws(BuiltinFailure) -> Text {
        guard case .string(let name) = items.popFirst()?.token else {
            throw lexer.failure("missing name of a template")
        }
        return name
    }

    /// What a condition decides, up to its `end`.
    private mutating func branch(
        _ make: (TextTemplate.Pipeline, [TextTemplate.Node], [TextTemplate.Node]) -> TextTemplate.Node
    ) throws(BuiltinFailure) -> TextTemplate.Node {
        let pipeline = try pipeline(isWhole: true)
        let (then, stop) = try nodes()
        switch stop {
        case .end: throw lexer.failure("unexpected EOF")
        case .close: return make(pipeline, then, [])
        case .otherwise: break
        }
        // `else if` and `else with` share the `end`.
        if case .word(let word) = items.first?.token {
            items.removeFirst()
            depth &+= 1
            defer { depth &-= 1 }
            if depth > TemplateParser.depthLimit { throw .limit(.depth) }
            switch word {
            case "if": return make(pipeline, then, [try branch { .condition($0, then: $1, otherwise: $2) }])
            case "with": return make(pipeline, then, [try branch { .focus($0, then: $1, otherwise: $2) }])
            default: throw lexer.failure("unexpected <\(word)> in else")
            }
        }
        try finish()
        let (otherwise, end) = try nodes()
        if end != .close { throw lexer.failure("expected end; found {{else}}") }
        return make(pipeline, then, otherwise)
    }

    // MARK: Pipelines

    private mutating func pipeline(isWhole: Bool) throws(BuiltinFailure) -> TextTemplate.Pipeline {
        depth &+= 1
        defer { depth &-= 1 }
        if depth > TemplateParser.depthLimit { throw .limit(.depth) }
        var pipeline = TextTemplate.Pipeline()
        readVariables(&pipeline)
        while true {
            pipeline.commands.append(try command())
            guard let item = items.first else { break }
            if item.token == .sign(UInt8(ascii: ")")), !isWhole { break }
            guard item.token == .sign(UInt8(ascii: "|")) else { throw lexer.failure("unexpected operand in command") }
            items.removeFirst()
        }
        return pipeline
    }

    /// Reads `$x :=`, `$x, $y :=` and `$x =`, if that is what stands there.
    private mutating func readVariables(_ pipeline: inout TextTemplate.Pipeline) {
        var rest = items
        var variables: [Text] = []
        while case .variable(let name) = rest.first?.token, variables.count < 2 {
            rest.removeFirst()
            variables.append(name)
            guard case .sign(let sign) = rest.popFirst()?.token else { return }
            if sign == UInt8(ascii: ",") { continue }
            guard sign == UInt8(ascii: ":") || sign == UInt8(ascii: "=") else { return }
            pipeline.variables = variables
            pipeline.isDeclaration = sign == UInt8(ascii: ":")
            items = rest
            return
        }
    }

    private mutating func command() throws(BuiltinFailure) -> [TextTemplate.Operand] {
        var operands: [TextTemplate.Operand] = []
        while let item = items.first {
            if case .sign(let sign) = item.token, sign != UInt8(ascii: "(") { break }
            if !operands.isEmpty && !item.isApart { throw lexer.failure("unexpected operand in command") }
            operands.append(try operand())
        }
        if operands.isEmpty { throw lexer.failure("missing value for command") }
        return operands
    }

    private mutating func operand() throws(BuiltinFailure) -> TextTemplate.Operand {
        var operand = TextTemplate.Operand(kind: .dot)
        switch items.popFirst()?.token {
        case .dot: return operand
        case .field(let name): operand.fields = [heap.string(name)]
        case .variable(let name): operand.kind = .variable(name)
        case .string(let text): operand.kind = .constant(.document(heap.string(text)))
        case .integer(let value): operand.kind = .constant(.integer(value))
        case .word("true"): operand.kind = .constant(.document(.boolean(true)))
        case .word("false"): operand.kind = .constant(.document(.boolean(false)))
        case .word("nil"): operand.kind = .constant(.none)
        case .word(let name):
            guard TemplateFunctions.names.contains(name) else {
                throw lexer.failure("function \"\(name)\" not defined")
            }
            operand.kind = .function(name)
        case .sign(UInt8(ascii: "(")):
            operand.kind = .pipeline(try pipeline(isWhole: false))
            guard items.popFirst()?.token == .sign(UInt8(ascii: ")")) else {
                throw lexer.failure("unclosed left paren")
            }
        default: throw lexer.failure("missing value for command")
        }
        while let item = items.first, !item.isApart, case .field(let name) = item.token {
            items.removeFirst()
            operand.fields.append(heap.string(name))
        }
        return operand
    }
}
