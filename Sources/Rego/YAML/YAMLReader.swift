// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CYaml

/// Reads the first document of a YAML text into a heap, as OPA does: scalars are those of YAML 1.1, and what JSON cannot say
/// is refused.
///
/// Nodes that an alias refers to are counted each time, though they exist once, so that a small text cannot stand for a
/// large value.
struct YAMLReader {
    /// A node, and how many there would be without aliases.
    private struct Node {
        let value: Value
        let size: Int
    }

    private let context: BuiltinContext
    private var parser = yaml_parser_t()
    private var anchors: [[UInt8]: Node] = [:]
    private var openAnchors: Set<[UInt8]> = []

    /// The value of a text.
    static func read(_ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        if text.count > context.limits.inputBytes { throw .limit(.input) }
        try context.charge(text.count / 8)
        var reader = YAMLReader(context)
        guard yaml_parser_initialize(&reader.parser) == 1 else { throw .limit(.memory) }
        defer { yaml_parser_delete(&reader.parser) }
        yaml_parser_set_encoding(&reader.parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(&reader.parser, text.baseAddress, text.count)
        return try reader.document()
    }

    private init(_ context: BuiltinContext) {
        self.context = context
    }

    private mutating func document() throws(BuiltinFailure) -> Value {
        while true {
            var event = try next()
            defer { yaml_event_delete(&event) }
            switch event.type {
            case YAML_STREAM_START_EVENT, YAML_DOCUMENT_START_EVENT: continue
            case YAML_STREAM_END_EVENT: return .null
            default:
                let node = try node(event, depth: 0)
                // The end of the document is read too, since it may be malformed.
                var end = try next()
                yaml_event_delete(&end)
                return node.value
            }
        }
    }

    private mutating func next() throws(BuiltinFailure) -> yaml_event_t {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { throw failure() }
        try context.charge(1)
        return event
    }

    private func failure() -> BuiltinFailure {
        if parser.error == YAML_MEMORY_ERROR { return .limit(.memory) }
        let problem = parser.problem.map { String(cString: $0) } ?? "unknown problem parsing YAML content"
        if problem.hasPrefix("Maximum nesting level") { return .limit(.depth) }
        var line = Int(parser.problem_mark.line)
        if line != 0 {
            if parser.error == YAML_SCANNER_ERROR { line &+= 1 }
        } else {
            line = Int(parser.context_mark.line)
        }
        return .value("yaml: " + (line == 0 ? "" : "line \(line): ") + problem)
    }

    private mutating func node(_ event: yaml_event_t, depth: Int) throws(BuiltinFailure) -> Node {
        if depth > context.limits.inputDepth { throw .limit(.depth) }
        switch event.type {
        case YAML_ALIAS_EVENT: return try alias(bytes(event.data.alias.anchor))
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.plain_implicit == 1
            let resolved = try YAMLResolver.resolve(text, tag: bytes(scalar.tag), isPlain: isPlain)
            let node = Node(value: try value(resolved), size: 1)
            remember(node, as: bytes(scalar.anchor))
            return node
        case YAML_SEQUENCE_START_EVENT:
            let anchor = bytes(event.data.sequence_start.anchor)
            openAnchors.insert(anchor)
            let node = try sequence(depth: depth)
            openAnchors.remove(anchor)
            remember(node, as: anchor)
            return node
        case YAML_MAPPING_START_EVENT:
            let anchor = bytes(event.data.mapping_start.anchor)
            openAnchors.insert(anchor)
            let node = try mapping(depth: depth)
            openAnchors.remove(anchor)
            remember(node, as: anchor)
            return node
        default: throw .value("yaml: unexpected event")
        }
    }

    private func bytes(_ text: UnsafeMutablePointer<yaml_char_t>?) -> [UInt8] {
        guard let text else { return [] }
        var count = 0
        while text[count] != 0 { count &+= 1 }
        return Array(UnsafeBufferPointer(start: text, count: count))
    }

    private mutating func remember(_ node: Node, as anchor: [UInt8]) {
        if !anchor.isEmpty { anchors[anchor] = node }
    }

    private func alias(_ anchor: [UInt8]) throws(BuiltinFailure) -> Node {
        let name = String(decoding: anchor, as: UTF8.self)
        if openAnchors.contains(anchor) { throw .value("yaml: anchor '\(name)' value contains itself") }
        guard let node = anchors[anchor] else { throw .value("yaml: unknown anchor '\(name)' referenced") }
        return node
    }

    private func add(_ size: Int, to total: inout Int) throws(BuiltinFailure) {
        total &+= size
        if total > context.limits.inputNodes { throw .limit(.input) }
        if context.heap.isExhausted { throw .limit(.memory) }
    }

    private mutating func sequence(depth: Int) throws(BuiltinFailure) -> Node {
        let array = context.heap.emptyArray()
        var size = 1
        while true {
            var event = try next()
            defer { yaml_event_delete(&event) }
            if event.type == YAML_SEQUENCE_END_EVENT { return Node(value: array, size: size) }
            let item = try node(event, depth: depth &+ 1)
            try add(item.size, to: &size)
            context.heap.append(item.value, to: array)
        }
    }

    private mutating func mapping(depth: Int) throws(BuiltinFailure) -> Node {
        let object = context.heap.emptyObject()
        var size = 1
        while true {
            var event = try next()
            defer { yaml_event_delete(&event) }
            if event.type == YAML_MAPPING_END_EVENT { return Node(value: object, size: size) }
            let isMerge = isMergeKey(event)
            let key = isMerge ? Value.null : try self.key(event, depth: depth)
            var valueEvent = try next()
            defer { yaml_event_delete(&valueEvent) }
            let item = try node(valueEvent, depth: depth &+ 1)
            try add(item.size &+ 1, to: &size)
            if isMerge {
                try merge(item.value, into: object)
            } else {
                context.heap.update(key, to: item.value, in: object)
            }
        }
    }

    private func isMergeKey(_ event: yaml_event_t) -> Bool {
        guard event.type == YAML_SCALAR_EVENT, event.data.scalar.style == YAML_PLAIN_SCALAR_STYLE else { return false }
        return bytes(event.data.scalar.value).elementsEqual("<<".utf8)
    }

    private func merge(_ value: Value, into object: Value) throws(BuiltinFailure) {
        switch value.tag {
        case .object:
            try context.charge(value.count)
            for member in value.members { context.heap.update(member.key, to: member.value, in: object) }
        case .array where value.elements.allSatisfy({ $0.tag == .object }):
            // What comes first wins.
            for element in value.elements.reversed() { try merge(element, into: object) }
        default: throw .value("yaml: map merge requires map or sequence of maps as the value")
        }
    }

    private mutating func key(_ event: yaml_event_t, depth: Int) throws(BuiltinFailure) -> Value {
        var resolved: YAMLResolver.Scalar
        if event.type == YAML_SCALAR_EVENT {
            let scalar = event.data.scalar
            let text = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let isPlain = scalar.style == YAML_PLAIN_SCALAR_STYLE && scalar.plain_implicit == 1
            resolved = try YAMLResolver.resolve(text, tag: bytes(scalar.tag), isPlain: isPlain)
            remember(Node(value: try value(resolved), size: 1), as: bytes(scalar.anchor))
        } else {
            let key = try node(event, depth: depth &+ 1).value
            guard key.isString else { throw Self.unsupportedKey }
            return key
        }
        switch resolved {
        case .string(let text): return context.heap.string(text)
        case .integer(let text): return context.heap.string(text)
        case .boolean(let flag): return context.heap.string(flag ? "true" : "false")
        case .float(let number): return context.heap.string(GoFloat.text(number, form: .general))
        case .infinity(let isNegative): return context.heap.string(isNegative ? "-.inf" : ".inf")
        case .notANumber: return context.heap.string(".nan")
        case .null: throw Self.unsupportedKey
        }
    }

    private static let unsupportedKey = BuiltinFailure.value("unsupported map key")

    private func value(_ scalar: YAMLResolver.Scalar) throws(BuiltinFailure) -> Value {
        switch scalar {
        case .null: .null
        case .boolean(let flag): .boolean(flag)
        case .string(let text): context.heap.string(text)
        case .integer(let text): context.heap.number(text: text)
        case .float(let number): context.heap.number(text: Array(GoFloat.text(number, form: .json).utf8))
        case .infinity(let isNegative): throw .value("json: unsupported value: \(isNegative ? "-" : "+")Inf")
        case .notANumber: throw .value("json: unsupported value: NaN")
        }
    }
}
