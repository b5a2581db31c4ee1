// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protocols
internal import Yams

extension ConfigurationReader {
    /// How clients reach the reverse proxy.
    func readServiceURL(_ value: Value) -> ProviderURL? {
        let isSecure = value.node.scalar.map { !$0.string.utf8.starts(with: "http://".utf8) } ?? true
        return readURL(value, isSecure: isSecure)
    }

    /// Reads `service_proxy.issuers`.
    func readTokenIssuers(_ value: Value) -> [TokenIssuerConfiguration] {
        let issuers = value.list("authorization servers") { readTokenIssuer($0) } ?? []
        var names: Set<[UInt8]> = []
        var places: Set<[UInt8]> = []
        for issuer in issuers {
            if !names.insert(Array(issuer.name.utf8)).inserted {
                context.error(issuer.place, "two issuers have the name \(issuer.name)")
            }
            if !places.insert(Array(issuer.issuer.issuer.description.utf8)).inserted {
                context.error(issuer.place, "two entries are for the issuer \(issuer.issuer.issuer)")
            }
        }
        return issuers
    }

    private func readTokenIssuer(_ value: Value) -> TokenIssuerConfiguration? {
        guard var section = value.mapping("an issuer") else { return nil }
        let name = section.required("name").flatMap { value -> String? in
            guard let text = value.text("a name"), isName(text, value.place, "the name of an issuer") else {
                return nil
            }
            return text
        }
        let url = section.required("issuer").flatMap { readProviderIssuer($0) }
        let file = section.value("keys")
        let place = section.value("keys_url")
        let authority = section.value("ca")
        let isPrivate = section.value("allow_private")
        let algorithms = section.value("algorithms").flatMap { readAlgorithms($0) }
        let types = section.value("types").flatMap { readTokenTypes($0) }
        let time = section.value("issued_after").flatMap { readTime($0) }
        section.finish()
        if (file == nil) == (place == nil) {
            value.error(
                file == nil
                    ? "one of keys or keys_url is missing: where the issuer's keys are"
                    : "keys and keys_url exclude one another")
        }
        for (key, value) in [("ca", authority), ("allow_private", isPrivate)] where place == nil {
            value?.error("\(key) is for keys_url")
        }
        let keys =
            file.flatMap { path($0) }.map(TokenIssuerConfiguration.Keys.file)
            ?? place.flatMap { readKeysURL($0) }.map(TokenIssuerConfiguration.Keys.url)
        guard let name, let url, let keys else { return nil }
        var issuer = TokenIssuerConfiguration(
            name: name,
            issuer: AccessTokenIssuer(
                issuer: url, algorithms: algorithms ?? OpenIDProvider.standardAlgorithms,
                types: types ?? [.accessToken], issuedAfter: time),
            keys: keys)
        issuer.authority = authority.flatMap { path($0) }
        issuer.isPrivateAllowed = isPrivate?.bool() ?? false
        issuer.place = value.place
        return issuer
    }

    func readKeysURL(_ value: Value) -> ProviderURL? {
        let expected = "where the issuer's JWK set is, a URL of https"
        guard let text = value.text(expected) else { return nil }
        guard let url = ProviderURL(text) else {
            value.error("\(expected) is expected here")
            return nil
        }
        return url
    }

    private func readTokenTypes(_ value: Value) -> Set<AccessTokenIssuer.TokenType>? {
        let words: KeyValuePairs<String, AccessTokenIssuer.TokenType> = ["at+jwt": .accessToken, "JWT": .plain]
        guard let types = value.list("types of tokens", { $0.word(words) }) else { return nil }
        if types.isEmpty { value.error("at least one type is needed") }
        return types.isEmpty ? nil : Set(types)
    }

    /// Reads an entry `jwt` of `attest`.
    func readIssuedToken(_ value: Value) -> IssuedTokenSelector? {
        guard var section = value.mapping("tokens of an issuer") else { return nil }
        let issuer = section.required("issuer")?.text("the name of an issuer")
        let claims = section.required("claims").flatMap { readClaims($0) }
        section.finish()
        guard let issuer, let claims else { return nil }
        return IssuedTokenSelector(issuer: issuer, claims: claims)
    }

    private func readClaims(_ value: Value) -> [String: String]? {
        guard var section = value.mapping("claims") else { return nil }
        var claims: [String: String] = [:]
        for entry in section.all() {
            guard (1...128).contains(entry.name.utf8.count) else {
                context.error(entry.place, "the name of a claim has 1 to 128 bytes")
                continue
            }
            guard let text = entry.value.text("the text of a claim") else { continue }
            guard (1...1024).contains(text.utf8.count) else {
                entry.value.error("the text of a claim has 1 to 1024 bytes")
                continue
            }
            claims[entry.name] = text
        }
        guard !claims.isEmpty, claims.count <= 8 else {
            if section.isEmpty || claims.count > 8 {
                value.error("1 to 8 claims are expected here: who is the agent among all who have tokens")
            }
            return nil
        }
        return claims
    }

    /// Reads `resource`.
    func readResource(
        _ value: Value, _ known: ServiceConfiguration.ProtocolName?
    ) -> ResourceConfiguration? {
        guard var section = value.mapping("a resource") else { return nil }
        var resource = ResourceConfiguration()
        resource.scopes = section.value("scopes").flatMap { readScopeList($0) } ?? []
        if let tools = section.value("tool_scopes"), var entries = tools.mapping("tool_scopes") {
            for entry in entries.all() {
                guard MCPNames.isToolName(entry.name) else {
                    context.error(entry.place, "the name of a tool has 1 to 128 letters, digits, '-', '_' and '.'")
                    continue
                }
                resource.toolScopes[entry.name] = readScopeList(entry.value) ?? []
            }
        }
        section.finish()
        return resource
    }

    private func readScopeList(_ value: Value) -> [String]? {
        let scopes = value.list("scopes") { word($0, "a scope such as tickets.read") }
        if let scopes, scopes.count > 32 { value.error("at most 32 scopes are expected here") }
        return scopes.map { Array($0.prefix(32)) }
    }
}
