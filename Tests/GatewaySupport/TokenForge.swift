// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Foundation
package import Identity
package import Protocols

/// Makes signed tokens and proofs, good ones and others.
package struct TokenForge: Sendable {
    package let signer: KeySigner

    package init() throws { signer = try KeySigner(.generate()) }

    /// The key set of an authorization server that signs with this.
    package var keySet: String {
        JSONValue.object(JSONObject([("keys", .array([signer.verificationKey.jsonWebKey.json]))]) ?? JSONObject()).text
    }

    package static var now: Int64 { Int64(Date().timeIntervalSince1970) }

    /// A token in compact form.
    package func token(_ claims: [String: JSONValue?], header changes: [String: JSONValue?] = [:]) throws -> String {
        let header: [String: JSONValue?] = [
            "alg": .string(signer.algorithm.rawValue), "kid": .string(signer.keyID), "typ": "at+jwt",
        ]
        let head = Self.encoded(Self.object(header, changes)) + "." + Self.encoded(Self.object(claims))
        let signature = try signer.signature(of: Array(head.utf8))
        return head + "." + StrictBase64.url.text(signature)
    }

    /// A proof of possession for a request (RFC 9449).
    package func proof(
        _ method: String, _ target: String, token: String? = nil, id: String = UUID().uuidString,
        _ changes: [String: JSONValue?] = [:]
    ) throws -> String {
        var claims: [String: JSONValue?] = [
            "jti": .string(id), "htm": .string(method), "htu": .string(target), "iat": .integer(Self.now),
        ]
        if let token {
            claims["ath"] = .string(StrictBase64.url.text(Array(SHA256.hash(data: Array(token.utf8)))))
        }
        claims.merge(changes) { $1 }
        return try self.token(
            claims, header: ["typ": "dpop+jwt", "kid": .none, "jwk": signer.verificationKey.jsonWebKey.json])
    }

    private static func object(
        _ members: [String: JSONValue?], _ changes: [String: JSONValue?] = [:]
    ) -> JSONValue {
        var object = JSONObject()
        for (name, value) in members.merging(changes, uniquingKeysWith: { $1 }).sorted(by: { $0.key < $1.key }) {
            if let value { object[name] = value }
        }
        return .object(object)
    }

    private static func encoded(_ value: JSONValue) -> String { StrictBase64.url.text(value.bytes) }
}
