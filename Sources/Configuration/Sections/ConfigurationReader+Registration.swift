// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

extension ConfigurationReader {
    /// Reads `oauth`.
    func readOAuth(_ value: Value) -> ServiceAccess? {
        var refreshToken: Value?
        let registration = readRegistration(value, "oauth") { refreshToken = $0.value("refresh_token") }
        let reference = refreshToken.flatMap { secret($0) }
        guard let registration else { return nil }
        if registration.clientSecret == nil, refreshToken == nil {
            value.error("oauth needs a client_secret or a refresh_token")
            return nil
        }
        return .oauth(registration, refreshToken: reference)
    }

    /// Reads what the gate is at an authorization server.
    ///
    /// - Parameter further: Takes the keys that are not for all.
    func readRegistration(
        _ value: Value, _ name: String, _ further: (inout MappingReader) -> Void = { _ in }
    ) -> TokenRegistration? {
        guard var section = value.mapping(name) else { return nil }
        let url = section.required("token_url").flatMap { readTokenURL($0) }
        let client = section.required("client_id").flatMap { word($0, "the gate's name at the server") }
        let clientSecret = section.value("client_secret")
        let methods: KeyValuePairs<String, TokenRegistration.Authentication> = ["basic": .basic, "post": .post]
        let method = section.value("client_auth")
        let scope = section.value("scope").flatMap { readScopes($0) }
        let audience = section.value("audience").flatMap { word($0, "an audience such as https://api.example.org") }
        let authority = section.value("ca").flatMap { path($0) }
        let isPrivateAllowed = section.value("allow_private")?.bool() ?? false
        further(&section)
        section.finish(isSecret: true)
        let reference = clientSecret.flatMap { secret($0) }
        if clientSecret == nil { method?.error("client_auth belongs to client_secret, which is missing") }
        let authentication = method?.word(methods)
        guard let url, let client, clientSecret == nil || reference != nil else { return nil }
        var registration = TokenRegistration(tokenURL: url, clientID: client)
        registration.clientSecret = reference
        registration.authentication = authentication ?? .basic
        registration.scopes = scope ?? []
        registration.audience = audience
        registration.authority = authority
        registration.isPrivateAllowed = isPrivateAllowed
        return registration
    }

    private func readTokenURL(_ value: Value) -> ProviderURL? {
        let expected = "a URL of https"
        guard let text = value.text(expected) else { return nil }
        guard let url = ProviderURL(text), !url.hasQuery else {
            value.error("\(expected) is expected here, such as https://login.example.org/token, without a query")
            return nil
        }
        return url
    }

    /// Words with one space between them (RFC 6749 section 3.3).
    private func readScopes(_ value: Value) -> [String]? {
        let expected = "words with one space between them such as \"read write\""
        guard let text = value.text(expected) else { return nil }
        let words = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let isValid = words.allSatisfy { word in
            !word.isEmpty && word.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        }
        guard text.utf8.count <= 1_024, words.count <= 64, isValid else {
            value.error("\(expected) is expected here")
            return nil
        }
        return words.map { String(decoding: $0, as: UTF8.self) }
    }
}
