// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// An authorization server whose access tokens count at the reverse proxy, an entry of `service_proxy.issuers`.
public struct TokenIssuerConfiguration: Sendable, Hashable {
    /// Where its keys are.
    public enum Keys: Sendable, Hashable {
        /// `keys`: the path of a file with a JWK set.
        case file(String)
        /// `keys_url`: where the set is fetched from.
        case url(ProviderURL)
    }

    /// `name`: what `attest` calls it.
    public var name: String
    /// The registration.
    public var issuer: AccessTokenIssuer
    /// `keys` or `keys_url`.
    public var keys: Keys
    /// `ca`: the path of a PEM file with the authorities that the certificate of `keys_url` must come from.
    public var authority: String?
    /// `allow_private`: whether `keys_url` may have an address of a private network, or of this machine.
    public var isPrivateAllowed = false
    /// Where the entry stands in the file.
    public var place = Place.start

    /// Registers a server.
    public init(name: String, issuer: AccessTokenIssuer, keys: Keys) {
        self.name = name
        self.issuer = issuer
        self.keys = keys
    }
}

/// Which tokens of an authorization server are an agent's: an entry `jwt` of `attest`.
public struct IssuedTokenSelector: Sendable, Hashable {
    /// `issuer`: the name of an entry of `service_proxy.issuers`.
    public var issuer: String
    /// `claims`: claims with the texts that they must be.
    public var claims: [String: String]

    /// A condition on tokens.
    public init(issuer: String, claims: [String: String]) {
        self.issuer = issuer
        self.claims = claims
    }
}

/// A service as an OAuth resource, `resource`.
public struct ResourceConfiguration: Sendable, Hashable {
    /// `scopes`: what every token of an authorization server must have.
    public var scopes: [String] = []
    /// `tool_scopes`: what it must have besides for calls of a tool.
    public var toolScopes: [String: [String]] = [:]

    /// No scopes.
    public init() {}

    /// Every scope that some call needs, each once, in order.
    public var allScopes: [String] {
        var all = scopes
        for scope in toolScopes.sorted(by: { $0.key < $1.key }).flatMap(\.value) where !all.contains(scope) {
            all.append(scope)
        }
        return all
    }
}
