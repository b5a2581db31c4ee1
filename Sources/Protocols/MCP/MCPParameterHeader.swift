// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// An argument of a tool that is repeated in an `Mcp-Param-` field, because the tool's input schema says `x-mcp-header`.
public struct MCPParameterHeader: Sendable {
    /// The types that such an argument may have.
    public enum Kind: Sendable, Hashable {
        /// A string.
        case string
        /// An integer that a binary64 holds exactly.
        case integer
        /// `true` or `false`.
        case boolean
    }

    /// The field's name in lower case, `mcp-param-` included.
    public let field: String

    /// The names of properties that lead to the argument.
    public let path: [String]

    /// The argument's type.
    public let kind: Kind

    private static let annotation = "x-mcp-header"

    /// The annotations of an input schema; nil when one of them breaks a rule of MCP.
    static func all(in schema: JSONObject) -> [MCPParameterHeader]? {
        var found: [MCPParameterHeader] = []
        guard collect(.object(schema), [], isReachable: true, &found), found.count <= 64 else { return nil }
        let names = Set(found.map { Array($0.field.utf8) })
        return names.count == found.count ? found : nil
    }

    /// Walks a schema. False when an annotation is where it must not be.
    private static func collect(
        _ schema: JSONValue, _ path: [String], isReachable: Bool, _ found: inout [MCPParameterHeader]
    ) -> Bool {
        switch schema {
        case .array(let elements):
            return elements.allSatisfy { collect($0, path, isReachable: false, &found) }
        case .object(let object):
            for member in object.members {
                if member.name.utf8.elementsEqual(annotation.utf8) {
                    guard isReachable, !path.isEmpty,
                        let header = MCPParameterHeader(member.value, object["type"], path)
                    else { return false }
                    found.append(header)
                    continue
                }
                switch (SchemaKeyword(member.name), member.value) {
                case (.instance, _): continue
                case (.namedSchemas, .object(let schemas)):
                    let leads = isReachable && member.name.utf8.elementsEqual("properties".utf8)
                    for schema in schemas.members {
                        guard collect(schema.value, path + [schema.name], isReachable: leads, &found) else {
                            return false
                        }
                    }
                default:
                    guard collect(member.value, path, isReachable: false, &found) else { return false }
                }
            }
            return true
        default: return true
        }
    }

    private init?(_ name: JSONValue, _ type: JSONValue?, _ path: [String]) {
        guard case .string(let name) = name, !name.isEmpty, name.utf8.count <= 128,
            name.utf8.allSatisfy(ByteSet.token.contains), case .string(let type)? = type
        else { return nil }
        switch Array(type.utf8) {
        case Array("string".utf8): kind = .string
        case Array("integer".utf8): kind = .integer
        case Array("boolean".utf8): kind = .boolean
        default: return nil
        }
        field = "mcp-param-" + String(decoding: name.utf8.map(ByteScan.lowercase), as: UTF8.self)
        self.path = path
    }

    /// The argument that is repeated; nil when there is none or it is null.
    fileprivate func value(in arguments: JSONObject) -> JSONValue? {
        var value = JSONValue.object(arguments)
        for name in path {
            guard let inner = value[name] else { return nil }
            value = inner
        }
        if value.isNull { return nil }
        return value
    }

    /// Whether a decoded field value is what an argument says.
    fileprivate func matches(_ text: String, _ value: JSONValue) -> Bool {
        switch (kind, value) {
        case (.string, .string(let argument)): return text.utf8.elementsEqual(argument.utf8)
        case (.boolean, .bool(let argument)): return text.utf8.elementsEqual((argument ? "true" : "false").utf8)
        case (.integer, .number(let argument)):
            guard case .number(let stated)? = try? JSONValue(parsing: text) else { return false }
            let (left, right) = (stated.double, argument.double)
            // Whole numbers that a double holds exactly.
            return left == right && right.magnitude < 9_007_199_254_740_992 && right == Double(Int64(right))
        default: return false
        }
    }
}

extension MCPToolDefinition {
    /// Compares the `Mcp-Param-` fields of a call of this tool with its arguments. Fields that the definition does not
    /// mention are ignored, as MCP asks.
    public func judge(_ request: MCPRequest) throws(MCPRefusal) {
        guard case .callTool(_, let arguments) = request.operation else { return }
        for parameter in parameters {
            let field = request.parameterFields.first { $0.name.utf8.elementsEqual(parameter.field.utf8) }
            switch (field, parameter.value(in: arguments)) {
            case (nil, nil): continue
            case (nil, .some): throw MCPRefusal(.request(.missingParameterField), fault: .client, id: request.id)
            case (.some(let field), let value):
                guard let value, let text = MCPFieldValue.decode(field.value), parameter.matches(text, value) else {
                    throw MCPRefusal(.request(.parameterMismatch), fault: .client, id: request.id)
                }
            }
        }
    }
}
