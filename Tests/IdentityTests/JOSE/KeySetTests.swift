// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protocols
import Testing

@Suite struct KeySetTests {
    private static let x = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
    private static let y = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
    private static let key = #""kty":"EC","crv":"P-256","x":"\#(x)","y":"\#(y)""#

    @Test("names keys by the thumbprint of RFC 7638, section 3.1")
    func thumbprint() throws {
        let key = try JSONWebKey(
            JSONValue(
                parsing: """
                    {"kty":"RSA","n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc\
                    _BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQ\
                    MicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPks\
                    INHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw","e":"AQAB","alg":"RS256","kid":"2011-04-29"}
                    """))
        #expect(key.thumbprint == "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs")
        #expect(try VerificationKey(key).algorithms == [.rs256])
    }

    @Test("takes a set apart and passes over what it does not know")
    func unknownKinds() throws {
        let text =
            #"{"keys":[{"kty":"AKP","pub":"x"},{\#(Self.key),"kid":"a"},{"kty":"EC","crv":"P-192","x":"AA","y":"AA"}]}"#
        let set = try JSONWebKeySet(parsing: TokenFixture.bytes(text))
        #expect(set.keys.map(\.keyID) == ["a"])
        #expect(VerificationKeys(set)["a"] != nil)
        #expect(VerificationKeys(set)["b"] == nil)
    }

    @Test(
        "refuses sets with secrets, doubled names and other forms",
        arguments: [
            (#"{"keys":[{\#(key),"kid":"a"},{"kty":"oct","k":"AAAA"}]}"#, .secretMaterial),
            (#"{"keys":[{\#(key),"d":"AAAA"}]}"#, .secretMaterial),
            (#"{"keys":[{\#(key),"kid":"a"},{\#(key),"kid":"a"}]}"#, .duplicateKeyID),
            (#"{"keys":[1]}"#, .malformedKey),
            (#"{"keys":{}}"#, .noKeys), (#"{}"#, .noKeys), (#"[]"#, .noKeys),
        ] as [(String, KeySetError)])
    func refusals(_ text: String, _ error: KeySetError) {
        #expect(throws: error) { try JSONWebKeySet(parsing: TokenFixture.bytes(text)) }
    }

    @Test("F-20: a set of more than 256 KiB or 256 keys is refused")
    func sizes() throws {
        let spaces = String(repeating: " ", count: 256 * 1024)
        #expect(throws: KeySetError.self) { try JSONWebKeySet(parsing: TokenFixture.bytes(#"{"keys":[]}"# + spaces)) }
        let keys = [String](repeating: "{}", count: 257).joined(separator: ",")
        #expect(throws: KeySetError.tooManyKeys) {
            try JSONWebKeySet(parsing: TokenFixture.bytes(#"{"keys":[\#(keys)]}"#))
        }
    }

    @Test(
        "judges the numbers and what the key is for",
        arguments: [
            (#"{\#(key),"alg":"ES384"}"#, VerificationKeyError.algorithm), (#"{\#(key),"alg":"HS256"}"#, .algorithm),
            (#"{\#(key),"use":"enc"}"#, .use), (#"{\#(key),"key_ops":["sign"]}"#, .use),
            (#"{\#(key),"key_ops":[]}"#, .use),
            (#"{"kty":"EC","crv":"P-256","x":"\#(y)","y":"\#(x)"}"#, .notAKey),
            (#"{"kty":"RSA","n":"AQAB","e":"AQAB"}"#, .weak),
        ])
    func numbers(_ text: String, _ error: VerificationKeyError) throws {
        let key = try JSONWebKey(JSONValue(parsing: text))
        #expect(throws: error) { try VerificationKey(key) }
    }

    @Test(
        "a coordinate has its full length, and an integer no leading zero",
        arguments: [
            #"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, #"{"kty":"RSA","n":"AAEAAQ","e":"AQAB"}"#,
            #"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#, #"{"kty":"RSA","n":"AQAB"}"#, #"{"kty":1}"#,
        ])
    func malformed(_ text: String) {
        #expect(throws: JSONWebKeyError.self) { try JSONWebKey(JSONValue(parsing: text)) }
    }
}
