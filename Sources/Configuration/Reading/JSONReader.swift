// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols
internal import Yams

/// Turns a YAML value into a JSON value by the rules of YAML's core schema, and remembers where its members stand.
struct JSONReader {
    let context: ReadContext
    private var places: [String: Place] = [:]
    private var path: [String] = []

    /// The deepest nesting.
    private let maximumDepth: Int

    init(context: ReadContext, maximumDepth: Int = 32) {
        self.context = context
        self.maximumDepth = maximumDepth
    }

    /// Where the member stands to which these names lead.
    func place(of path: [String]) -> Place? { places[Self.key(path)] }

    private static func key(_ path: [String]) -> String { path.joined(separator: "\u{1F}") }

    /// Reads one value.
    mutating func read(_ value: Value, depth: Int) -> JSONValue? {
        guard context.visit(value.place) else { return nil }
        guard depth < maximumDepth else {
            value.error("values nest deeper than \(maximumDepth)")
            return nil
        }
        switch value.node {
        case .scalar(let scalar): return self.scalar(scalar, value)
        case .sequence(let sequence):
            var elements: [JSONValue] = []
            for element in sequence {
                guard let read = read(Value(node: element, context: context), depth: depth + 1) else { return nil }
                elements.append(read)
            }
            return .array(elements)
        case .mapping:
            guard var section = value.mapping("a JSON object") else { return nil }
            var members: [(name: String, value: JSONValue)] = []
            for entry in section.all() {
                path.append(entry.name)
                places[Self.key(path)] = entry.place
                let member = read(entry.value, depth: depth + 1)
                path.removeLast()
                guard let member else { return nil }
                members.append((entry.name, member))
            }
            return JSONObject(members).map(JSONValue.object)
        case .alias: return nil
        }
    }

    private func scalar(_ scalar: Node.Scalar, _ value: Value) -> JSONValue? {
        if value.isNull { return .null }
        guard scalar.style == .plain else { return .string(scalar.string) }
        switch scalar.string {
        case "true": return .bool(true)
        case "false": return .bool(false)
        default: break
        }
        guard let first = scalar.string.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
            let number = try? JSONValue(parsing: scalar.string), case .number = number
        else { return .string(scalar.string) }
        return number
    }
}
