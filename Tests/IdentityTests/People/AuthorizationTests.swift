// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Identity
import Protocols
import Testing

@Suite struct AuthorizationTests {
    private let fixture: PeopleFixture

    init() throws { fixture = try PeopleFixture(maximumAge: 0) }

    private var metadata: ProviderMetadata {
        get throws { try ProviderMetadata(parsing: Array(PeopleFixture.metadata.utf8), for: fixture.provider) }
    }

    @Test("the request has S256, state, nonce and the exact redirect, and demands a new sign-in when that is wanted")
    func request() throws {
        let url = fixture.request.url(try metadata)
        #expect(url.hasPrefix("https://idp.example.org/authorize?tenant=1&response_type=code&client_id=gate&"))
        #expect(url.contains("&redirect_uri=https%3A%2F%2Fgate.example.org%2Fcallback%2Fcorp&scope=openid%20profile&"))
        #expect(url.contains("&code_challenge=\(fixture.request.proofKey.challenge)&code_challenge_method=S256"))
        #expect(url.hasSuffix("&max_age=0&prompt=login"))
        #expect(!url.contains(fixture.request.proofKey.verifier))
        #expect(fixture.request.proofKey.verifier.utf8.count == 43)
    }

    @Test("the challenge is that of RFC 7636, appendix B")
    func challenge() {
        var bytes = ReplayedBytes([
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212, 37, 77, 105, 214, 191,
            240, 91, 88, 5, 88, 83, 132, 141, 121,
        ])
        let key = ProofKey(using: &bytes)
        #expect(key.verifier == "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
        #expect(key.challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM")
    }

    private func code(_ query: String, namesIssuer: Bool = false) throws -> String {
        try AuthorizationResponse.code(in: Array(query.utf8), for: fixture.request, namesIssuer: namesIssuer)
    }

    @Test("takes the code of an answer that fits")
    func answer() throws {
        let state = fixture.request.state
        #expect(try code("code=abc&state=\(state)&session_state=1") == "abc")
        #expect(try code("code=abc&state=\(state)&iss=https%3A%2F%2Fidp.example.org", namesIssuer: true) == "abc")
    }

