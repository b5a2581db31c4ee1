// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

extension ConfigurationReader {
    /// Reads `credential`. What stands here by mistake may be the secret itself and is not repeated.
    func readCredential(_ value: Value) -> ServiceCredential? {
        guard var section = value.mapping("a credential") else { return nil }
        let secret = section.value("secret")
        let header = section.value("header")
        let prefix = section.value("prefix")
        let others = ["oauth", "aws", "exchange", "tool_token"].map { ($0, section.value($0)) }
        section.finish(isSecret: true)
        let given = others.compactMap { name, value in value.map { (name, $0) } }
        if secret == nil {
            header?.error("header belongs to secret")
            prefix?.error("prefix belongs to secret")
        }
        switch (secret, given.first) {
        case (let secret?, nil): return readFixed(secret, header, prefix).map { .fixed($0) }
        case (nil, let (name, operand)?) where given.count == 1:
            switch name {
            case "oauth": return readOAuth(operand).map { .oauth($0) }
            case "aws": return readAWS(operand).map { .aws($0) }
            case "exchange": return readExchange(operand).map { .exchange($0) }
            default: return isTrue(operand) ? .toolToken : nil
            }
        case (nil, nil):
            if section.isEmpty {
                value.error("one of secret, oauth, aws, exchange or tool_token is expected here")
            }
        default: value.error("secret, oauth, aws, exchange and tool_token exclude one another")
        }
        return nil
    }

    // MARK: Secrets

    private func readFixed(_ value: Value, _ header: Value?, _ prefix: Value?) -> ServiceCredential.Fixed? {
        let secret = secret(value)
        var name: String? = "Authorization"
        if let header { name = readHeader(header) }
        guard let name else { return nil }
        var text: String? = Self.lowercased(name) == "authorization" ? "Bearer " : ""
        if let prefix { text = readPrefix(prefix) }
        guard let secret, let text else { return nil }
        return ServiceCredential.Fixed(secret: secret, header: name, prefix: text)
    }

    private func readHeader(_ value: Value) -> String? {
        let expected = "the name of a field such as Authorization or X-Api-Key"
        guard let text = value.text(expected) else { return nil }
        guard isToken(text, bytes: 64) else {
            value.error("\(expected) is expected here")
            return nil
        }
        // Some servers read '_' as '-'.
        let name = String(decoding: Self.lowercased(text).utf8.map { $0 == 0x5F ? 0x2D : $0 }, as: UTF8.self)
        let isReserved =
            Self.ownFields.contains(name) || ["proxy-", "yett-", "x-yett-"].contains { name.hasPrefix($0) }
        guard !isReserved else {
            value.error("this field belongs to the connection or to the gate: no secret can stand there")
            return nil
        }
        return text
    }

    /// Fields that each request gets anew, or that say how its body is read.
    private static let ownFields: Set<String> = [
        "connection", "content-encoding", "content-length", "content-type", "expect", "forwarded", "host",
        "http2-settings", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "via",
    ]

