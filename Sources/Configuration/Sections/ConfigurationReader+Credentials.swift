// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension ConfigurationReader {
    /// Reads `credential`. What stands here by mistake may be the secret itself and is not repeated.
    func readCredential(_ value: Value) -> ServiceAccess? {
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
            case "oauth": return readOAuth(operand)
            case "aws": return readAWS(operand).map { .aws($0) }
            case "exchange": return readRegistration(operand, "exchange").map { .exchange($0) }
            default: return isTrue(operand) ? .toolToken : nil
            }
        case (nil, nil):
            if section.isEmpty { value.error("one of secret, oauth, aws, exchange or tool_token is expected here") }
        default: value.error("secret, oauth, aws, exchange and tool_token exclude one another")
        }
        return nil
    }

    private func readFixed(_ value: Value, _ header: Value?, _ prefix: Value?) -> ServiceSecret? {
        let secret = secret(value)
        var name: String? = "Authorization"
        if let header { name = readHeader(header) }
        guard let name else { return nil }
        var text: String? = Self.lowercased(name) == "authorization" ? "Bearer " : ""
        if let prefix { text = readPrefix(prefix) }
        guard let secret, let text else { return nil }
        return ServiceSecret(secret: secret, header: name, prefix: text)
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
}
