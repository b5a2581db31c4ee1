// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One request to an agent, read strictly: what is asked, whom it is about, and what is sent on.
public struct A2ARequest: Sendable {
    /// How the request is spoken.
    public enum Binding: Sendable {
        /// The agent's card is read.
        case card
        /// JSON-RPC, with the identifier and the method's name as sent.
        case rpc(id: JSONRPCID, name: String)
        /// HTTP+JSON.
        case http
    }

    /// How it is spoken.
    public let binding: Binding
    /// What is asked; `nil` for the card.
    public let method: A2AMethod?
    /// What `A2A-Version` says.
    public let version: String?
    /// What `A2A-Extensions` says.
    public let extensions: String?
    /// The parameters as they are judged: known members only, those of the path and the query among them.
    public var params: JSONObject
    /// The names of the body's members that are sent over HTTP+JSON; `nil` for no body.
    let bodyNames: [String]?
    /// The query over HTTP+JSON, names and values as they are judged.
    public var query: [(name: String, value: String)]
    /// The type of the body, as sent.
    public let contentType: String?

    /// The tasks that must be the caller's.
    public let tasks: [String]
    /// The conversation that must be the caller's, or is begun by a message.
    public let context: String?
    /// The skill that the message names.
    public let skill: String?
    /// Where the agent shall send what becomes of a task.
    public let webhooks: [String]
    /// What the agent is told to read.
    public let links: [String]
    /// The handle of the gate's task in the message's metadata.
    public let taskHandle: String?

    /// The identifier, over JSON-RPC.
    public var id: JSONRPCID? {
        if case .rpc(let id, _) = binding { id } else { nil }
    }

    /// Whether the HTTP+JSON binding is spoken.
    public var isHTTP: Bool {
        if case .rpc = binding { false } else { true }
    }

    /// The body as it is sent: the canonical form of what was judged.
    public var body: [UInt8] {
        switch binding {
        case .card: return []
        case .rpc(let id, let name):
            return JSONRPCMessage.request(id: id, JSONRPCCall(method: name, params: params)).value.canonicalBytes
        case .http:
            guard let bodyNames else { return [] }
            var body = JSONObject()
            for name in bodyNames { body[name] = params[name] }
            return JSONValue.object(body).canonicalBytes
        }
    }

    /// The query as it is sent, with its question mark; empty without one.
    public var queryText: String {
        guard !query.isEmpty else { return "" }
        return "?" + query.map { "\($0.name)=\(A2AQuery.escaped($0.value))" }.joined(separator: "&")
    }
}

/// What a query of the HTTP+JSON binding may say.
enum A2AQuery {
    private static let names: [A2AMethod: [String]] = [
        .getTask: ["historyLength"],
        .listTasks: [
            "contextId", "historyLength", "includeArtifacts", "lastUpdatedAfter", "pageSize", "pageToken", "status",
            "statusTimestampAfter",
        ],
        .listPush: ["pageSize", "pageToken"],
    ]

    /// Reads a query: each name once, values of visible ASCII characters.
    static func read(
        _ query: String?, of method: A2AMethod
    ) throws(A2ARefusalReason) -> [(name: String, value: String)] {
        guard let query, !query.isEmpty else { return [] }
        guard query.utf8.count <= 4096 else { throw .query }
        var found: [(name: String, value: String)] = []
        for member in query.utf8.split(separator: 0x26, omittingEmptySubsequences: false) {
            let parts = member.split(separator: 0x3d, maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = names[method]?.first(where: { $0.utf8.elementsEqual(parts[0]) }),
                !found.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }),
                let value = unescaped(Array(parts[1])), A2ANames.isIdentifier(value) || value.utf8.count <= 4096,
                !value.isEmpty
            else { throw .query }
            found.append((name, value))
        }
        return found
    }

    /// The value of an escaped text; `nil` for escapes that are broken or hide what is not visible. A plus sign means two
    /// things, so it is escaped or none.
    private static func unescaped(_ text: [UInt8]) -> String? {
        var output: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            var byte = byte
            if byte == 0x2b { return nil }
            if byte == 0x25 {
                guard rest.count >= 2, let high = ByteScan.hexValue(rest[rest.startIndex]),
                    let low = ByteScan.hexValue(rest[rest.startIndex &+ 1])
                else { return nil }
                rest.removeFirst(2)
                byte = high &<< 4 | low
            }
            guard byte > 0x20, byte < 0x7f else { return nil }
            output.append(byte)
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// A value with every byte escaped that is not plain.
    static func escaped(_ value: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var output: [UInt8] = []
        for byte in value.utf8 {
            if ByteSet.unreserved.contains(byte) {
                output.append(byte)
            } else {
                output += [0x25, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: output, as: UTF8.self)
    }
}
