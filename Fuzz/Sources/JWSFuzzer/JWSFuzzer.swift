// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import FuzzSupport
import IdentityTokens
import Protocols

/// Takes every signature for valid, so that claims are read whatever the input is.
private struct AnySignature: SignatureVerifier {
    let algorithms = Set(JWSAlgorithm.allCases)

    func isValid(signature: [UInt8], of message: [UInt8], algorithm: JWSAlgorithm) -> Bool { true }
}

/// A token that is read has one spelling and an acceptable header, and its claims are what they have to be.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(Input(start, count).bytes)
    // An input without dots is a payload: it is wrapped, so that claims are reached without knowing base64.
    let token = bytes.contains(UInt8(ascii: ".")) ? bytes : wrapped(bytes)
    judge(token)
    if let key = (try? JSONValue(parsing: bytes)).flatMap({ try? JSONWebKey($0) }) {
        expect((try? JSONWebKey(key.json)) == key, "a key that is written is read the same again")
    }
    _ = try? WorkloadSocket(parsing: String(decoding: bytes, as: UTF8.self))
    if let id = try? SPIFFEID(parsing: String(decoding: bytes, as: UTF8.self)) {
        expect(Array(id.description.utf8) == bytes, "an ID has one spelling")
    }
    return 0
}

private func wrapped(_ payload: [UInt8]) -> [UInt8] {
    let header = StrictBase64.url.encode(Array(#"{"alg":"ES256","typ":"JWT"}"#.utf8))
    return header + [UInt8(ascii: ".")] + StrictBase64.url.encode(payload) + [UInt8(ascii: ".")]
}

private func judge(_ token: [UInt8]) {
    guard let jws = try? CompactJWS(parsing: token) else { return }
    for part in token.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
        let decoded = StrictBase64.url.decode(part)
        expect(decoded.map { StrictBase64.url.encode($0) } == Array(part), "a part has one spelling")
    }
    expect(jws.header.members["crit"] == nil, "no critical header passes")
    guard let verified = try? jws.verified(with: AnySignature()),
        let claims = try? TokenClaims(parsing: verified.payload)
    else { return }
    if let audience = try? claims.audience() { expect(!audience.isEmpty, "an audience has somebody in it") }
    if let expiry = try? claims.checkTimes(at: 1_800_000_000, leeway: 5) {
        expect(expiry > 1_799_999_995, "a token that is over is refused")
    }
}
