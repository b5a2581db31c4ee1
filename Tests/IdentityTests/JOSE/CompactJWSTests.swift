// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Identity
import Protocols
import Testing

@Suite struct CompactJWSTests {
    typealias Fixture = TokenFixture

    private let signer: KeySigner

    init() throws { signer = try KeySigner(.generate()) }

    private func failure(header: String, payload: String = "{}") throws -> JWSError? {
        let token = try Fixture.token(header: header, payload: payload, signer: signer)
        do throws(JWSError) {
            _ = try CompactJWS(parsing: token).verified(with: signer.verificationKey)
            return nil
        } catch {
            return error
        }
    }

    @Test("verifies what it signed, and gives back what was signed")
    func roundTrip() throws {
        let token = try signer.sign(Fixture.bytes("payload"), type: "JWT")
        let verified = try VerificationKeys([signer.verificationKey]).verify(CompactJWS(parsing: token))
        #expect(verified.payload == Fixture.bytes("payload"))
        #expect(verified.header.keyID == signer.keyID)
        #expect(verified.header.isType("jwt"))
    }

    @Test("verifies the example of RFC 7515, A.3")
    func example() throws {
        let key = try JSONWebKey(
            JSONValue(
                parsing: """
                    {"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
                    "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}
                    """))
        let token = """
            eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
            DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q
            """
        let verified = try CompactJWS(parsing: Fixture.bytes(token)).verified(with: VerificationKey(key))
        #expect(try TokenClaims(parsing: verified.payload).text("iss") == "joe")
    }

    @Test("signs and verifies with Ed25519, P-384 and RSA")
    func algorithms() throws {
        let ed25519 =
            [UInt8]([0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20])
            + Array(Curve25519.Signing.PrivateKey().rawRepresentation)
        let keys = [
            try SigningKey(pkcs8: ed25519), try SigningKey(pkcs8: Array(P384.Signing.PrivateKey().derRepresentation)),
        ]
        for (key, algorithm) in zip(keys, [JWSAlgorithm.edDSA, .es384]) {
            let signer = try KeySigner(key)
            #expect(signer.algorithm == algorithm)
            let token = try signer.sign([1, 2, 3], type: "JWT")
            #expect(try CompactJWS(parsing: token).verified(with: signer.verificationKey).payload == [1, 2, 3])
            #expect(try SigningKey(pkcs8: key.secretPKCS8()).publicKey == key.publicKey)
        }
    }

    @Test(
        "F-21: the header cannot choose another algorithm than the key's",
        arguments: [
            ("none", .algorithm), ("None", .algorithm), ("HS256", .algorithm), ("HS512", .algorithm),
            ("es256", .algorithm),
            ("ES384", .otherAlgorithm), ("RS256", .otherAlgorithm), ("PS256", .otherAlgorithm),
            ("EdDSA", .otherAlgorithm),
            ("", .algorithm),
        ] as [(String, JWSError)])
    func algorithmConfusion(_ algorithm: String, _ error: JWSError) throws {
        #expect(try failure(header: #"{"alg":"\#(algorithm)","kid":"x"}"#) == error)
    }

    @Test(
        "F-21: headers that change the meaning are refused",
        arguments: [
            (#"{"alg":"ES256","crit":["x"],"x":1}"#, .critical), (#"{"alg":"ES256","crit":[]}"#, .critical),
            (#"{"alg":"ES256","b64":false}"#, .payloadForm), (#"{"alg":"ES256","zip":"DEF"}"#, .payloadForm),
            (#"{"alg":"ES256","alg":"none"}"#, .header), (#"{"alg":["ES256"]}"#, .algorithm), (#"{}"#, .algorithm),
            (#"["ES256"]"#, .header), (#"{"alg":"ES256"} x"#, .header), (#"{"alg":"ES256","kid":1}"#, .keyID),
            (#"{"alg":"ES256","typ":null}"#, .type), (#"{"alg":"ES256","\ud800":1}"#, .header),
        ] as [(String, JWSError)])
    func header(_ header: String, _ error: JWSError) throws {
        #expect(try failure(header: header) == error)
    }

    @Test("F-21: keys that a token brings along are not looked at")
    func embeddedKeys() throws {
        let other = try KeySigner(.generate())
        let header = """
            {"alg":"ES256","kid":"\(signer.keyID)","jwk":\(other.verificationKey.jsonWebKey.json.text),"jku":"https://evil.test"}
            """
        let token = try Fixture.token(header: header, payload: "{}", signer: other)
        #expect(throws: JWSError.signature) {
            try VerificationKeys([signer.verificationKey]).verify(CompactJWS(parsing: token))
        }
    }

    @Test("an unknown kid, or none, is refused: there is no default key")
    func unknownKeys() throws {
        let keys = VerificationKeys([signer.verificationKey])
        for (header, error) in [
            (#"{"alg":"ES256","kid":"other"}"#, JWSError.unknownKey), (#"{"alg":"ES256"}"#, .keyID),
            (#"{"alg":"ES256","kid":""}"#, .keyID),
        ] {
            let token = try CompactJWS(parsing: Fixture.token(header: header, payload: "{}", signer: signer))
            #expect(throws: error) { try keys.verify(token) }
        }
    }

    @Test("other serialisations and spellings are refused")
    func forms() throws {
        let token = try signer.sign([1], type: "JWT")
        let text = String(decoding: token, as: UTF8.self)
        let parts = text.split(separator: ".").map(String.init)
        let json = #"{"payload":"\#(parts[1])","protected":"\#(parts[0])","signature":"\#(parts[2])"}"#
        for (text, error) in [
            (json, JWSError.notCompact), (text + ".", .notCompact), ("." + text, .notCompact), (text + "=", .encoding),
            (text + "\n", .encoding), (" " + text, .encoding), (parts[0] + "." + parts[1], .notCompact),
            ("", .notCompact),
            ("..", .notCompact), (text + "." + parts[1], .notCompact),
        ] {
            #expect(throws: error) { try CompactJWS(parsing: Fixture.bytes(text)) }
        }
    }

    @Test("a signature with changed, missing or doubled bytes is refused")
    func signatures() throws {
        let token = try signer.sign([1], type: "JWT")
        for position in [0, 10, token.count - 20] {
            var changed = token
            changed[position] = changed[position] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: JWSError.self) {
                try CompactJWS(parsing: changed).verified(with: signer.verificationKey)
            }
        }
        #expect(throws: JWSError.self) {
            try CompactJWS(parsing: token.dropLast(4)).verified(with: signer.verificationKey)
        }
    }

    @Test("a huge token is refused before anything of it is decoded")
    func hugeTokens() throws {
        let huge = [UInt8](repeating: UInt8(ascii: "A"), count: 64 << 20)
        let duration = ProcessorTime.measure {
            #expect(throws: JWSError.tooLong) { try CompactJWS(parsing: huge) }
        }
        #expect(duration < .milliseconds(50))
        let header = #"{"alg":"ES256","x":"\#(String(repeating: "x", count: 4096))"}"#
        #expect(try failure(header: header) == .header)
        let deep = #"{"alg":"ES256","x":\#(String(repeating: "[", count: 512))"#
        #expect(try failure(header: deep) == .header)
    }
}
