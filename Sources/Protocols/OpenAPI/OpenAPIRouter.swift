// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Finds the operation of a request line, and reads the request as it.
public struct OpenAPIRouter: Sendable {
    private let operations: [OpenAPIOperation]
    /// The templates by their number of segments, each with its operations by method.
    private let templates: [Int: [(template: OpenAPITemplate, operations: [String: Int])]]

    /// A router.
    public init(_ operations: [OpenAPIOperation]) {
        self.operations = operations
        var templates: [Int: [(template: OpenAPITemplate, operations: [String: Int])]] = [:]
        for (index, operation) in operations.enumerated() {
            let count = operation.template.segments.count
            var here = templates[count] ?? []
            if let known = here.firstIndex(where: { $0.template == operation.template }) {
                here[known].operations[operation.method] = index
            } else {
                here.append((operation.template, [operation.method: index]))
            }
            templates[count] = here
        }
        self.templates = templates
    }

    /// What a request line means.
    public enum Match: Sendable {
        /// An operation, by its number.
        case operation(Int)
        /// The path has other methods.
        case otherMethods([String])
        /// There is no such path.
        case nothing
    }

    /// The operation of a request line: that of the most specific template which the path fits.
    public func match(method: String, path: String) -> Match {
        let parts = Self.segments(path)
        var best: (template: OpenAPITemplate, operations: [String: Int])?
        for candidate in templates[parts.count] ?? [] where candidate.template.match(parts) != nil {
            if let known = best, candidate.template.relation(to: known.template) != .moreSpecific { continue }
            best = candidate
        }
        guard let best else { return .nothing }
        guard let index = best.operations[method] else { return .otherMethods(best.operations.keys.sorted()) }
        return .operation(index)
    }

    private static func segments(_ path: String) -> [ArraySlice<UInt8>] {
        let bytes = Array(path.utf8)
        if bytes.count <= 1 { return [] }
        return bytes.dropFirst().split(separator: 0x2f, omittingEmptySubsequences: false)
    }

    // MARK: Reading

    /// Reads a request as an operation. The path is canonical and was matched.
    public func read(
        _ number: Int, path: String, query: String?, fields: [MCPField], body: [UInt8], limits: JSONLimits
    ) throws(OpenAPIRefusal) -> OpenAPIRequest {
        let operation = operations[number]
        var arguments = JSONObject()
        func set(_ name: String, _ object: JSONObject) { arguments[name] = object.isEmpty ? nil : .object(object) }
        set("path", try Self.path(operation, path))
        let (values, text) = try Self.query(operation, query)
        set("query", values)
        set("header", try Self.header(operation, fields))
        let sent = try Self.body(operation, fields, body, limits, &arguments)
        return OpenAPIRequest(arguments: arguments, query: text, body: sent)
    }

    private static func path(
        _ operation: OpenAPIOperation, _ path: String
    ) throws(OpenAPIRefusal) -> JSONObject {
        var values = JSONObject()
        for (name, written) in operation.template.match(segments(path)) ?? [] {
            guard let text = OpenAPIText.decoded(Array(written), plusIsSpace: false),
                !text.utf8.contains(where: { [0x25, 0x2f, 0x3b, 0x5c].contains($0) }),
                !text.utf8.allSatisfy({ $0 == 0x2e })
            else { throw OpenAPIRefusal(.path, name) }
            let form = operation.parameters.first { $0.location == .path && $0.name.utf8.elementsEqual(name.utf8) }?
                .form
            values[name] = OpenAPIText.value(text, form ?? OpenAPIOperation.Form())
        }
        return values
    }

    private static func query(
        _ operation: OpenAPIOperation, _ query: String?
    ) throws(OpenAPIRefusal) -> (values: JSONObject, text: String) {
        guard let query, !query.isEmpty else { return (JSONObject(), "") }
        guard query.utf8.count <= 64 << 10 else { throw OpenAPIRefusal(.query) }
        var found: [String: [[UInt8]]] = [:]
        for member in query.utf8.split(separator: 0x26) {
            let parts = member.split(separator: 0x3d, maxSplits: 1, omittingEmptySubsequences: false)
            guard let first = parts.first, let name = OpenAPIText.decoded(Array(first), plusIsSpace: true) else {
                throw OpenAPIRefusal(.query)
            }
            let parameter = operation.parameters.first {
                $0.location == .query && $0.name.utf8.elementsEqual(name.utf8)
            }
            guard let parameter else { throw OpenAPIRefusal(.unknownParameter) }
            var values = found[parameter.name] ?? []
            guard values.isEmpty || parameter.form.list == .repeated else {
                throw OpenAPIRefusal(.repeatedParameter, parameter.name)
            }
            values.append(Array(parts.dropFirst().first ?? ""[...].utf8[...]))
            guard values.count <= 1024 else { throw OpenAPIRefusal(.query) }
            found[parameter.name] = values
        }
        var values = JSONObject()
        var text: [String] = []
        for parameter in operation.parameters where parameter.location == .query {
            guard let written = found[parameter.name] else { continue }
            let elements = parameter.form.list == .commas ? OpenAPIText.commas(written.first ?? []) : written
            var read: [JSONValue] = []
            var escaped: [String] = []
            for element in elements {
                guard let plain = OpenAPIText.decoded(element, plusIsSpace: true) else { throw OpenAPIRefusal(.query) }
                read.append(OpenAPIText.value(plain, parameter.form))
                escaped.append(A2AQuery.escaped(plain))
            }
            values[parameter.name] = parameter.form.list == nil ? read.first : .array(read)
            let name = A2AQuery.escaped(parameter.name)
            if parameter.form.list == .commas {
                text.append("\(name)=\(escaped.joined(separator: ","))")
            } else {
                text += escaped.map { "\(name)=\($0)" }
            }
        }
        return (values, text.isEmpty ? "" : "?" + text.joined(separator: "&"))
    }

