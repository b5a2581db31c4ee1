// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A sign-in that is under way (OpenID Connect Core 1.0 section 3.1.2.1): what was asked, so that the answer can be held
/// against it. Good for one answer.
public struct AuthorizationRequest: Sendable, Hashable {
    /// Whom we sent the person to.
    public let provider: OpenIDProvider
    /// The only place to which the provider may send the person back.
    public let redirectURI: String
    /// `state`. A secret between the browser and us.
    public let state: String
    /// `nonce`: comes back within the ID token.
    public let nonce: String
    /// Ties the code to us.
    public let proofKey: ProofKey
    /// How long ago the person may have shown the provider who they are, in seconds; `nil` for no matter when.
    public let maximumAge: Int64?
    /// The person who has to come back; `nil` for anybody.
    public let person: PersonIdentifier?

    /// Begins a sign-in.
    public init(
        _ provider: OpenIDProvider, redirectURI: String, maximumAge: Int64? = nil, person: PersonIdentifier? = nil,
        using generator: inout some RandomNumberGenerator
    ) {
        self.provider = provider
        self.redirectURI = redirectURI
        state = RandomText.make(using: &generator)
        nonce = RandomText.make(using: &generator)
        proofKey = ProofKey(using: &generator)
        self.maximumAge = maximumAge
        self.person = person
    }

    /// Where the person's browser is to go.
    public func url(_ metadata: ProviderMetadata) -> String {
        var fields = [
            (name: "response_type", value: "code"), ("client_id", provider.clientID), ("redirect_uri", redirectURI),
            ("scope", provider.scope), ("state", state), ("nonce", nonce),
            ("code_challenge", proofKey.challenge), ("code_challenge_method", "S256"),
        ]
        if let maximumAge {
            // Not every provider looks at max_age; all of them know prompt.
            fields += [("max_age", String(maximumAge)), ("prompt", "login")]
        }
        let endpoint = metadata.authorizationEndpoint
        return endpoint.description + (endpoint.hasQuery ? "&" : "?") + FormText.encode(fields)
    }

    /// The form that redeems the code (RFC 6749 section 4.1.3, RFC 7636 section 4.5).
    public func redemption(of code: String) -> [(name: String, value: String)] {
        [
            ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirectURI),
            ("code_verifier", proofKey.verifier),
        ]
    }
}

extension AuthorizationRequest: CustomStringConvertible, CustomReflectable {
    /// The provider's name.
    public var description: String { "sign-in at \(provider.name)" }
    /// The provider's name.
    public var customMirror: Mirror { Mirror(self, children: ["provider": provider.name]) }
}
