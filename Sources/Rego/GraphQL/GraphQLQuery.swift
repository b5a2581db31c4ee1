// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A query document with the schema that it is checked against.
struct GraphQLQuery {
    let schema: GraphQLSchema
    let document: Value

    var tree: GraphQLTree { schema.tree }

    func failure(_ message: String, at node: Value) -> BuiltinFailure {
        var text = message[...]
        if text.utf8.last == UInt8(ascii: ".") { text.removeLast() }
        let place = tree.position(node).map { " at location \($0.line):\($0.column)" } ?? ""
        return .value("\(text) in GraphQL string\(place)")
    }

    func fragment(_ name: Text) -> Value? {
        tree.find(name, in: tree.list(document, .fragments))
    }

    enum SelectionKind {
        case field
        case spread
        case inlineFragment
    }

    /// What a node of a selection set is.
    func kind(of selection: Value) -> SelectionKind {
        if tree.member(selection, .alias).isDefined { return .field }
        if tree.member(selection, .typeCondition).isDefined || tree.member(selection, .name).isUndefined {
            return .inlineFragment
        }
        let hasContent =
            tree.member(selection, .selectionSet).isDefined || tree.member(selection, .arguments).isDefined
        return hasContent ? .field : .spread
    }

    /// A literal as GraphQL writes it.
    func text(of value: Value, depth: Int = 0) -> String {
        let raw = tree.name(value, .raw)
        guard depth < 100, let kind = tree.member(value, .kind).exactInteger.flatMap({ GraphQLValueKind(rawValue: $0) })
        else { return raw.string }
        switch kind {
        case .variable: return "$\(raw)"
        case .string, .block:
            var quoted: [UInt8] = []
            raw.bytes.withUnsafeBufferPointer { QuotedText.write($0, to: &quoted) }
            return String(decoding: quoted, as: UTF8.self)
        case .list:
            let items = tree.list(value, .children).map { text(of: tree.member($0, .value), depth: depth &+ 1) }
            return "[\(items.joined(separator: ","))]"
        case .object:
            let items = tree.list(value, .children).map {
                "\(tree.name($0)):\(text(of: tree.member($0, .value), depth: depth &+ 1))"
            }
            return "{\(items.joined(separator: ","))}"
        case .integer, .float, .boolean, .null, .enum: return raw.string
        }
    }
}
