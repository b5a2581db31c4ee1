// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct TokenSigningTests {
    private static let keys: [(algorithm: String, webKey: String, publicKey: String)] = [
        ("RS256", TestKeys.rsaWebKey, TestKeys.rsaPublicKey), ("RS384", TestKeys.rsaWebKey, TestKeys.rsaPublicKey),
        ("RS512", TestKeys.rsaWebKey, TestKeys.rsaPublicKey), ("PS256", TestKeys.rsaWebKey, TestKeys.rsaPublicKey),
        ("PS384", TestKeys.rsaWebKey, TestKeys.rsaPublicKey), ("PS512", TestKeys.rsaWebKey, TestKeys.rsaPublicKey),
        ("ES256", TestKeys.p256WebKey, TestKeys.p256PublicKey), ("ES384", TestKeys.p384WebKey, TestKeys.p384PublicKey),
        ("ES512", TestKeys.p521WebKey, TestKeys.p521PublicKey),
        ("EdDSA", TestKeys.edwardsWebKey, TestKeys.edwardsPublicKey),
    ]

    private func sign(_ call: BuiltinCaller, _ algorithm: String, _ webKey: String) throws -> Operand {
        try call(
            "io.jwt.encode_sign_raw", .string(#"{"alg":"\#(algorithm)"}"#), #"{"iss":"joe"}"#, .string(webKey))
    }

    @Test(arguments: keys) func `what is signed is verified`(algorithm: String, webKey: String, publicKey: String)
        throws
    {
        let call = BuiltinCaller()
        let token = try sign(call, algorithm, webKey)
        for key in [publicKey, webKey, #"{"keys":[\#(webKey)]}"#] {
            #expect(try call("io.jwt.verify_\(algorithm.lowercased())", token, .string(key)) == true)
            #expect(
                try call("io.jwt.decode_verify", token, ["cert": .string(key)])
                    == [true, ["alg": .string(algorithm)], ["iss": "joe"]])
        }
    }

    @Test(arguments: keys) func `no other key or algorithm verifies it`(
        algorithm: String, webKey: String, publicKey: String
    ) throws {
        let call = BuiltinCaller()
        let token = try sign(call, algorithm, webKey)
        for other in Self.keys where other.algorithm != algorithm {
            #expect(try call("io.jwt.verify_\(other.algorithm.lowercased())", token, .string(other.publicKey)) == false)
            if other.publicKey != publicKey {
                #expect(
                    try call("io.jwt.decode_verify", token, ["cert": .string(other.publicKey)]) == [false, [:], [:]])
            }
        }
    }

    @Test(arguments: keys) func `a changed signature is refused`(
        algorithm: String, webKey: String, publicKey: String
    ) throws {
        let call = BuiltinCaller()
        guard case .string(let token) = try sign(call, algorithm, webKey) else { return }
        for ending in ["", "A", "AAAA"] {
            let changed = Operand.string(token.dropLast(8) + ending)
            let name = "io.jwt.verify_\(algorithm.lowercased())"
            let isRight = try? call(name, changed, .string(publicKey))
            #expect(isRight != true)
        }
    }

    @Test func `picks the key that the header names`() throws {
        let call = BuiltinCaller()
        let named = TestKeys.p256WebKey.replacing("{\"kty\"", with: "{\"kid\":\"one\",\"kty\"")
        let wrong = TestKeys.rsaWebKey.replacing("{\"kty\"", with: "{\"kid\":\"two\",\"kty\"")
        let set = Operand.string(#"{"keys":[\#(wrong),\#(named)]}"#)
        for (identifier, expected) in [("one", true), ("two", false), ("three", true)] {
            let header = Operand.string(#"{"alg":"ES256","kid":"\#(identifier)"}"#)
            let token = try call("io.jwt.encode_sign_raw", header, "{}", .string(TestKeys.p256WebKey))
            #expect(try call("io.jwt.verify_es256", token, set) == .boolean(expected))
        }
    }

    @Test(
        arguments: [
            (#"{"alg":"RS256"}"#, "{}", TestKeys.p256WebKey, "failed to sign"),
            (#"{"alg":"HS256"}"#, "{}", TestKeys.p256WebKey, "failed to sign"),
            (#"{"alg":"ES384"}"#, "{}", TestKeys.p256WebKey, "failed to sign"),
            (#"{"alg":"HS256"}"#, "{}", "", "failed to unmarshal JWK set"),
            (#"{"alg":"HS256"}"#, "{}", "[]", "failed to unmarshal JWK set"),
            (#"{"alg":"HS256"}"#, "{}", #"{"keys":[]}"#, "no keys found in JWK set"),
            (#"{"alg":"HS256"}"#, "{}", #"{"kty":"oct"}"#, "failed to unmarshal JWK set"),
            (#"{"alg":"HS256"}"#, "{}", #"{"kty":"oct","k":"^"}"#, "failed to sign"),
            (#"{"alg":1}"#, "{}", #"{"kty":"oct","k":"YQ"}"#, "missing or invalid 'alg' header"),
            (#"{"alg":"HS256"}"#, "x", #"{"kty":"oct","k":"YQ"}"#, "type is JWT but payload is not JSON"),
        ])
    func `says why nothing is signed`(header: String, payload: String, key: String, message: String) throws {
        let failure = BuiltinCaller().failure(
            "io.jwt.encode_sign_raw", .string(header), .string(payload), .string(key))
        #expect(failure?.hasPrefix(message) == true)
    }

    @Test(
        arguments: [
            #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, #"{"kty":"EC","crv":"P-999","x":"AA","y":"AA"}"#,
            #"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#, #"{"kty":"RSA","n":1,"e":2}"#, #"{"keys":1}"#, #"{"keys":[1]}"#,
            "[]", "1", "", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----",
            "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----",
        ])
    func `refuses what is no key`(text: String) throws {
        #expect(BuiltinCaller().failure("io.jwt.verify_rs256", "e30.e30.", .string(text)) != nil)
    }

    @Test func `keys that verify nothing are passed over`() throws {
        let call = BuiltinCaller()
        let token = try sign(call, "ES256", TestKeys.p256WebKey)
        let others = [
            #"{"kty":"RSA","n":"AQ","e":"AQAB"}"#, #"{"kty":"OKP","crv":"X25519","x":"AA"}"#,
            #"{"kty":"oct","k":"YQ","alg":"A128KW"}"#, #"{"kty":"EC","crv":"P-256","x":"","y":"","alg":"ECDH-ES"}"#,
        ]
        for other in others {
            let set = Operand.string(#"{"keys":[\#(other),\#(TestKeys.p256WebKey)]}"#)
            #expect(try call("io.jwt.verify_es256", token, set) == true)
        }
    }
}
