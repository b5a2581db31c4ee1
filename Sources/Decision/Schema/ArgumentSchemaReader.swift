// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// Takes a schema apart into nodes, each place once, so that a schema may refer to itself.
struct ArgumentSchemaReader {
    typealias Node = ArgumentSchema.Node
    typealias Span = ArgumentSchema.Span

    let document: JSONValue
    private(set) var nodes: [Node] = []
    private(set) var unjudged: [String] = []
    private var places: [[[UInt8]]: Int] = [:]
    private var pending: [(value: JSONValue, place: [String], number: Int)] = []
    private var patterns = 0

    init(document: JSONValue) { self.document = document }

    mutating func read() throws(ArgumentSchemaError) -> Int {
        let root = try node(document, [])
        // One after the other, so that nesting and references cost no stack.
        while let next = pending.popLast() { nodes[next.number] = try read(next.value, next.place) }
        return root
    }

    /// The number of the schema at a place, which is read later.
    private mutating func node(_ value: JSONValue, _ place: [String]) throws(ArgumentSchemaError) -> Int {
        let key = place.map { Array($0.utf8) }
        if let number = places[key] { return number }
        guard nodes.count < ArgumentSchema.maximumNodes, place.count <= 256 else {
            throw ArgumentSchemaError(problem: .tooLarge, keyword: place.last ?? "schema")
        }
        let number = nodes.count
        nodes.append(Node())
        places[key] = number
        pending.append((value, place, number))
        return number
    }

    private func malformed(_ keyword: String) -> ArgumentSchemaError {
        ArgumentSchemaError(problem: .malformed, keyword: keyword)
    }

    private mutating func skip(_ keyword: String, _ place: [String]) {
        if unjudged.count < 64 { unjudged.append((place.prefix(8) + [keyword]).joined(separator: ".")) }
    }

    private mutating func read(_ value: JSONValue, _ place: [String]) throws(ArgumentSchemaError) -> Node {
        var node = Node()
        if case .bool(let verdict) = value {
            node.verdict = verdict
            return node
        }
        guard case .object(let object) = value else { throw malformed(place.last ?? "schema") }
        try readValue(object, &node, place)
        try readArray(object, &node, place)
        try readObject(object, &node, place)
        try readLogic(object, &node, place)
        for keyword in ["$dynamicRef", "$recursiveRef"] where object[keyword] != nil { skip(keyword, place) }
        for keyword in ["unevaluatedProperties", "unevaluatedItems"] {
            if let value = object[keyword], value.bool != true { skip(keyword, place) }
        }
        if !place.isEmpty, object["$id"]?.string != nil { skip("$id", place) }
        return node
    }

    // MARK: Keywords

    private mutating func readValue(
        _ object: JSONObject, _ node: inout Node, _ place: [String]
    ) throws(ArgumentSchemaError) {
        switch object["type"] {
        case nil: break
        case .string(let name): node.types = try type(name)
        case .array(let names):
            var types: ArgumentSchema.Types = []
            for name in names {
                guard case .string(let name) = name else { throw malformed("type") }
                types.insert(try type(name))
            }
            node.types = types
        default: throw malformed("type")
        }
        if let value = object["enum"] {
            guard case .array(let choices) = value else { throw malformed("enum") }
            node.choices = Set(choices.map(\.canonicalBytes))
        }
        if let value = object["const"] {
            let only: Set = [value.canonicalBytes]
            node.choices = node.choices?.intersection(only) ?? only
        }
        node.minimum = try bound(object, "minimum", "exclusiveMinimum") { $0 < $1 }
        node.maximum = try bound(object, "maximum", "exclusiveMaximum") { $1 < $0 }
        if let value = object["multipleOf"] {
            guard case .number(let number) = value, number.double > 0 else { throw malformed("multipleOf") }
            node.multipleOf = number
        }
        node.lengths = try span(object, "minLength", "maxLength")
        if let value = object["pattern"] {
            guard case .string(let text) = value else { throw malformed("pattern") }
            node.pattern = pattern(text)
            if node.pattern == nil { skip("pattern", place) }
        }
    }

    private func type(_ name: String) throws(ArgumentSchemaError) -> ArgumentSchema.Types {
        guard let type = ArgumentSchema.Types(name: name) else { throw malformed("type") }
        return type
    }

