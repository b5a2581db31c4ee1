// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The header fields to which MCP gives a meaning, each at most once and in plain characters.
struct MCPRequestFields {
    var contentType: String?
    var contentEncoding: String?
    var version: String?
    var method: String?
    /// `Mcp-Name`, decoded.
    var name: String?
    var session: String?
    var lastEventID: String?
    var origin: String?
    /// The `Accept` fields as one list.
    var accept = ""
    var hasAccept = false
    /// The `Mcp-Param-` fields: names in lower case, values as sent.
    var parameters: [MCPField] = []

    private static let known = [
        "accept", "authorization", "content-encoding", "content-type", "last-event-id", "mcp-method", "mcp-name",
        "mcp-protocol-version", "mcp-session-id", "origin",
    ]

    init(_ fields: [MCPField], limits: MCPLimits) throws(MCPRequestRefusalReason) {
        guard fields.count <= limits.fields else { throw .tooManyFields }
        var seen: Set<[UInt8]> = []
        for field in fields {
            let name = field.name.utf8.map(ByteScan.lowercase)
            if name.contains(0x5f), Self.isRead(name.map { $0 == 0x5f ? 0x2d : $0 }) { throw .aliasedField }
            guard Self.isRead(name) else { continue }
            let isList = name.elementsEqual("accept".utf8)
            guard seen.insert(name).inserted || isList else { throw .duplicateField }
            // Whoever verifies the token reads it; here it only must not have two readings.
            if name.elementsEqual("authorization".utf8) { continue }
            try take(String(decoding: name, as: UTF8.self), Self.plain(field.value, limits: limits))
        }
    }

    private static func isRead(_ name: [UInt8]) -> Bool {
        name.starts(with: "mcp-param-".utf8) || known.contains { $0.utf8.elementsEqual(name) }
    }

    /// The value without whitespace around it.
    private static func plain(_ value: String, limits: MCPLimits) throws(MCPRequestRefusalReason) -> String {
        guard value.utf8.count <= limits.fieldBytes,
            value.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f || $0 == 0x09 })
        else { throw .badFieldValue }
        var rest = Array(value.utf8)[...]
        while let byte = rest.first, byte == 0x20 || byte == 0x09 { rest.removeFirst() }
        while let byte = rest.last, byte == 0x20 || byte == 0x09 { rest.removeLast() }
        return String(decoding: rest, as: UTF8.self)
    }

    /// Keeps one field; the name is in lower-case ASCII here, so that comparing strings compares bytes.
    private mutating func take(_ name: String, _ value: String) throws(MCPRequestRefusalReason) {
        switch name {
        case "accept":
            accept += hasAccept ? "," + value : value
            hasAccept = true
        case "content-encoding": contentEncoding = value
        case "content-type": contentType = value
        case "last-event-id": lastEventID = value
        case "mcp-method": method = value
        case "mcp-name":
            guard let decoded = MCPFieldValue.decode(value) else { throw .badEncodedField }
            self.name = decoded
        case "mcp-protocol-version": version = value
        case "mcp-session-id": session = value
        case "origin": origin = value
        default:
            guard MCPFieldValue.decode(value) != nil else { throw .badEncodedField }
            parameters.append(MCPField(name, value))
        }
    }
}
