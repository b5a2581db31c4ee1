// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// The bytes of a request that is tried, as an agent would send them.
struct TrialMessage {
    /// The complete body.
    let body: [UInt8]
    private let head: [UInt8]

    init(_ trial: ServiceTrial, service: GateService?) throws(ServiceTrial.Failure) {
        guard let service else { throw .unknownService }
        switch trial.request {
        case .tool(let name, let arguments):
            guard service.tools != nil else { throw .hasNoTools }
            body = try Self.call(name, arguments)
            let path = service.tools?.settings.paths.first ?? ""
            let fields = [
                "Content-Type: application/json", "Accept: application/json, text/event-stream",
                "MCP-Protocol-Version: \(Self.revision.rawValue)",
            ]
            head = try Self.head("POST", "/s/\(service.name)\(path)", fields, body.count)
        case .http(let method, let path, let text):
            guard service.tools == nil else { throw .isToolServer }
            body = Array((text ?? "").utf8)
            let fields = text == nil ? [] : ["Content-Type: application/json"]
            let length = text.map(\.utf8.count)
            head = try Self.head(method, "/s/\(service.name)\(path)", fields, length)
        }
    }

    /// A revision in which a call stands for itself.
    private static let revision = MCPRevision.june2025

    private static func call(_ name: String, _ arguments: String) throws(ServiceTrial.Failure) -> [UInt8] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: arguments)
        } catch { throw .arguments("\(error)") }
        guard value.object != nil else { throw .arguments("an object such as {\"id\": 7} is expected") }
        let message: JSONValue = [
            "jsonrpc": "2.0", "id": 1, "method": .string(MCPMethod.callTool.rawValue),
            "params": ["name": .string(name), "arguments": value],
        ]
        return message.bytes
    }

    private static func head(
        _ method: String, _ path: String, _ fields: [String], _ length: Int?
    ) throws(ServiceTrial.Failure) -> [UInt8] {
        guard (method + path).utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), !method.isEmpty else {
            throw .request("the method and the path are ASCII without spaces; escape others as %20")
        }
        var lines = ["\(method) \(path) HTTP/1.1", "Host: yett.invalid"] + fields
        if let length { lines.append("Content-Length: \(length)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }

    /// Reads the head as the proxy reads it.
    func withHead<Value>(
        _ body: (HTTP1RequestHead, UnsafeRawBufferPointer) throws(ServiceTrial.Failure) -> Value
    ) throws(ServiceTrial.Failure) -> Value {
        var parser = HTTP1RequestParser()
        let result = head.withUnsafeBytes { bytes -> Result<Value, ServiceTrial.Failure> in
            guard case .complete = parser.parse(bytes) else {
                return .failure(.request("the gate would refuse the request as it is written"))
            }
            do throws(ServiceTrial.Failure) {
                return .success(try body(parser.head, bytes))
            } catch { return .failure(error) }
        }
        return try result.get()
    }
}