    /// The narrower of both bounds; in draft 4 the second one is a flag of the first.
    private func bound(
        _ object: JSONObject, _ inclusive: String, _ exclusive: String,
        isWider: (ExactDecimal, ExactDecimal) -> Bool
    ) throws(ArgumentSchemaError) -> (limit: ExactDecimal, isExclusive: Bool)? {
        var found: (limit: ExactDecimal, isExclusive: Bool)?
        if let value = object[inclusive] {
            guard let limit = value.decimal else { throw malformed(inclusive) }
            found = (limit, false)
        }
        switch object[exclusive] {
        case nil: break
        case .bool(let isExclusive):
            if let inclusive = found { found = (inclusive.limit, isExclusive) }
        case .some(let value):
            guard let limit = value.decimal else { throw malformed(exclusive) }
            if let inclusive = found, isWider(limit, inclusive.limit) { break }
            found = (limit, true)
        }
        return found
    }

    private func span(
        _ object: JSONObject, _ least: String, _ most: String
    ) throws(ArgumentSchemaError) -> Span? {
        guard object[least] != nil || object[most] != nil else { return nil }
        return Span(least: try count(object, least) ?? 0, most: try count(object, most) ?? Int.max)
    }

    private func count(_ object: JSONObject, _ name: String) throws(ArgumentSchemaError) -> Int? {
        guard let value = object[name] else { return nil }
        guard let number = value.number?.double, number >= 0, number == number.rounded(), number < 1e15 else {
            throw malformed(name)
        }
        return Int(number)
    }

    /// A pattern that can be matched in linear time, as long as there are not too many.
    private mutating func pattern(_ text: String) -> LinearPattern? {
        patterns &+= 1
        return patterns <= 128 ? try? LinearPattern(parsing: text) : nil
    }

    private mutating func readArray(
        _ object: JSONObject, _ node: inout Node, _ place: [String]
    ) throws(ArgumentSchemaError) {
        if case .array(let list)? = object["prefixItems"] {
            node.prefixItems = try schemas(list, place + ["prefixItems"])
        } else if object["prefixItems"] != nil {
            throw malformed("prefixItems")
        }
        if case .array(let list)? = object["items"] {
            node.prefixItems = try schemas(list, place + ["items"])
            if let rest = object["additionalItems"] { node.items = try self.node(rest, place + ["additionalItems"]) }
        } else if let items = object["items"] {
            node.items = try self.node(items, place + ["items"])
        }
        node.itemCount = try span(object, "minItems", "maxItems")
        if let value = object["uniqueItems"] {
            guard case .bool(let isUnique) = value else { throw malformed("uniqueItems") }
            node.hasUniqueItems = isUnique
        }
        if let contains = object["contains"] {
            var count = Span(least: 1)
            count.least = try self.count(object, "minContains") ?? 1
            count.most = try self.count(object, "maxContains") ?? Int.max
            node.contains = (try self.node(contains, place + ["contains"]), count)
        }
    }

    private mutating func schemas(_ list: [JSONValue], _ place: [String]) throws(ArgumentSchemaError) -> [Int] {
        var numbers: [Int] = []
        for (index, value) in list.enumerated() { numbers.append(try node(value, place + [String(index)])) }
        return numbers
    }

    private mutating func named(
        _ object: JSONObject, _ keyword: String
    ) throws(ArgumentSchemaError) -> [JSONObject.Member] {
        guard let value = object[keyword] else { return [] }
        guard case .object(let members) = value else { throw malformed(keyword) }
        return members.members
    }

    private func names(_ value: JSONValue, _ keyword: String) throws(ArgumentSchemaError) -> [String] {
        guard case .array(let list) = value else { throw malformed(keyword) }
        let names = list.compactMap(\.string)
        guard names.count == list.count else { throw malformed(keyword) }
        return names
    }