    private static func lowercased(_ text: String) -> String {
        String(
            decoding: text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 },
            as: UTF8.self)
    }

    private func readPrefix(_ value: Value) -> String? {
        let expected = "up to 64 visible characters and spaces such as \"Bearer \""
        guard let text = value.text(expected) else { return nil }
        guard text.utf8.count <= 64, text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }),
            text.utf8.first != UInt8(ascii: " ")
        else {
            value.error("\(expected) is expected here")
            return nil
        }
        return text
    }

    // MARK: Authorization servers

    private func readOAuth(_ value: Value) -> ServiceCredential.OAuth? {
        guard var section = value.mapping("oauth") else { return nil }
        let url = section.required("token_url").flatMap { readTokenURL($0) }
        let client = section.required("client_id").flatMap { word($0, "the gate's name at the server") }
        let clientSecret = section.value("client_secret")
        let refreshToken = section.value("refresh_token")
        let scope = section.value("scope").flatMap { readScopes($0) }
        let audience = section.value("audience").flatMap { word($0, "an audience such as https://api.example.org") }
        section.finish(isSecret: true)
        if clientSecret == nil, refreshToken == nil {
            value.error("oauth needs a client_secret or a refresh_token")
        }
        let secrets = (client: clientSecret.flatMap { secret($0) }, refresh: refreshToken.flatMap { secret($0) })
        guard let url, let client else { return nil }
        var oauth = ServiceCredential.OAuth(tokenURL: url, clientID: client)
        oauth.clientSecret = secrets.client
        oauth.refreshToken = secrets.refresh
        oauth.scope = scope
        oauth.audience = audience
        return oauth
    }

    private func readExchange(_ value: Value) -> ServiceCredential.Exchange? {
        guard var section = value.mapping("exchange") else { return nil }
        let url = section.required("token_url").flatMap { readTokenURL($0) }
        let client = section.value("client_id")
        let clientSecret = section.value("client_secret")
        let audience = section.value("audience").flatMap { word($0, "an audience such as https://api.example.org") }
        let scope = section.value("scope").flatMap { readScopes($0) }
        section.finish(isSecret: true)
        if client == nil { clientSecret?.error("client_secret belongs to client_id, which is missing") }
        guard let url else { return nil }
        var exchange = ServiceCredential.Exchange(tokenURL: url)
        exchange.clientID = client.flatMap { word($0, "the gate's name at the server") }
        exchange.clientSecret = clientSecret.flatMap { secret($0) }
        exchange.audience = audience
        exchange.scope = scope
        return exchange
    }

    private func readTokenURL(_ value: Value) -> ProviderURL? {
        let expected = "a URL of https, or of http and a loopback address"
        guard let text = value.text(expected) else { return nil }
        guard let url = ProviderURL(text, allowsLoopback: true) else {
            value.error("\(expected) is expected here, such as https://login.example.org/token")
            return nil
        }
        return url
    }

    /// Words with one space between them (RFC 6749 section 3.3).
    private func readScopes(_ value: Value) -> String? {
        let expected = "words with one space between them such as \"read write\""
        guard let text = value.text(expected) else { return nil }
        let words = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        let isValid = words.allSatisfy { word in
            !word.isEmpty && word.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
        }
        guard text.utf8.count <= 1_024, isValid else {
            value.error("\(expected) is expected here")
            return nil
        }
        return text
    }

    // MARK: AWS

    private func readAWS(_ value: Value) -> ServiceCredential.AWS? {
        guard var section = value.mapping("aws") else { return nil }
        let key = section.required("access_key_id").flatMap { readKeyID($0) }
        let secretKey = section.required("secret_access_key").flatMap { secret($0) }
        let session = section.value("session_token").flatMap { secret($0) }
        let region = section.required("region").flatMap { readAWSName($0, "a region such as eu-west-1") }
        let service = section.required("service").flatMap { readAWSName($0, "a service such as bedrock") }
        section.finish(isSecret: true)
        guard let key, let secretKey, let region, let service else { return nil }
        return ServiceCredential.AWS(
            accessKeyID: key, secretAccessKey: secretKey, sessionToken: session, region: region, service: service)
    }

    /// The public name of a key. Its secret part is longer, and may have been put here by mistake.
    private func readKeyID(_ value: Value) -> String? {
        guard let text = value.text("the identifier of an access key") else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard (1...32).contains(text.utf8.count), isPlain else {
            value.error("the identifier of an access key is expected here, 1 to 32 letters and digits, not its secret")
            return nil
        }
        return text
    }

    private func readAWSName(_ value: Value, _ expected: String) -> String? {
        guard let text = value.text(expected) else { return nil }
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard (1...64).contains(text.utf8.count), isPlain else {
            value.error("\(expected) is expected here, in lower case")
            return nil
        }
        return text
    }
}