    private static func header(
        _ operation: OpenAPIOperation, _ fields: [MCPField]
    ) throws(OpenAPIRefusal) -> JSONObject {
        var values = JSONObject()
        for parameter in operation.parameters where parameter.location == .header {
            let alike = fields.filter { field in
                field.name.utf8.map { $0 == 0x5f ? 0x2d : ByteScan.lowercase($0) }.elementsEqual(
                    parameter.name.utf8.map { $0 == 0x5f ? 0x2d : $0 })
            }
            guard let field = alike.first else { continue }
            guard alike.count == 1, field.name.utf8.map(ByteScan.lowercase).elementsEqual(parameter.name.utf8),
                field.value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7f })
            else { throw OpenAPIRefusal(.header, parameter.name) }
            guard parameter.form.list != nil else {
                values[parameter.name] = OpenAPIText.value(field.value, parameter.form)
                continue
            }
            let elements = OpenAPIText.commas(Array(field.value.utf8)).map { element -> JSONValue in
                OpenAPIText.value(OpenAPIText.trimmed(String(decoding: element, as: UTF8.self)), parameter.form)
            }
            values[parameter.name] = .array(elements)
        }
        return values
    }

    private static func body(
        _ operation: OpenAPIOperation, _ fields: [MCPField], _ body: [UInt8], _ limits: JSONLimits,
        _ arguments: inout JSONObject
    ) throws(OpenAPIRefusal) -> [UInt8] {
        guard let described = operation.body else {
            guard body.isEmpty else { throw OpenAPIRefusal(.bodyNotAllowed) }
            return []
        }
        guard !body.isEmpty else {
            guard !described.isRequired else { throw OpenAPIRefusal(.bodyMissing) }
            return []
        }
        let types = fields.filter { $0.name.utf8.elementsEqual("content-type".utf8) }
        let isPacked = fields.contains { field in
            field.name.utf8.elementsEqual("content-encoding".utf8)
                && !field.value.utf8.map(ByteScan.lowercase).elementsEqual("identity".utf8)
        }
        guard types.count == 1, !isPacked, let written = types.first?.value else { throw OpenAPIRefusal(.contentType) }
        let type = OpenAPIText.trimmed(
            String(decoding: written.utf8.prefix { $0 != 0x3b }.map(ByteScan.lowercase), as: UTF8.self))
        guard described.types.contains(where: { OpenAPIText.covers($0, type) }) else {
            throw OpenAPIRefusal(.contentType)
        }
        guard OpenAPIReader.isJSON(type) else {
            // Whoever takes JSON under another name would take what was not read.
            return body
        }
        guard OpenAPIText.isUTF8(written) else { throw OpenAPIRefusal(.contentType) }
        do throws(JSONError) {
            let value = try JSONValue(parsing: body, limits: limits)
            arguments["body"] = value
            return value.canonicalBytes
        } catch { throw OpenAPIRefusal(.json, error.description) }
    }
}

/// The texts of parameters and media types.
enum OpenAPIText {
    /// The text of escaped bytes; `nil` for a broken escape, a control character or what is no UTF-8.
    static func decoded(_ bytes: [UInt8], plusIsSpace: Bool) -> String? {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var rest = bytes[...]
        while let byte = rest.popFirst() {
            switch byte {
            case 0x2b where plusIsSpace: output.append(0x20)
            case 0x25:
                guard rest.count >= 2, let high = ByteScan.hexValue(rest[rest.startIndex]),
                    let low = ByteScan.hexValue(rest[rest.startIndex &+ 1])
                else { return nil }
                rest.removeFirst(2)
                output.append(high &<< 4 | low)
            default: output.append(byte)
            }
        }
        guard output.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { return nil }
        return String(validating: output, as: UTF8.self)
    }

    /// The value of a text: a number or a truth where the schema wants one and the text is one, else a string.
    static func value(_ text: String, _ form: OpenAPIOperation.Form) -> JSONValue {
        if !form.types.isDisjoint(with: ["integer", "number"]), text.utf8.count <= 64,
            let value = try? JSONValue(parsing: text), case .number = value
        {
            return value
        }
        if form.types.contains("boolean") {
            if text.utf8.elementsEqual("true".utf8) { return .bool(true) }
            if text.utf8.elementsEqual("false".utf8) { return .bool(false) }
        }
        return .string(text)
    }

    static func commas(_ bytes: [UInt8]) -> [[UInt8]] {
        bytes.split(separator: 0x2c, omittingEmptySubsequences: false).map(Array.init)
    }

    static func trimmed(_ text: String) -> String {
        var bytes = Array(text.utf8)[...]
        while let byte = bytes.first, byte == 0x20 || byte == 0x09 { bytes.removeFirst() }
        while let byte = bytes.last, byte == 0x20 || byte == 0x09 { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether a media range of a document covers a type.
    static func covers(_ range: String, _ type: String) -> Bool {
        let range = Array(range.utf8)
        let type = Array(type.utf8)
        if range.elementsEqual("*/*".utf8) || range == type { return true }
        guard range.suffix(2).elementsEqual("/*".utf8) else { return false }
        return type.starts(with: range.dropLast())
    }

    /// Whether a `Content-Type` has no parameter but `charset=utf-8`.
    static func isUTF8(_ written: String) -> Bool {
        written.utf8.split(separator: 0x3b, omittingEmptySubsequences: false).dropFirst().allSatisfy { part in
            let parameter = trimmed(String(decoding: part.map(ByteScan.lowercase), as: UTF8.self))
            return ["", "charset=utf-8", "charset=\"utf-8\""].contains { $0.utf8.elementsEqual(parameter.utf8) }
        }
    }
}
