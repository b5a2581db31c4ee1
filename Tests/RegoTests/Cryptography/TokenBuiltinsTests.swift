// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct TokenBuiltinsTests {
    private static let none: Operand = [false, [:], [:]]

    private func token(_ call: BuiltinCaller, header: String = #"{"alg":"HS256"}"#, _ payload: String) throws -> Operand
    {
        try call("io.jwt.encode_sign_raw", .string(header), .string(payload), #"{"kty":"oct","k":"czNjcmV0"}"#)
    }

    @Test func `decodes without verifying`() throws {
        let call = BuiltinCaller()
        let token = try token(call, #"{"a":[1,{"b":null}]}"#)
        let decoded = try call("io.jwt.decode", token)
        guard case .array(let parts) = decoded else {
            Issue.record("not an array")
            return
        }
        #expect(parts.prefix(2) == [["alg": "HS256"], ["a": [1, ["b": nil]]]])
    }

    @Test(
        arguments: [
            ("abc", "encoded JWT had no period separators"), ("a.b", "encoded JWT must have 3 sections, found 2"),
            ("a.b.c.d", "encoded JWT must have 3 sections, found 4"),
            ("e^0.e30.", "JWT header had invalid encoding: illegal base64 data at input byte 1"),
            ("e.e30.", "JWT header had invalid encoding: illegal base64url string: e"),
            ("bm8.e30.", "bad JWT header: invalid JSON: invalid character 'o' in literal null (expecting 'u')"),
            ("MQ.e30.", "bad JWT header: decoded JSON type was not an Object"),
            ("..", "bad JWT header: invalid JSON: unexpected end of JSON input"),
            ("eyJlbmMiOiIifQ.e30.", "JWT is a JWE object, which is not supported"),
            ("e30.MQ.", "decoded JSON type was not an Object"),
            ("e30.e^0.", "JWT payload had invalid encoding: illegal base64 data at input byte 1"),
            ("e30.e30.A^AA", "JWT signature had invalid encoding: illegal base64 data at input byte 1"),
            ("eyJjdHkiOjF9.e30.", "cty: must be a string"),
        ])
    func `says what is wrong with a token`(token: String, message: String) throws {
        let failure = try #require(BuiltinCaller().failure("io.jwt.decode", .string(token)))
        #expect(failure == message || failure.hasPrefix(String(message.prefix(47))))
    }

    @Test(
        arguments: [
            (#"{}"#, [:], true),
            (#"{"iss":"a"}"#, ["iss": "a"], true), (#"{"iss":"a"}"#, ["iss": "b"], false),
            (#"{}"#, ["iss": "a"], false), (#"{"iss":1}"#, ["iss": "a"], false), (#"{"iss":1}"#, ["iss": ""], true),
            (#"{"aud":"a"}"#, ["aud": "a"], true), (#"{"aud":"a"}"#, [:], false), (#"{"aud":[]}"#, [:], false),
            (#"{"aud":[]}"#, ["aud": "a"], false), (#"{"aud":["b","a"]}"#, ["aud": "a"], true),
            (#"{"aud":[1,null,{}]}"#, ["aud": "a"], false), (#"{"aud":{"a":1}}"#, ["aud": "a"], false),
            (#"{"aud":null}"#, [:], false), (#"{}"#, ["aud": "a"], false),
            (#"{"exp":1000}"#, ["time": 999_000_000_000], true), (#"{"exp":1000}"#, ["time": 1_000_000_000_000], false),
            (#"{"exp":1e400}"#, ["time": 1], true), (#"{"exp":-1e400}"#, ["time": 1], false),
            (#"{"nbf":1000}"#, ["time": 1_000_000_000_000], true), (#"{"nbf":1000}"#, ["time": 999_999_999_999], false),
            (#"{"exp":2000}"#, [:], true), (#"{"exp":1000}"#, [:], false),
            (#"{}"#, ["alg": "HS256"], true), (#"{}"#, ["alg": "HS384"], false), (#"{}"#, ["alg": ""], true),
        ] as [(String, [String: Operand], Bool)])
    func `judges claims`(payload: String, constraints: [String: Operand], expected: Bool) throws {
        let call = BuiltinCaller(time: 1_500_000_000_000)
        let token = try token(call, payload)
        let demands = Operand.object(constraints.merging(["secret": "s3cret"]) { one, _ in one })
        // The second answer comes from memory.
        for _ in 0..<2 {
            let result = try call("io.jwt.decode_verify", token, demands)
            guard case .array(let parts) = result else {
                Issue.record("not an array")
                return
            }
            #expect(parts.first == .boolean(expected))
            if !expected { #expect(result == Self.none) }
        }
    }

    @Test(
        arguments: [
            (["secret": "a", "cert": "{}"], "failed to parse a JWK key (set): invalid key type"),
            ([:], "no key constraint"), (["secret": ""], "no key constraint"),
            (["secret": 1], "secret constraint: must be a string"), (["cert": 1], "cert constraint: must be a string"),
            (["secret": "a", "iss": nil], "iss constraint: must be a string"),
            (["secret": "a", "time": "x"], "token time constraint: must be a number"),
            (["secret": "a", "time": -1], "token time constraint: must not be negative"),
            (["secret": "a", "nonce": "x"], "unknown token validation constraint: nonce"),
        ] as [([String: Operand], String)])
    func `refuses constraints that make no sense`(constraints: [String: Operand], message: String) throws {
        let failure = BuiltinCaller().failure("io.jwt.decode_verify", "e30.e30.", .object(constraints))
        #expect(failure?.hasPrefix(message) == true || failure == "duplicate key constraints")
    }

    @Test func `times must be numbers`() throws {
        let call = BuiltinCaller()
        for claim in ["exp", "nbf"] {
            let token = try token(call, #"{"\#(claim)":"x"}"#)
            #expect(
                call.failure("io.jwt.decode_verify", token, ["secret": "s3cret"])
                    == "\(claim) value must be a number")
        }
    }

    @Test func `a public key is never a secret`() throws {
        let call = BuiltinCaller()
        let key = Operand.object(["kty": "oct", "k": .string(base64(TestKeys.rsaPublicKey))])
        let forged = try call("io.jwt.encode_sign", ["alg": "HS256"], ["admin": true], key)
        #expect(try call("io.jwt.decode_verify", forged, ["secret": .string(TestKeys.rsaPublicKey)]) != Self.none)
        // Not even after the same bytes served as a secret.
        #expect(try call("io.jwt.decode_verify", forged, ["cert": .string(TestKeys.rsaPublicKey)]) == Self.none)
        #expect(try call("io.jwt.verify_rs256", forged, .string(TestKeys.rsaPublicKey)) == false)
    }

    @Test(arguments: ["none", "None", "", "HS257", "hs256"])
    func `unknown algorithms verify nothing`(algorithm: String) throws {
        let header = String(
            decoding: Base64.url.encode(Array(#"{"alg":"\#(algorithm)"}"#.utf8), padded: false), as: UTF8.self)
        let call = BuiltinCaller()
        #expect(try call("io.jwt.decode_verify", .string(header + ".e30."), ["secret": "a"]) == Self.none)
        #expect(
            try call("io.jwt.decode_verify", .string(header + ".e30."), ["cert": .string(TestKeys.rsaPublicKey)])
                == Self.none)
    }

    @Test(
        arguments: [
            (#"{"alg":"HS256","crit":["b64"],"b64":false}"#, nil), (#"{"alg":"HS256","crit":["alg"]}"#, true),
            (#"{"alg":"HS256","crit":[]}"#, "crit: must be a nonempty list"),
            (#"{"alg":"HS256","crit":"x"}"#, "crit: must be a list"),
            (#"{"alg":"HS256","kid":1}"#, "kid: must be a string"),
        ] as [(String, Operand)])
    func `honours critical headers`(header: String, expected: Operand) throws {
        let call = BuiltinCaller()
        let token = try token(call, header: header, "{}")
        if case .string(let message) = expected {
            #expect(call.failure("io.jwt.decode_verify", token, ["secret": "s3cret"]) == message)
        } else {
            let isRefused = try call("io.jwt.decode_verify", token, ["secret": "s3cret"]) == Self.none
            #expect(isRefused == (expected == nil))
        }
    }

    @Test func `a changed token, secret or algorithm is not found in memory`() throws {
        let call = BuiltinCaller()
        let token = try token(call, #"{"a":1}"#)
        guard case .string(let text) = token else { return }
        #expect(try call("io.jwt.decode_verify", token, ["secret": "s3cret"]) != Self.none)
        #expect(try call("io.jwt.decode_verify", .string(text.dropLast() + "A"), ["secret": "s3cret"]) == Self.none)
        #expect(try call("io.jwt.decode_verify", token, ["secret": "s3cres"]) == Self.none)
        #expect(try call("io.jwt.decode_verify", token, ["secret": "s3cret", "alg": "HS512"]) == Self.none)
    }

    @Test func `tokens within tokens are bounded`() throws {
        let call = BuiltinCaller()
        var nested = try token(call, #"{"a":1}"#)
        for depth in 1...12 {
            guard case .string(let text) = nested else { return }
            nested = try token(call, header: #"{"alg":"HS256","typ":"x","cty":"JWT"}"#, text)
            let failure = call.failure("io.jwt.decode_verify", nested, ["secret": "s3cret"])
            #expect(failure == (depth > 8 ? "tokens are nested too deeply" : nil))
        }
        #expect(call.failure("io.jwt.decode", nested) == "tokens are nested too deeply")
    }

    @Test func `the memory of tokens is bounded`() throws {
        var limits = Limits()
        limits.instructions = 10_000_000
        let call = BuiltinCaller(limits: limits, time: 1_000_000_000)
        for number in 0..<600 {
            let token = try token(call, #"{"n":\#(number)}"#)
            #expect(try call("io.jwt.decode_verify", token, ["secret": "s3cret"]) != Self.none)
        }
    }

    private func base64(_ text: String) -> String {
        String(decoding: Base64.url.encode(Array(text.utf8), padded: false), as: UTF8.self)
    }
}
