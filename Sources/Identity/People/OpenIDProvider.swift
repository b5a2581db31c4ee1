// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A provider of people's identities, as the operator registered it. What it may do is written here and nowhere else.
public struct OpenIDProvider: Sendable, Hashable {
    /// The operator's name for it: letters, digits, `-`, `_` and `.`.
    public var name: String
    /// `iss` of its tokens, compared byte by byte.
    public var issuer: ProviderURL
    /// The gate's name at the provider.
    public var clientID: String
    /// What ID tokens may be signed with, whatever the provider says of itself.
    public var algorithms: Set<JWSAlgorithm>
    /// What is asked for; `openid` always stands in front.
    public var scopes: [String]
    /// The claim that holds the groups; `nil` when groups play no part.
    public var groupsClaim: String?
    /// Names of our front ends at the provider, whose ID tokens may be exchanged.
    public var frontEnds: [String]
    /// Whether PKCE with S256 is taken for granted although the provider does not list it.
    public var assumesS256: Bool

    /// What ID tokens may be signed with when nothing is said.
    public static let standardAlgorithms: Set<JWSAlgorithm> = [.rs256, .es256]

    /// Registers a provider.
    public init(
        name: String, issuer: ProviderURL, clientID: String, algorithms: Set<JWSAlgorithm> = standardAlgorithms,
        scopes: [String] = [], groupsClaim: String? = nil, frontEnds: [String] = [], assumesS256: Bool = false
    ) {
        self.name = name
        self.issuer = issuer
        self.clientID = clientID
        self.algorithms = algorithms
        self.scopes = scopes
        self.groupsClaim = groupsClaim
        self.frontEnds = frontEnds
        self.assumesS256 = assumesS256
    }

    /// Where its metadata stand (OpenID Connect Discovery 1.0 section 4): below the issuer, without a second slash.
    public var metadataURL: String {
        let text = issuer.description
        return (text.utf8.last == UInt8(ascii: "/") ? String(text.dropLast()) : text)
            + "/.well-known/openid-configuration"
    }

    /// The value of `scope`.
    public var scope: String {
        (["openid"] + scopes.filter { !$0.isExactly("openid") }).joined(separator: " ")
    }
}
