// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Reads an OpenAPI document into operations, and collects every mistake with its place.
///
/// Only what lies in the document itself is followed; nothing is fetched.
struct OpenAPIReader {
    private let root: JSONValue
    private(set) var mistakes: [OpenAPIError] = []
    private var names: [[UInt8]: [String]] = [:]
    /// The components, as the schemas of all operations refer to them.
    private var components = JSONValue.object(JSONObject())
    private var isOld = false

    private static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]
    private static let maximumMistakes = 50
    private static let maximumReferences = 16

    init(_ root: JSONValue) { self.root = root }

    mutating func read(base: String) -> [OpenAPIOperation] {
        guard case .object = root else {
            report([], "an OpenAPI document is an object")
            return []
        }
        let version = root["openapi"]?.string ?? root["openapi"]?.number?.text
        guard let version, version.utf8.starts(with: "3.0".utf8) || version.utf8.starts(with: "3.1".utf8) else {
            report(["openapi"], "documents of OpenAPI 3.0 and 3.1 are read")
            return []
        }
        isOld = version.utf8.starts(with: "3.0".utf8)
        components = transformed(root["components"] ?? .object(JSONObject()), depth: 0)
        guard case .object(let paths)? = root["paths"] else {
            report(["paths"], "an OpenAPI document has paths")
            return []
        }
        guard let prefix = prefix(base) else { return [] }
        var operations: [OpenAPIOperation] = []
        for member in paths.members where !member.name.utf8.starts(with: "x-".utf8) {
            read(member, prefix, &operations)
        }
        judgeTemplates(operations)
        if operations.isEmpty, mistakes.isEmpty { report(["paths"], "the document has no operation") }
        return operations
    }

    mutating func report(_ path: [String], _ message: String) {
        if mistakes.count < Self.maximumMistakes { mistakes.append(OpenAPIError(path, message)) }
    }

    // MARK: Where the service begins

    /// What stands in front of every path, below the place where the service begins.
    private mutating func prefix(_ base: String) -> [UInt8]? {
        guard let servers = root["servers"] else { return [] }
        guard let server = servers[0], var url = server["url"]?.string else {
            report(["servers"], "the first server has a url")
            return nil
        }
        for variable in server["variables"]?.object?.members ?? [] {
            let value = variable.value["default"]?.string ?? ""
            url = Self.replaced(url, "{\(variable.name)}", value)
        }
        var path = Array(url.utf8)
        if let link = A2ALink(url) {
            path = Array(link.rest.utf8)
        } else if path.first != 0x2f, !path.isEmpty {
            report(["servers", "0", "url"], "the url of the first server is an http address or a path")
            return nil
        }
        while path.last == 0x2f { path.removeLast() }
        guard path.allSatisfy({ ByteSet.path.contains($0) && $0 != 0x3b || $0 == 0x2f }) else {
            report(["servers", "0", "url"], "the path of the first server has plain characters only")
            return nil
        }
        let base = Array(base.utf8)
        if path.isEmpty || path.elementsEqual(base) { return [] }
        guard path.starts(with: base), base.isEmpty || path[base.count] == 0x2f else {
            report(
                ["servers", "0", "url"],
                "the first server begins at another path than the service's 'path'; make them the same")
            return nil
        }
        return Array(path[base.count...])
    }

    private static func replaced(_ text: String, _ name: String, _ value: String) -> String {
        var output: [UInt8] = []
        let (text, name) = (Array(text.utf8), Array(name.utf8))
        var index = 0
        while index < text.count {
            if text[index...].starts(with: name) {
                output += Array(value.utf8)
                index &+= name.count
            } else {
                output.append(text[index])
                index &+= 1
            }
        }
        return String(decoding: output, as: UTF8.self)
    }

    // MARK: Paths and operations

    private mutating func read(
        _ member: JSONObject.Member, _ prefix: [UInt8], _ operations: inout [OpenAPIOperation]
    ) {
        let place = ["paths", member.name]
        let template: OpenAPITemplate
        do throws(OpenAPITemplate.Mistake) {
            template = try OpenAPITemplate(parsing: String(decoding: prefix, as: UTF8.self) + member.name)
        } catch { return report(place, error.sentence) }
        guard let item = resolved(member.value, place), case .object(let object) = item.value else {
            return report(place, "the operations of a path are an object")
        }
        if object["servers"] != nil { report(place + ["servers"], "servers stand at the top of the document only") }
        let shared = parameters(object["parameters"], item.place + ["parameters"], template)
        for method in Self.methods {
            guard let value = object[method] else { continue }
            guard operations.count < OpenAPIDocument.maximumOperations else {
                return report(place, "there are more than \(OpenAPIDocument.maximumOperations) operations")
            }
            guard case .object(let operation) = value else {
                report(item.place + [method], "an operation is an object")
                continue
            }
            let place = item.place + [method]
            if operation["servers"] != nil {
                report(place + ["servers"], "servers stand at the top of the document only")
            }
            if let read = read(operation, method, template, shared, place) { operations.append(read) }
        }
    }

    private mutating func read(
        _ operation: JSONObject, _ method: String, _ template: OpenAPITemplate, _ shared: [Found], _ place: [String]
    ) -> OpenAPIOperation? {
        let name: String
        switch operation["operationId"] {
        case nil: name = "\(method) \(template)"
        case .string(let text)? where Self.isName(text): name = text
        default:
            report(place + ["operationId"], "an operationId has 1 to 128 visible ASCII characters")
            return nil
        }
        if let first = names.updateValue(place, forKey: Array(name.utf8)) {
            report(
                place + ["operationId"],
                "the operationId is that of another operation, at \(first.joined(separator: " "))")
            return nil
        }
        let own = parameters(operation["parameters"], place + ["parameters"], template)
        var found = shared.filter { shared in
            !own.contains {
                $0.parameter.location == shared.parameter.location
                    && $0.parameter.name.utf8.elementsEqual(shared.parameter.name.utf8)
            }
        }
        found += own
        for name in template.names
        where !found.contains(where: {
            $0.parameter.location == .path && $0.parameter.name.utf8.elementsEqual(name.utf8)
        }) {
            report(place, "the path has the parameter {\(name)}, which is not described")
        }
        let body = operation["requestBody"].flatMap { readBody($0, place + ["requestBody"]) }
        return OpenAPIOperation(
            name: name, method: method.uppercased(), template: template, parameters: found.map(\.parameter),
            body: body?.body, schema: schema(found, body), place: place)
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128 && text.utf8.allSatisfy(ByteSet.visible.contains)
    }

    /// Templates that some path fits alike would let the gate and the service mean different operations.
    private mutating func judgeTemplates(_ operations: [OpenAPIOperation]) {
        var paths: [(template: OpenAPITemplate, place: [String])] = []
        for operation in operations
        where !paths.contains(where: { $0.template.description.utf8.elementsEqual(operation.template.description.utf8) }
        ) {
            paths.append((operation.template, Array(operation.place.dropLast())))
        }
        for (index, path) in paths.enumerated() {
            for other in paths[..<index] {
                switch path.template.relation(to: other.template) {
                case .apart, .moreSpecific, .lessSpecific: continue
                case .same, .ambiguous:
                    report(
                        path.place,
                        "some path fits this template and \(other.template) alike; make one of them more specific")
                }
            }
        }
    }

    // MARK: Parameters

    /// A parameter with its schema.
    private struct Found {
        let parameter: OpenAPIOperation.Parameter
        let schema: JSONValue
    }

    private mutating func parameters(_ value: JSONValue?, _ place: [String], _ template: OpenAPITemplate) -> [Found] {
        guard let value else { return [] }
        guard case .array(let elements) = value, elements.count <= 256 else {
            report(place, "parameters are a list")
            return []
        }
        var found: [Found] = []
        for (index, element) in elements.enumerated() {
            guard let parameter = parameter(element, place + ["\(index)"], template) else { continue }
            let isTwice = found.contains {
                $0.parameter.location == parameter.parameter.location
                    && $0.parameter.name.utf8.elementsEqual(parameter.parameter.name.utf8)
            }
            if isTwice { report(place + ["\(index)"], "the parameter is described twice") }
            found.append(parameter)
        }
        return found
    }

    private mutating func parameter(_ value: JSONValue, _ place: [String], _ template: OpenAPITemplate) -> Found? {
        guard let (value, place) = resolved(value, place), case .object(let object) = value,
            var name = object["name"]?.string, !name.isEmpty, name.utf8.count <= 128
        else {
            report(place, "a parameter is an object with a name")
            return nil
        }
        // Cookies belong to the service and to nobody's operation.
        if object["in"]?.string?.utf8.elementsEqual("cookie".utf8) ?? false { return nil }
        guard let location = object["in"]?.string.flatMap(OpenAPIOperation.Location.init(rawValue:)) else {
            report(place + ["in"], "a parameter stands in path, query, header or cookie")
            return nil
        }
        if location == .header {
            name = String(decoding: name.utf8.map(ByteScan.lowercase), as: UTF8.self)
            // These have rules of their own, whatever a document says.
            if ["accept", "authorization", "content-type"].contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
                return nil
            }
        }
        if location == .path, !template.names.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
            report(place, "the path has no parameter {\(name)}")
            return nil
        }
        guard object["content"] == nil else {
            report(place + ["content"], "parameters that are documents by themselves are not read; use schema")
            return nil
        }
        let schema = transformed(object["schema"] ?? .bool(true), depth: 0)
        guard let form = form(schema, object, location, place) else { return nil }
        let parameter = OpenAPIOperation.Parameter(
            name: name, location: location, isRequired: location == .path || object["required"]?.bool ?? false,
            form: form)
        return Found(parameter: parameter, schema: schema)
    }

    private mutating func form(
        _ schema: JSONValue, _ object: JSONObject, _ location: OpenAPIOperation.Location, _ place: [String]
    ) -> OpenAPIOperation.Form? {
        var form = OpenAPIOperation.Form()
        let types = types(of: schema, 0)
        if types.contains("object") {
            report(place, "parameters that are objects are not read; use a parameter for each member, or a body")
            return nil
        }
        let style = object["style"]?.string ?? (location == .query ? "form" : "simple")
        guard style.utf8.elementsEqual((location == .query ? "form" : "simple").utf8) else {
            report(place + ["style"], "the styles that are read are form in a query, and simple elsewhere")
            return nil
        }
        guard types.contains("array") else {
            form.types = types
            return form
        }
        let isRepeated = location == .query && object["explode"]?.bool ?? true
        form.list = isRepeated ? .repeated : .commas
        form.types = self.types(of: dereferenced(schema)["items"] ?? .bool(true), 0)
        if !form.types.isDisjoint(with: ["array", "object"]) {
            report(place, "the elements of a parameter are plain values")
            return nil
        }
        return form
    }

    private func dereferenced(_ schema: JSONValue) -> JSONValue {
        var schema = schema
        for _ in 0..<Self.maximumReferences {
            guard let target = schema["$ref"]?.string, let found = lookUp(target) else { return schema }
            schema = found
        }
        return schema
    }

    /// The types that a schema allows, as far as it says them plainly.
    private func types(of schema: JSONValue, _ depth: Int) -> Set<String> {
        guard depth < 8 else { return [] }
        let schema = dereferenced(schema)
        switch schema["type"] {
        case .string(let name)?: return [name]
        case .array(let names)?: return Set(names.compactMap(\.string))
        default: break
        }
        var types: Set<String> = []
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for inner in schema[keyword]?.array ?? [] { types.formUnion(self.types(of: inner, depth &+ 1)) }
        }
        return types
    }

    // MARK: Bodies

    private mutating func readBody(
        _ value: JSONValue, _ place: [String]
    ) -> (body: OpenAPIOperation.Body, schema: JSONValue)? {
        guard let (value, place) = resolved(value, place), case .object(let content)? = value["content"],
            !content.isEmpty
        else {
            report(place, "a body has content")
            return nil
        }
        var types: [String] = []
        var readTypes: Set<String> = []
        var schemas: [JSONValue] = []
        for member in content.members {
            let type = String(
                decoding: member.name.utf8.prefix { $0 != 0x3b }.map(ByteScan.lowercase).filter { $0 > 0x20 },
                as: UTF8.self)
            guard type.utf8.contains(0x2f), type.utf8.allSatisfy(ByteSet.visible.contains) else {
                report(place + ["content", member.name], "this is no media type")
                continue
            }
            types.append(type)
            guard Self.isJSON(type) else { continue }
            readTypes.insert(type)
            if let schema = member.value["schema"] { schemas.append(transformed(schema, depth: 0)) }
        }
        // Whatever type a body has, it is one of the shapes; which of them belongs to which type makes no difference.
        let schema: JSONValue = schemas.count > 1 ? ["anyOf": .array(schemas)] : schemas.first ?? .bool(true)
        let body = OpenAPIOperation.Body(
            isRequired: value["required"]?.bool ?? false, types: types, readTypes: readTypes)
        return (body, schema)
    }

    static func isJSON(_ type: String) -> Bool {
        let bytes = Array(type.utf8)
        return bytes.elementsEqual("application/json".utf8) || bytes.suffix(5).elementsEqual("+json".utf8)
    }

    // MARK: Schemas

    /// One schema for everything that is judged of a request.
    private func schema(_ found: [Found], _ body: (body: OpenAPIOperation.Body, schema: JSONValue)?) -> JSONObject {
        var properties = JSONObject()
        var required: [JSONValue] = []
        for location in OpenAPIOperation.Location.allCases {
            let here = found.filter { $0.parameter.location == location }
            var members = JSONObject()
            for entry in here { members[entry.parameter.name] = entry.schema }
            let needed = here.filter(\.parameter.isRequired).map { JSONValue.string($0.parameter.name) }
            if !needed.isEmpty { required.append(.string(location.rawValue)) }
            properties[location.rawValue] = [
                "type": "object", "properties": .object(members), "required": .array(needed),
                "additionalProperties": false,
            ]
        }
        if let body { properties["body"] = body.schema }
        var schema = JSONObject()
        schema["type"] = "object"
        schema["properties"] = .object(properties)
        schema["required"] = .array(required)
        schema["additionalProperties"] = false
        schema["components"] = components
        return schema
    }

    /// A schema of OpenAPI as JSON Schema has it: `nullable` (3.0) becomes a type, and what only answers have is not
    /// required of requests.
    private func transformed(_ value: JSONValue, depth: Int) -> JSONValue {
        switch value {
        case .array(let elements): return .array(elements.map { transformed($0, depth: depth &+ 1) })
        case .object(var object):
            for member in object.members
            where !["example", "examples", "enum", "const", "default"].contains(where: {
                $0.utf8.elementsEqual(member.name.utf8)
            }) {
                object[member.name] = transformed(member.value, depth: depth &+ 1)
            }
            if isOld, object["nullable"] == .bool(true) {
                if let type = object["type"]?.string { object["type"] = [.string(type), "null"] }
                if case .array(let choices)? = object["enum"] { object["enum"] = .array(choices + [.null]) }
            }
            if case .array(let required)? = object["required"], let properties = object["properties"]?.object {
                object["required"] = .array(
                    required.filter { name in
                        name.string.flatMap { properties[$0]?["readOnly"]?.bool } != true
                    })
            }
            return .object(object)
        default: return value
        }
    }

    // MARK: References

    /// What a value refers to, and where that stands; only within the document, and not round in circles.
    private mutating func resolved(_ value: JSONValue, _ place: [String]) -> (value: JSONValue, place: [String])? {
        var value = value
        var place = place
        for _ in 0..<Self.maximumReferences {
            guard let target = value["$ref"] else { return (value, place) }
            guard let text = target.string, let names = Self.pointer(text), let found = follow(names, in: root) else {
                report(place + ["$ref"], "a reference begins with #/ and leads to something in this document")
                return nil
            }
            value = found
            place = names
        }
        report(place, "the references lead from one to the next without an end")
        return nil
    }

    private func lookUp(_ target: String) -> JSONValue? {
        guard let names = Self.pointer(target), names.first?.utf8.elementsEqual("components".utf8) ?? false else {
            return nil
        }
        return follow(Array(names.dropFirst()), in: components)
    }

    private func follow(_ names: [String], in value: JSONValue) -> JSONValue? {
        var value = value
        for name in names {
            switch value {
            case .object(let object):
                guard let inner = object[name] else { return nil }
                value = inner
            case .array(let elements):
                guard let index = Int(name), elements.indices.contains(index) else { return nil }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }

    /// The names of a JSON pointer in a fragment.
    private static func pointer(_ text: String) -> [String]? {
        let bytes = Array(text.utf8)
        guard bytes.starts(with: "#/".utf8), bytes.count <= 1024, !bytes.contains(0x25) else { return nil }
        return bytes.dropFirst(2).split(separator: 0x2f, omittingEmptySubsequences: false).map { part in
            let text = String(decoding: part, as: UTF8.self)
            return replaced(replaced(text, "~1", "/"), "~0", "~")
        }
    }
}
