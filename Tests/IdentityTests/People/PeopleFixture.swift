// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing

/// A registration and a sign-in under way.
struct PeopleFixture {
    let provider: OpenIDProvider
    let request: AuthorizationRequest

    init(maximumAge: Int64? = nil) throws {
        provider = OpenIDProvider(
            name: "corp", issuer: try #require(ProviderURL("https://idp.example.org")), clientID: "gate",
            scopes: ["profile"], groupsClaim: "groups", frontEnds: ["chat"])
        var generator = SystemRandomNumberGenerator()
        request = AuthorizationRequest(
            provider, redirectURI: "https://gate.example.org/callback/corp", maximumAge: maximumAge, using: &generator)
    }

    static let metadata = """
        {"issuer":"https://idp.example.org","authorization_endpoint":"https://idp.example.org/authorize?tenant=1",\
        "token_endpoint":"https://idp.example.org/token","jwks_uri":"https://idp.example.org/keys",\
        "userinfo_endpoint":"https://idp.example.org/userinfo","response_types_supported":["code","id_token"],\
        "code_challenge_methods_supported":["plain","S256"],"id_token_signing_alg_values_supported":["RS256"],\
        "token_endpoint_auth_methods_supported":["client_secret_post"]}
        """
}
