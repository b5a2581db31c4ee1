// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Protocols

/// What a provider says of itself (OpenID Connect Discovery 1.0 section 3), as far as it is believed.
public struct ProviderMetadata: Sendable, Hashable {
    /// Where people sign in.
    public let authorizationEndpoint: ProviderURL
    /// Where codes and refresh tokens are redeemed.
    public let tokenEndpoint: ProviderURL
    /// Where the keys are.
    public let keySetURL: ProviderURL
    /// Where claims can be asked for again.
    public let userInfoEndpoint: ProviderURL?
    /// Whether every answer to an authorization request names the issuer (RFC 9207).
    public let namesIssuer: Bool
    /// Whether the client's secret goes into the form, because the provider does not take it in the header.
    public let takesSecretInForm: Bool

    /// Limits on the document.
    public static let limits = JSONLimits(bytes: 64 * 1024, depth: 16, values: 4096, stringBytes: 8192)

    /// Reads and judges the document.
    ///
    /// - Throws: ``ProviderError/metadata(_:)``.
    public init(parsing bytes: [UInt8], for provider: OpenIDProvider) throws(ProviderError) {
        guard let value = try? JSONValue(parsing: bytes, limits: Self.limits), let object = value.object else {
            throw .metadata("is no JSON object, or too large")
        }
        // Discovery 1.0 section 4.3: another issuer's document would have its keys vouch for ours.
        guard object["issuer"]?.string?.isExactly(provider.issuer.description) == true else {
            throw .metadata("names another issuer")
        }
        func url(_ name: String) throws(ProviderError) -> ProviderURL {
            guard let text = object[name]?.string, let url = ProviderURL(text) else {
                throw .metadata("has no \(name) with https")
            }
            return url
        }
        authorizationEndpoint = try url("authorization_endpoint")
        tokenEndpoint = try url("token_endpoint")
        keySetURL = try url("jwks_uri")
        userInfoEndpoint = object["userinfo_endpoint"] == nil ? nil : try url("userinfo_endpoint")
        namesIssuer = object["authorization_response_iss_parameter_supported"]?.bool == true
        if let types = try Self.texts("response_types_supported", of: object) {
            guard types.contains(where: { $0.isExactly("code") }) else {
                throw .metadata("does not offer the authorization code flow")
            }
        }
        let methods = try Self.texts("code_challenge_methods_supported", of: object)
        guard methods?.contains(where: { $0.isExactly("S256") }) ?? provider.assumesS256 else {
            throw .metadata("does not list S256 in code_challenge_methods_supported")
        }
        if let algorithms = try Self.texts("id_token_signing_alg_values_supported", of: object) {
            guard algorithms.contains(where: { JWSAlgorithm(name: $0).map(provider.algorithms.contains) ?? false })
            else { throw .metadata("has no algorithm for ID tokens in common with the registration") }
        }
        let authentication =
            try Self.texts("token_endpoint_auth_methods_supported", of: object) ?? ["client_secret_basic"]
        takesSecretInForm =
            !authentication.contains { $0.isExactly("client_secret_basic") }
            && authentication.contains { $0.isExactly("client_secret_post") }
    }

    private static func texts(_ name: String, of object: JSONObject) throws(ProviderError) -> [String]? {
        guard let value = object[name] else { return nil }
        guard let texts = value.array?.compactMap(\.string), texts.count == value.array?.count else {
            throw .metadata("has a malformed \(name)")
        }
        return texts
    }
}
