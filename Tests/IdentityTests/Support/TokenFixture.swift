// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols

/// Tokens of tests, also such as no issuer would make.
enum TokenFixture {
    static let now: Int64 = 1_800_000_000

    /// Signs any header and any payload.
    static func token(header: String, payload: String, signer: some TokenSigner) throws -> [UInt8] {
        var token = StrictBase64.url.encode(Array(header.utf8))
        token.append(UInt8(ascii: "."))
        token += StrictBase64.url.encode(Array(payload.utf8))
        let signature = try signer.signature(of: token)
        return token + [UInt8(ascii: ".")] + StrictBase64.url.encode(signature)
    }

    /// The header of a signer's tokens.
    static func header(_ signer: some TokenSigner, type: String) -> String {
        #"{"alg":"\#(signer.algorithm.rawValue)","kid":"\#(signer.keyID)","typ":"\#(type)"}"#
    }

    /// An object with some members replaced; a nil value removes the member.
    static func object(_ base: JSONValue, _ changes: [String: JSONValue?]) -> String {
        guard var object = base.object else { return base.text }
        for (name, value) in changes { object[name] = value }
        return JSONValue.object(object).text
    }

    static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
}

/// A signer that has lost its key.
struct BrokenSigner: TokenSigner {
    let algorithm = JWSAlgorithm.es256
    let keyID = "gone"

    func signature(of message: [UInt8]) throws(SigningError) -> [UInt8] { throw .failed }
}
