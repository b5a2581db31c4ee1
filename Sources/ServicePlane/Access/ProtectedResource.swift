// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols

/// A service as an OAuth resource (RFC 8707, RFC 9728).
public struct ProtectedResource: Sendable, Hashable {
    /// How clients know the service: `<url of the proxy>/s/<service>`; `nil` where nobody said what the proxy's URL is.
    public var identifier: String?
    /// How the gate's token endpoint knows it; `nil` without one.
    public var ownIdentifier: String?
    /// Scheme, host and port of the proxy as clients know them.
    public var origin: String?
    /// Where the document stands that describes it.
    public var metadataURL: String?
    /// That document; `nil` where nothing is said.
    public var metadata: [UInt8]?
    /// Whether who comes without credentials is told of it.
    public var challenges = false
    /// What every token of an authorization server must have.
    public var scopes: [String] = []
    /// What it must have besides for calls of a tool.
    public var toolScopes: [String: [String]] = [:]

    /// Describes a resource.
    public init() {}

    /// Below which path the documents stand.
    static let metadataPrefix = Array("/.well-known/oauth-protected-resource/s/".utf8)

    /// The scopes that an operation needs.
    func scopes(for operation: Operation) -> [String] {
        guard let tool = operation.tool, let more = toolScopes[tool] else { return scopes }
        return scopes + more.filter { scope in !scopes.contains { $0.utf8.elementsEqual(scope.utf8) } }
    }

    /// How `aud` may name it.
    public var audiences: [String] { [ownIdentifier, identifier].compactMap { $0 } }
}

/// The values of `WWW-Authenticate` (RFC 6750 section 3, RFC 9449 section 7.1, RFC 9728 section 5.1).
struct TokenChallenge {
    /// The registered code of the error; `nil` when there was no token.
    var error: String?
    var description: String?
    /// The scopes that are needed now.
    var scopes: [String] = []
    /// Whether the scheme is that of proofs.
    var isProof = false

    /// The value.
    func text(_ resource: ProtectedResource?) -> String {
        var text = isProof ? "DPoP algs=\"ES256 ES384 EdDSA\"" : "Bearer realm=\"yett\""
        if let error { text += ", error=\"\(error)\"" }
        if let description = description.flatMap(Self.quotable) { text += ", error_description=\"\(description)\"" }
        let scopes = scopes.compactMap(Self.quotable)
        if !scopes.isEmpty { text += ", scope=\"\(scopes.joined(separator: " "))\"" }
        if let url = resource?.metadataURL, resource?.challenges ?? false { text += ", resource_metadata=\"\(url)\"" }
        return text
    }

    /// What can stand between quotes.
    private static func quotable(_ text: String) -> String? {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C } ? text : nil
    }
}
