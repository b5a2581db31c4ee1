// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Identity
import Protocols
import Testing

@Suite struct DPoPProofTests {
    typealias Fixture = TokenFixture
    private static let now = TokenFixture.now
    private static let target = "https://server.example.com/token"
    private static let base: JSONValue = [
        "jti": "-BwC3ESc6acc2lTc", "htm": "POST", "htu": "https://server.example.com/token", "iat": 1_800_000_000,
    ]

    private let signer: KeySigner

    init() throws { signer = try KeySigner(.generate(), use: nil) }

    private func header(_ changes: [String: JSONValue?] = [:]) -> String {
        Fixture.object(
            ["alg": "ES256", "typ": "dpop+jwt", "jwk": signer.verificationKey.jsonWebKey.json], changes)
    }

    private func failure(
        _ changes: [String: JSONValue?] = [:], header: String? = nil, method: String = "POST", target: String = target,
        accessToken: [UInt8]? = nil, nonces: [String] = [], now: Int64 = now
    ) throws -> DPoPError? {
        let proof = try Fixture.token(
            header: header ?? self.header(), payload: Fixture.object(Self.base, changes), signer: signer)
        do throws(DPoPError) {
            let verified = try DPoPProof.verify(
                proof, method: method, target: target, accessToken: accessToken, nonces: nonces, now: now)
            #expect(verified.keyThumbprint == signer.keyID)
            #expect(verified.tokenID == "-BwC3ESc6acc2lTc")
            return nil
        } catch {
            return error
        }
    }

    @Test("verifies the example of RFC 9449, section 4.2")
    func example() throws {
        let proof = """
            eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFV\
            ZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19.eyJqdGkiOiItQndDM0VT\
            YzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP\
            4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg
            """
        let verified = try DPoPProof.verify(
            Fixture.bytes(proof), method: "POST", target: Self.target, now: 1_562_262_616)
        #expect(verified.tokenID == "-BwC3ESc6acc2lTc")
        #expect(verified.keyThumbprint == "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I")
    }

    @Test(
        "is good for its request",
        arguments: [
            "HTTPS://Server.Example.com/token", "https://server.example.com:443/token?a=b#c",
            "https://server.example.com/token?",
        ])
    func targets(_ target: String) throws { #expect(try failure(target: target) == nil) }

    @Test(
        "is not good for another request",
        arguments: [
            "https://server.example.com/Token", "https://server.example.com/token/", "http://server.example.com/token",
            "https://server.example.com:8443/token", "https://server.example.com", "https://a@server.example.com/token",
            "x",
        ])
    func otherTargets(_ target: String) throws {
        #expect(try failure(target: target) == .claims(.mismatch("htu")))
    }

    @Test("holds method, time, access token and nonce against the request")
    func request() throws {
        #expect(try failure(method: "GET") == .claims(.mismatch("htm")))
        #expect(try failure(method: "post") == .claims(.mismatch("htm")))
        #expect(try failure(now: Self.now + 34) == nil)
        #expect(try failure(now: Self.now + 35) == .claims(.expired))
        #expect(try failure(now: Self.now - 6) == .claims(.notYetValid))
        let token = Fixture.bytes("token")
        let hash = StrictBase64.url.text(Array(SHA256.hash(data: token)))
        #expect(try failure(accessToken: token) == .claims(.missing("ath")))
        #expect(try failure(["ath": "x"], accessToken: token) == .claims(.mismatch("ath")))
        #expect(try failure(["ath": .string(hash)], accessToken: token) == nil)
        #expect(try failure(nonces: ["n"]) == .nonce)
        #expect(try failure(["nonce": "m"], nonces: ["n"]) == .nonce)
        #expect(try failure(["nonce": "n"], nonces: ["m", "n"]) == nil)
        #expect(try failure(["jti": nil]) == .claims(.missing("jti")))
        #expect(try failure(["jti": .string(String(repeating: "a", count: 129))]) == .claims(.malformed("jti")))
    }

    @Test("the header's key is public, there, and the one that signed")
    func keys() throws {
        var secret = signer.verificationKey.jsonWebKey.json.object ?? JSONObject()
        secret["d"] = "AAAA"
        let other = try KeySigner(.generate(), use: nil).verificationKey.jsonWebKey.json
        #expect(try failure(header: header(["jwk": .object(secret)])) == .token(.header))
        #expect(try failure(header: header(["jwk": nil])) == .token(.header))
        #expect(try failure(header: header(["jwk": other])) == .token(.signature))
        #expect(try failure(header: header(["typ": "JWT"])) == .token(.type))
        #expect(try failure(header: header(["alg": "HS256"])) == .token(.algorithm))
        #expect(try failure(header: header(["alg": "ES384"])) == .token(.otherAlgorithm))
        #expect(try failure(header: header(["crit": ["x"]])) == .token(.critical))
    }
}