    @Test("F-28: refuses another state, another issuer, a missing issuer, a parameter twice and errors")
    func refusals() {
        let state = fixture.request.state
        #expect(throws: AuthorizationError.state) { try code("code=abc&state=\(state)x") }
        #expect(throws: AuthorizationError.state) { try code("code=abc&state=") }
        #expect(throws: AuthorizationError.state) { try code("code=abc") }
        #expect(throws: AuthorizationError.issuer) {
            try code("code=abc&state=\(state)&iss=https%3A%2F%2Fevil.example")
        }
        #expect(throws: AuthorizationError.issuer) {
            try code("code=abc&state=\(state)&iss=https%3A%2F%2Fidp.example.org%2F")
        }
        #expect(throws: AuthorizationError.issuer) { try code("code=abc&state=\(state)", namesIssuer: true) }
        #expect(throws: AuthorizationError.issuer) {
            try code("error=access_denied&state=\(state)", namesIssuer: true)
        }
        #expect(throws: AuthorizationError.malformed) { try code("code=abc&code=abd&state=\(state)") }
        #expect(throws: AuthorizationError.malformed) { try code("state=\(state)") }
        #expect(throws: AuthorizationError.malformed) { try code("code=%zz&state=\(state)") }
        #expect(throws: AuthorizationError.refused("access_denied")) { try code("error=access_denied&state=\(state)") }
        #expect(throws: AuthorizationError.refused("another reason")) {
            try code("error=%3Cscript%3E&state=\(state)&code=abc")
        }
    }

    @Test("says nothing of its secrets")
    func secrecy() {
        var text = ""
        dump(fixture.request, to: &text)
        dump(fixture.request.proofKey, to: &text)
        text += "\(fixture.request) \(fixture.request.proofKey)"
        #expect(!text.contains(fixture.request.state) && !text.contains(fixture.request.proofKey.verifier))
    }

    // MARK: Metadata

    @Test("takes metadata of the registered issuer")
    func metadataFit() throws {
        let metadata = try metadata
        #expect(metadata.tokenEndpoint.description == "https://idp.example.org/token")
        #expect(metadata.takesSecretInForm && !metadata.namesIssuer)
        #expect(fixture.provider.metadataURL == "https://idp.example.org/.well-known/openid-configuration")
    }

    @Test(
        "refuses metadata of another issuer, without https, without S256 or malformed",
        arguments: [
            ("https://idp.example.org\",\"auth", "https://idp.example.org/\",\"auth"),
            ("\"token_endpoint\":\"https", "\"token_endpoint\":\"http"),
            ("\"jwks_uri\":\"https", "\"jwks_uri\":\"http"),
            ("\"userinfo_endpoint\":\"https", "\"userinfo_endpoint\":\"ftp"), ("[\"plain\",\"S256\"]", "[\"plain\"]"),
            ("[\"plain\",\"S256\"]", "\"S256\""), ("code_challenge_methods_supported", "x"),
            ("[\"RS256\"]", "[\"HS256\"]"),
            ("[\"code\",\"id_token\"]", "[\"id_token\"]"), ("{\"issuer\"", "{\"issuer\":\"a\",\"issuer\""),
            ("https://idp.example.org/token", "https://user@idp.example.org/token"),
            ("https://idp.example.org/token", "https://idp.example.org/token#x"), ("{", "["),
        ])
    func metadataRefusals(_ part: String, _ replacement: String) throws {
        var text = PeopleFixture.metadata
        let range = try #require(text.firstRange(of: part))
        text.replaceSubrange(range, with: replacement)
        #expect(throws: ProviderError.self) { try ProviderMetadata(parsing: Array(text.utf8), for: fixture.provider) }
    }

    @Test("a provider that does not list S256 is used only when the operator vouches for it")
    func assumed() throws {
        let text = PeopleFixture.metadata.replacing("code_challenge_methods_supported", with: "x")
        var provider = fixture.provider
        #expect(throws: ProviderError.self) { try ProviderMetadata(parsing: Array(text.utf8), for: provider) }
        provider.assumesS256 = true
        #expect(throws: Never.self) { try ProviderMetadata(parsing: Array(text.utf8), for: provider) }
        #expect(throws: ProviderError.self) {
            try ProviderMetadata(
                parsing: Array(PeopleFixture.metadata.replacing("\"S256\"", with: "\"s256\"").utf8), for: provider)
        }
    }

    @Test(
        "refuses addresses that are ambiguous or in the clear",
        arguments: [
            "http://idp.example.org", "https://", "https:///x", "https://a b", "https://a@b", "https://a\\b", "//a",
            "a",
            "https://a:0", "https://a:70000", "https://a#b", "HTTPS://a", "http://[::ffff:127.0.0.1]",
            "http://localhost",
            "http://127.1", "http://128.0.0.1", "https://a\u{e9}",
        ])
    func addresses(_ text: String) {
        #expect(ProviderURL(text, allowsLoopback: true) == nil)
    }

    @Test("takes http on loopback addresses where that is allowed")
    func loopback() throws {
        #expect(ProviderURL("http://127.0.0.1:8080/x") == nil)
        let url = try #require(ProviderURL("http://127.0.0.1:8080?x", allowsLoopback: true))
        #expect(url.target == "/?x" && url.origin == "http://127.0.0.1:8080" && !url.isSecure)
        #expect(ProviderURL("https://gate.example.org:443/a")?.origin == "https://gate.example.org")
    }

    // MARK: Keys

    @Test("F-20: an unknown key is asked for once in an interval, and there is no default key")
    func keys() throws {
        let (first, second) = (try KeySigner(.generate()), try KeySigner(.generate()))
        let set = JSONWebKeySet([first.verificationKey.jsonWebKey]).json.bytes
        var keys = ProviderKeys()
        #expect(Self.name(keys.step(for: first.keyID, now: 100)) == "fetch")
        #expect(Self.name(keys.step(for: first.keyID, now: 100)) == "unavailable")
        try keys.take(set, now: 100)
        #expect(Self.name(keys.step(for: first.keyID, now: 101)) == "use")
        for _ in 0..<1000 { #expect(Self.name(keys.step(for: second.keyID, now: 109)) == "unknown") }
        #expect(Self.name(keys.step(for: second.keyID, now: 110)) == "fetch")
        #expect(Self.name(keys.step(for: first.keyID, now: 110)) == "use")
        #expect(keys.known(second.keyID, now: 110) == nil && keys.known("", now: 110) == nil)
        // What the provider withdrew is good for no longer than their life.
        #expect(Self.name(keys.step(for: first.keyID, now: 100 + ProviderKeys.life)) == "fetch")
    }

    @Test("F-20: while nobody could ask for keys, an unknown one is not known to be wrong")
    func keysInVain() throws {
        let (first, second) = (try KeySigner(.generate()), try KeySigner(.generate()))
        var keys = ProviderKeys()
        #expect(Self.name(keys.step(for: first.keyID, now: 100)) == "fetch")
        try keys.take(JSONWebKeySet([first.verificationKey.jsonWebKey]).json.bytes, now: 100)
        // The provider took new keys and does not answer the next question.
        #expect(Self.name(keys.step(for: second.keyID, now: 120)) == "fetch")
        #expect(Self.name(keys.step(for: second.keyID, now: 121)) == "unavailable")
        #expect(Self.name(keys.step(for: first.keyID, now: 121)) == "use")
        #expect(throws: ProviderError.self) { try keys.take(Array("{}".utf8), now: 121) }
        #expect(Self.name(keys.step(for: second.keyID, now: 122)) == "unavailable")
        #expect(Self.name(keys.step(for: second.keyID, now: 130)) == "fetch")
        try keys.take(JSONWebKeySet([first.verificationKey.jsonWebKey]).json.bytes, now: 130)
        #expect(Self.name(keys.step(for: second.keyID, now: 131)) == "unknown")
    }

    @Test(
        "what a provider says wrongly of itself says nothing of a person",
        arguments: [
            (ProviderError.metadata("are none"), true), (.keys(.tooManyKeys), true), (.tooManyKeys, true),
            (.keysUnavailable, true), (.unreachable("x"), true), (.refused("server_error"), true),
            (.refused("invalid_grant"), false), (.token(.algorithm), false), (.otherPerson, false),
            (.noCredential, false),
        ])
    func temporary(error: ProviderError, isTemporary: Bool) {
        #expect(error.isTemporary == isTemporary)
    }

    private static func name(_ step: ProviderKeys.Step) -> String {
        switch step {
        case .use: "use"
        case .fetch: "fetch"
        case .unknown: "unknown"
        case .unavailable: "unavailable"
        }
    }

    @Test("F-20: refuses more than 100 keys and more than 256 KiB")
    func keyBounds() {
        var keys = ProviderKeys()
        let key = #"{"kty":"RSA","n":"AQAB","e":"AQAB","kid":"#
        let many = (0...100).map { "\(key)\"\($0)\"}" }.joined(separator: ",")
        #expect(throws: ProviderError.tooManyKeys) { try keys.take(Array("{\"keys\":[\(many)]}".utf8), now: 0) }
        let spaces = String(repeating: " ", count: 256 * 1024)
        #expect(throws: ProviderError.self) { try keys.take(Array("{\"keys\":[]}\(spaces)".utf8), now: 0) }
    }

    // MARK: Answers of the token and userinfo endpoints

    @Test(
        "refuses answers of the token endpoint that are not what they should be",
        arguments: [
            (200, "{}", ProviderError.malformed("answer to a token request")),
            (200, #"{"access_token":"a","token_type":"mac"}"#, .malformed("answer to a token request")),
            (200, #"{"access_token":"a b","token_type":"bearer"}"#, .malformed("answer to a token request")),
            (200, #"{"access_token":"a","token_type":"bearer","id_token":1}"#, .malformed("id_token")),
            (400, #"{"error":"invalid_grant"}"#, .refused("invalid_grant")),
            (400, #"{"error":"<b>"}"#, .refused("another reason")), (302, "", .malformed("answer to a token request")),
            (500, "", .unreachable("it answers with status 500")),
            (429, "", .unreachable("it answers with status 429")),
        ])
    func tokenReplies(_ status: Int, _ body: String, _ error: ProviderError) {
        #expect(throws: error) { try TokenReply(status: status, body: Array(body.utf8)) }
    }

    @Test("userinfo of another person is refused")
    func userInfo() throws {
        let person = try #require(PersonIdentifier(issuer: "https://idp.example.org", subject: "a"))
        func groups(_ body: String, _ status: Int = 200) throws -> [String]? {
            try UserInfoReply.groups(status: status, body: Array(body.utf8), of: person, provider: fixture.provider)
        }
        #expect(try groups(#"{"sub":"a","groups":["x"]}"#) == ["x"])
        #expect(try groups(#"{"sub":"a","groups":"x"}"#) == ["x"])
        #expect(try groups(#"{"sub":"a"}"#) == nil)
        #expect(throws: ProviderError.otherPerson) { try groups(#"{"sub":"b","groups":["x"]}"#) }
        #expect(throws: ProviderError.otherPerson) { try groups("{}") }
        #expect(throws: ProviderError.refused("invalid_token")) { try groups("", 401) }
        #expect(throws: ProviderError.unreachable("it answers with status 503")) { try groups("", 503) }
        #expect(throws: ProviderError.malformed("userinfo")) { try groups(#"{"sub":"a","groups":{}}"#) }
    }
}

/// Random bytes that are known.
private struct ReplayedBytes: RandomNumberGenerator {
    private var bytes: [UInt8]
    init(_ bytes: [UInt8]) { self.bytes = bytes }
    mutating func next() -> UInt64 {
        guard !bytes.isEmpty else { return 0 }
        return UInt64(bytes.removeFirst())
    }
}
