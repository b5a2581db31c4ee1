// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Protocols

/// What a client asks the token endpoint for: one tool of one server (RFC 8693, RFC 8707, RFC 9396).
public struct ExchangeRequest: Sendable {
    /// The kinds of subject tokens.
    public enum SubjectType: String, Sendable, Hashable, CaseIterable {
        /// A person's ID token.
        case idToken = "urn:ietf:params:oauth:token-type:id_token"
        /// A JWT-SVID.
        case jwt = "urn:ietf:params:oauth:token-type:jwt"
        /// A tool token of this gate, to be exchanged for a narrower one.
        case accessToken = "urn:ietf:params:oauth:token-type:access_token"
        /// The handle of a task.
        case taskHandle = "urn:yett:params:oauth:token-type:task-handle"
    }

    /// What the new token rests on. A secret.
    public let subjectToken: String
    /// Its kind.
    public let subjectType: SubjectType
    /// A token of the actor; it must name the client that the connection shows, and never another.
    public let actorToken: String?
    /// The tool server's resource identifier.
    public let resource: String
    /// The tool.
    public let call: ToolCall
    /// The lifetime that the client would like, in seconds.
    public let lifetime: Int64?

    /// The longest token that is read, in bytes.
    public static let longestToken = 16 * 1024
    private static let grantType = "urn:ietf:params:oauth:grant-type:token-exchange"
    private static let longestResource = 2048
    private static let detailLimits = JSONLimits(bytes: 8 * 1024, depth: 8, values: 64, stringBytes: 4096)

    /// Reads a request.
    ///
    /// - Throws: ``OAuthError``.
    public init(_ fields: FormFields) throws(OAuthError) {
        guard let type = fields["grant_type"] else { throw .invalidRequest }
        guard type.isExactly(Self.grantType) else { throw .unsupportedGrantType }
        guard let token = fields["subject_token"], token.utf8.count <= Self.longestToken,
            let subjectType = fields["subject_token_type"].flatMap({ SubjectType(rawValue: $0) })
        else { throw .invalidRequest }
        subjectToken = token
        self.subjectType = subjectType
        actorToken = try Self.actorToken(fields)
        if let wanted = fields["requested_token_type"], !wanted.isExactly(SubjectType.accessToken.rawValue) {
            throw .invalidRequest
        }
        // One resource and no audience beside it: a token for two servers would be good at the wrong one.
        guard fields["audience"] == nil, let resource = fields["resource"], Self.isResource(resource) else {
            throw .invalidTarget
        }
        self.resource = resource
        call = try Self.call(fields)
        lifetime = try Self.lifetime(fields)
    }

    private static func actorToken(_ fields: FormFields) throws(OAuthError) -> String? {
        guard let token = fields["actor_token"] else {
            guard fields["actor_token_type"] == nil else { throw .invalidRequest }
            return nil
        }
        guard token.utf8.count <= longestToken,
            fields["actor_token_type"]?.isExactly(SubjectType.jwt.rawValue) == true
        else { throw .invalidRequest }
        return token
    }

    /// An absolute `https` URI without user, query and fragment.
    static func isResource(_ text: String) -> Bool {
        let prefix = "https://"
        guard text.utf8.count <= longestResource, text.utf8.starts(with: prefix.utf8) else { return false }
        let rest = text.utf8.dropFirst(prefix.utf8.count)
        guard let first = rest.first, first != UInt8(ascii: "/") else { return false }
        return rest.allSatisfy { byte in
            (0x21...0x7e).contains(byte) && !"#?@\\\"<>^`{|}".utf8.contains(byte)
        }
    }

    private static func call(_ fields: FormFields) throws(OAuthError) -> ToolCall {
        guard let text = fields["authorization_details"] else { throw .invalidAuthorizationDetails }
        guard let details = try? JSONValue(parsing: text, limits: detailLimits), let call = ToolCall(details: details)
        else { throw .invalidAuthorizationDetails }
        // The scope may be left out; where it stands, it says the same.
        if let scope = fields["scope"], !scope.isExactly(call.scope) { throw .invalidScope }
        return call
    }

    private static func lifetime(_ fields: FormFields) throws(OAuthError) -> Int64? {
        guard let text = fields["requested_lifetime"] else { return nil }
        guard text.utf8.count <= 6, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let seconds = Int64(text),
            seconds > 0
        else { throw .invalidRequest }
        return seconds
    }
}

extension ToolCall {
    /// Reads `authorization_details` with exactly one element, of the type of tool calls, with no member that means
    /// nothing here.
    init?(details: JSONValue) {
        guard let entries = details.array, entries.count == 1, let entry = entries.first?.object,
            entry["type"]?.string?.isExactly(Self.type) == true,
            let server = entry["server"]?.string, let tool = entry["tool"]?.string, Self.isName(server),
            Self.isName(tool)
        else { return nil }
        let known: Set = ["type", "server", "tool", "args_sha256", "max_calls"]
        guard entry.names.allSatisfy(known.contains) else { return nil }
        var hash: [UInt8]?
        if let value = entry["args_sha256"] {
            guard let bytes = value.string.flatMap({ StrictBase64.url.decode($0.utf8) }), bytes.count == 32 else {
                return nil
            }
            hash = bytes
        }
        var calls: Int?
        if let value = entry["max_calls"] {
            guard let integer = value.integer, (1...1_000_000).contains(integer) else { return nil }
            calls = Int(integer)
        }
        self.init(server: server, tool: tool, argumentsHash: hash, maximumCalls: calls)
    }

    /// Whether a name can stand in a scope (RFC 6749 section 3.3).
    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
    }
}

extension ExchangeRequest: CustomStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
