// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What `params._meta` of a client's message says.
public struct MCPRequestMeta: Sendable {
    /// The revision's text (since 2026-07-28).
    public internal(set) var version: String?

    /// What the client can do (since 2026-07-28).
    public internal(set) var capabilities: JSONObject?

    /// The token with which progress is reported.
    public internal(set) var progressToken: JSONRPCID?

    /// The level of log messages that is wanted (since 2026-07-28).
    public internal(set) var logLevel: String?

    /// Nothing said.
    public init() {}

    static let versionName = "io.modelcontextprotocol/protocolVersion"
    static let capabilitiesName = "io.modelcontextprotocol/clientCapabilities"
    static let clientName = "io.modelcontextprotocol/clientInfo"
    static let logLevelName = "io.modelcontextprotocol/logLevel"
    static let subscriptionName = "io.modelcontextprotocol/subscriptionId"

    private static let known = MemberNames([
        "baggage", capabilitiesName, clientName, logLevelName, "progressToken", subscriptionName, "traceparent",
        "tracestate", versionName,
    ])

    static let logLevels = ["alert", "critical", "debug", "emergency", "error", "info", "notice", "warning"]

    /// Reads `_meta` of the parameters.
    init(_ params: JSONObject?, limits: MCPLimits) throws(MCPRequestRefusalReason) {
        guard let value = params?["_meta"] else { return }
        guard case .object(let meta) = value, meta.count <= limits.metaMembers else { throw .badMeta }
        if Self.known.hasLookalike(in: meta) { throw .ambiguousName }
        guard meta.members.allSatisfy({ MetaName.isValid($0.name) }) else { throw .badMetaName }
        version = try Self.string(meta[Self.versionName])
        if let value = meta[Self.capabilitiesName] {
            guard case .object(let object) = value else { throw .badMeta }
            capabilities = object
        }
        if let value = meta[Self.clientName] {
            guard value["name"]?.string != nil, value["version"]?.string != nil else { throw .badMeta }
        }
        if let value = meta["progressToken"] {
            guard let token = JSONRPCID(value, bytes: limits.rpc.idBytes) else { throw .badMeta }
            progressToken = token
        }
        logLevel = try Self.string(meta[Self.logLevelName])
        if let logLevel { guard Self.isLogLevel(logLevel) else { throw .badMeta } }
        for name in ["traceparent", "tracestate", "baggage"] {
            guard let text = try Self.string(meta[name]) else { continue }
            guard text.utf8.count <= limits.fieldBytes, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7f }) else {
                throw .badMeta
            }
        }
    }

    static func isLogLevel(_ text: String) -> Bool { logLevels.contains { $0.utf8.elementsEqual(text.utf8) } }

    private static func string(_ value: JSONValue?) throws(MCPRequestRefusalReason) -> String? {
        guard let value else { return nil }
        guard case .string(let text) = value else { throw .badMeta }
        return text
    }
}

/// The names that MCP allows in `_meta`: labels with dots between them and a slash behind, then a name; either part may
/// be left out.
enum MetaName {
    static func isValid(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard !bytes.isEmpty, bytes.count <= 256 else { return false }
        let parts = bytes.split(separator: 0x2f, omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last else { return false }
        if parts.count == 2, let prefix = parts.first {
            let labels = prefix.split(separator: 0x2e, omittingEmptySubsequences: false)
            guard labels.allSatisfy(isLabel) else { return false }
        }
        guard let first = last.first, let end = last.last else { return parts.count == 2 }
        return isAlphanumeric(first) && isAlphanumeric(end)
            && last.allSatisfy { isAlphanumeric($0) || $0 == 0x2d || $0 == 0x5f || $0 == 0x2e }
    }

    private static func isLabel(_ label: ArraySlice<UInt8>) -> Bool {
        guard let first = label.first, let last = label.last else { return false }
        return (first | 0x20) &- 0x61 < 26 && isAlphanumeric(last)
            && label.allSatisfy { isAlphanumeric($0) || $0 == 0x2d }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 }
}