    private mutating func readObject(
        _ object: JSONObject, _ node: inout Node, _ place: [String]
    ) throws(ArgumentSchemaError) {
        for member in try named(object, "properties") {
            node.properties[Array(member.name.utf8)] = try self.node(
                member.value, place + ["properties", member.name])
        }
        var hasUnreadPattern = false
        for member in try named(object, "patternProperties") {
            guard let pattern = pattern(member.name) else {
                hasUnreadPattern = true
                skip("patternProperties", place)
                continue
            }
            let schema = try self.node(member.value, place + ["patternProperties", member.name])
            node.patternProperties.append((pattern, schema))
        }
        if let rest = object["additionalProperties"], !hasUnreadPattern {
            node.additionalProperties = try self.node(rest, place + ["additionalProperties"])
        }
        if let value = object["propertyNames"] {
            node.propertyNames = try self.node(value, place + ["propertyNames"])
        }
        // Draft 3 and careless writers put a flag beside the type of a property; it demands nothing.
        if let value = object["required"], value.bool == nil { node.required = try names(value, "required") }
        node.propertyCount = try span(object, "minProperties", "maxProperties")
        for member in try named(object, "dependentRequired") {
            node.dependentRequired.append((member.name, try names(member.value, "dependentRequired")))
        }
        for member in try named(object, "dependentSchemas") {
            let schema = try self.node(member.value, place + ["dependentSchemas", member.name])
            node.dependentSchemas.append((member.name, schema))
        }
        for member in try named(object, "dependencies") {
            if case .array = member.value {
                node.dependentRequired.append((member.name, try names(member.value, "dependencies")))
            } else {
                let schema = try self.node(member.value, place + ["dependencies", member.name])
                node.dependentSchemas.append((member.name, schema))
            }
        }
    }

    private mutating func readLogic(
        _ object: JSONObject, _ node: inout Node, _ place: [String]
    ) throws(ArgumentSchemaError) {
        for keyword in ["allOf", "anyOf", "oneOf"] {
            guard let value = object[keyword] else { continue }
            guard case .array(let list) = value, !list.isEmpty else { throw malformed(keyword) }
            let schemas = try schemas(list, place + [keyword])
            switch keyword {
            case "allOf": node.allOf = schemas
            case "anyOf": node.anyOf = schemas
            default: node.oneOf = schemas
            }
        }
        if let value = object["not"] { node.not = try self.node(value, place + ["not"]) }
        if let test = object["if"] {
            var consequence: Int?
            var alternative: Int?
            if let value = object["then"] { consequence = try self.node(value, place + ["then"]) }
            if let value = object["else"] { alternative = try self.node(value, place + ["else"]) }
            node.condition = (try self.node(test, place + ["if"]), consequence, alternative)
        }
        if let value = object["$ref"] {
            guard case .string(let target) = value else { throw malformed("$ref") }
            node.reference = try reference(target)
        }
    }

    // MARK: References

    private mutating func reference(_ target: String) throws(ArgumentSchemaError) -> Int {
        let missing = ArgumentSchemaError(problem: .reference, keyword: "$ref")
        let bytes = Array(target.utf8)
        guard bytes.first == UInt8(ascii: "#"), bytes.count <= 1024 else { throw missing }
        if bytes.count == 1 { return try node(document, []) }
        guard bytes[1] == UInt8(ascii: "/") else {
            var found: (JSONValue, [String])?
            Self.find(anchor: Array(bytes[1...]), in: document, [], &found)
            guard let (value, place) = found else { throw missing }
            return try node(value, place)
        }
        var place: [String] = []
        var value = document
        for part in bytes[2...].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            guard let name = Self.decoded(part) else { throw missing }
            place.append(name)
            switch value {
            case .object(let object):
                guard let inner = object[name] else { throw missing }
                value = inner
            case .array(let elements):
                guard let index = Int(name), elements.indices.contains(index), String(index) == name else {
                    throw missing
                }
                value = elements[index]
            default: throw missing
            }
        }
        return try node(value, place)
    }

    private static func find(
        anchor: [UInt8], in value: JSONValue, _ place: [String], _ found: inout (JSONValue, [String])?
    ) {
        guard found == nil else { return }
        switch value {
        case .array(let elements):
            for (index, element) in elements.enumerated() {
                find(anchor: anchor, in: element, place + ["\(index)"], &found)
            }
        case .object(let object):
            if case .string(let name)? = object["$anchor"], name.utf8.elementsEqual(anchor) {
                found = (value, place)
                return
            }
            for member in object.members { find(anchor: anchor, in: member.value, place + [member.name], &found) }
        default: break
        }
    }

    /// A token of a JSON pointer in a fragment (RFC 6901 section 6).
    private static func decoded(_ part: ArraySlice<UInt8>) -> String? {
        var output: [UInt8] = []
        var rest = part
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.count >= 2,
                    let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                rest.removeFirst(2)
                output.append(value)
            } else {
                output.append(byte)
            }
        }
        var name: [UInt8] = []
        rest = output[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                name.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): name.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): name.append(UInt8(ascii: "/"))
            default: return nil
            }
        }
        return String(validating: name, as: UTF8.self)
    }
}
