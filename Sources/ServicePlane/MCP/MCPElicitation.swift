// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols

/// What a server may ask a person through a client: no secrets in a form, and no page that is not `https` (MCP
/// 2025-11-25, elicitation, security considerations).
enum MCPElicitation {
    private static let secrets = [
        "password", "passwd", "passphrase", "passcode", "secret", "token", "api key", "apikey", "access key",
        "private key",
        "ssh key", "seed phrase", "recovery code", "card number", "cvv", "cvc", "otp", "pin", "credential",
        "credentials",
    ]

    /// Whether a server may ask this.
    static func isAllowed(_ params: JSONValue?) -> Bool {
        guard let params else { return true }
        if let url = params["url"] {
            guard case .string(let text) = url, text.utf8.count <= 4096,
                text.utf8.prefix(8).map({ $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }).elementsEqual("https://".utf8),
                text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f })
            else { return false }
        }
        if let mode = params["mode"] {
            switch mode.string.map({ Array($0.utf8) }) {
            case Array("form".utf8): break
            case Array("url".utf8): guard params["url"] != nil else { return false }
            default: return false
            }
        }
        for property in params["requestedSchema"]?["properties"]?.object?.members ?? [] {
            if isSecret(property.name) || property.value["title"]?.string.map(isSecret) ?? false { return false }
        }
        return true
    }

    /// Whether a name has one of the words, in whatever case and however they are joined.
    private static func isSecret(_ name: String) -> Bool {
        var words: [UInt8] = [0x20]
        var followsLower = false
        for byte in name.utf8.prefix(256) {
            let isUpper = byte &- 0x41 < 26
            let isWord = byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
            if !isWord || isUpper && followsLower, words.last != 0x20 { words.append(0x20) }
            if isWord { words.append(isUpper ? byte | 0x20 : byte) }
            followsLower = isWord && !isUpper
        }
        words.append(0x20)
        let text = String(decoding: words, as: UTF8.self)
        return secrets.contains { text.contains(" \($0) ") }
    }
}
