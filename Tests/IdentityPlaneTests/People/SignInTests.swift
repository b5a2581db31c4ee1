// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import IdentityPlane
import Protocols
import Testing

@Suite struct SignInTests {
    private let bench: PeopleBench

    init() throws { bench = try PeopleBench() }

    @Test("signs a person in with code, S256, state and nonce, and shows who it is")
    func signIn() async throws {
        let browser = bench.browser()
        let answer = try await browser.signIn(login: "next=%2Fdevice")
        #expect(answer.status == 303 && answer.field("Location") == "/device")
        #expect(browser.cookies.keys.sorted() == ["__Host-yett"])
        let home = await browser.get("/")
        #expect(home.status == 200 && home.text.contains("alice") && home.text.contains("staff"))
    }

    // MARK: F-28

    @Test(
        "F-28: an ID token that is not for this sign-in opens no session",
        arguments: [
            ["nonce": "other"], ["nonce": nil], ["aud": "another"], ["aud": ["gate", "another"], "azp": "another"],
            ["azp": "another"], ["iss": "https://evil.example"], ["exp": 1_799_999_000], ["iat": 1_800_000_100],
            ["iat": 1_799_990_000], ["sub": nil], ["sub": 1],
        ] as [[String: JSONValue?]])
    func badClaims(_ claims: [String: JSONValue?]) async throws {
        bench.provider.set { $0.claims = claims }
        let browser = bench.browser()
        let answer = try await browser.signIn()
        #expect(answer.status == 400 && browser.cookies.isEmpty)
        #expect(await browser.get("/device").field("Location") == "/login?next=%2Fdevice")
    }

    @Test(
        "F-21: an ID token that is signed otherwise opens no session",
        arguments: [
            #"{"alg":"none"}"#, #"{"alg":"HS256","kid":"KID"}"#, #"{"alg":"RS256","kid":"KID"}"#, #"{"alg":"ES256"}"#,
        ])
    func badHeader(_ header: String) async throws {
        let keyID = bench.provider.signer.keyID
        bench.provider.set { $0.header = header.replacing("KID", with: keyID) }
        let browser = bench.browser()
        #expect(try await browser.signIn().status == 400)
        #expect(browser.cookies.isEmpty)
    }

    @Test("F-21: an unknown key opens no session, and makes us ask once in an interval")
    func unknownKey() async throws {
        let stranger = try KeySigner(.generate())
        bench.provider.set { state in
            state.signer = stranger
            state.header = #"{"alg":"ES256","kid":"\#(stranger.keyID)"}"#
        }
        for _ in 0..<5 { #expect(try await bench.browser().signIn().status == 400) }
        #expect(bench.provider.count("/keys") == 1)
        bench.clock.advance(10)
        #expect(try await bench.browser().signIn().status == 400)
        #expect(bench.provider.count("/keys") == 2)
    }

    @Test(
        "F-20: tokens with known keys do not wait behind those with keys that somebody made up", .timeLimit(.minutes(1))
    )
    func knownKeys() async throws {
        _ = try await bench.signedIn()
        bench.clock.advance(10)
        let stranger = try KeySigner(.generate())
        let waiting = bench.browser()
        let query = try await waiting.query()
        bench.provider.set { state in
            state.heldPath = "/keys"
            state.header = #"{"alg":"ES256","kid":"\#(stranger.keyID)"}"#
        }
        async let answer = waiting.get("/callback/corp", query: query)
        while !Task.isCancelled, bench.provider.count("/keys") < 2 { await Task.yield() }
        bench.provider.set { $0.header = nil }
        #expect(try await bench.browser().signIn().status == 303)
        bench.provider.set { $0.heldPath = nil }
        #expect(await answer.status == 400)
    }

    @Test("F-28: a wrong state, a missing one, another issuer and a parameter twice open no session")
    func badAnswers() async throws {
        for edit in [
            { $0.replacing("state=", with: "state=x") }, { $0.replacing("&state=", with: "&x=") },
            { $0 + "&iss=https://evil.example" },
            { $0 + "&code=other" }, { $0.replacing("code=", with: "error=access_denied&x=") }, { _ in "" },
        ] as [(String) -> String] {
            let browser = bench.browser()
            let query = edit(try await browser.query())
            #expect(await browser.get("/callback/corp", query: query).status == 400)
            #expect(browser.cookies.isEmpty)
        }
        #expect(bench.provider.count("/token") == 0)
    }

    @Test("F-28: an answer without issuer is refused where the provider says that it names itself")
    func missingIssuer() async throws {
        bench.provider.set { $0.metadata = ["authorization_response_iss_parameter_supported": true] }
        let browser = bench.browser()
        let query = try await browser.query()
        #expect(await browser.get("/callback/corp", query: query).status == 400)
        let other = bench.browser()
        let named = try await other.query() + "&iss=https%3A%2F%2Fidp.example.org"
        #expect(await other.get("/callback/corp", query: named).status == 303)
    }

    @Test("F-28: an answer is good once, and only in the browser that asked")
    func replay() async throws {
        let browser = bench.browser()
        let query = try await browser.query()
        let cookies = browser.cookies
        let stranger = bench.browser()
        #expect(await stranger.get("/callback/corp", query: query).status == 400)
        #expect(await browser.get("/callback/corp", query: query).status == 303)
        browser.cookies = cookies
        #expect(await browser.get("/callback/corp", query: query).status == 400)
        #expect(bench.provider.count("/token") == 1)
    }

    @Test("F-28: what a failed answer leaves behind is good for nothing")
    func consumed() async throws {
        let browser = bench.browser()
        let query = try await browser.query()
        let cookies = browser.cookies
        #expect(await browser.get("/callback/corp", query: query + "x").status == 400)
        browser.cookies = cookies
        #expect(await browser.get("/callback/corp", query: query).status == 400)
    }

    @Test("F-28: a path that only begins like the redirect is none")
    func redirectPrefix() async throws {
        let browser = bench.browser()
        let query = try await browser.query()
        for path in [
            "/callback", "/callback/", "/callback/corp/", "/callback/corp/x", "/callback/corpx", "/callback/Corp",
        ] {
            #expect(await browser.get(path, query: query).status == 404)
        }
    }

    @Test("a sign-in that takes too long is over")
    func slow() async throws {
        let browser = bench.browser()
        let query = try await browser.query()
        bench.clock.advance(600)
        #expect(await browser.get("/callback/corp", query: query).status == 400)
    }

    @Test("a provider without S256 is not used")
    func plain() async throws {
        bench.provider.set { $0.metadata = ["code_challenge_methods_supported": ["plain"]] }
        let answer = await bench.browser().get("/login")
        #expect(answer.status == 503 && answer.text.contains("S256"))
    }

    // MARK: F-20

    @Test("F-20: a provider that is down, or whose keys are too many or too large, is a 503 or 400 and nothing more")
    func down() async throws {
        bench.provider.set { $0.isDown = true }
        #expect(await bench.browser().get("/login").status == 503)
        bench.clock.advance(10)
        bench.provider.set { $0.isDown = false }
        let browser = bench.browser()
        let query = try await browser.query()
        bench.provider.set { $0.isDown = true }
        #expect(await browser.get("/callback/corp", query: query).status == 503)
        bench.provider.set { state in
            state.isDown = false
            state.keys = [UInt8](repeating: 0x20, count: 256 * 1024 + 1)
        }
        #expect(try await bench.browser().signIn().status == 503)
        bench.clock.advance(10)
        let key = #"{"kty":"oct"}"#
        bench.provider.set { $0.keys = Array("{\"keys\":[\(key)]}".utf8) }
        #expect(try await bench.browser().signIn().status == 400)
        bench.clock.advance(10)
        bench.provider.set { $0.keys = nil }
        #expect(try await bench.browser().signIn().status == 303)
    }

    // MARK: Where sign-ins lead

    @Test(
        "no sign-in leads anywhere but to our own pages",
        arguments: [
            "https://evil.example", "//evil.example", "/\\evil.example", "/%2f/evil", "/device/../x",
            "javascript:alert(1)",
            "/device?x", "/device ", "\\device", "https:/device", "",
        ])
    func openRedirect(_ next: String) async throws {
        let browser = bench.browser()
        let answer = try await browser.signIn(login: FormText.encode([("next", next)]))
        #expect(answer.field("Location") == "/")
    }

    @Test("a request for another name, with another method or path, is refused")
    func otherNames() async {
        for authority in [
            "evil.example", "gate.example.org", "gate.example.org:8444", "gate.example.org.evil.example:8443",
        ] {
            var request = PeopleRequest(path: "/", authority: authority)
            request.address = "192.0.2.1"
            #expect(await bench.service.answer(request).status == 421)
        }
        #expect(await bench.service.answer(PeopleRequest(path: "/")).status == 421)
        #expect(await bench.browser().send(PeopleRequest(method: "DELETE", path: "/")).status == 405)
        #expect(await bench.browser().get("/admin").status == 404)
    }

    @Test("sign-ins that are begun and never finished do not fill the gate")
    func flood() async throws {
        for _ in 0..<60 { #expect(await bench.browser().get("/login").status == 303) }
        #expect(await bench.browser().get("/login").status == 429)
        bench.clock.advance(60)
        for _ in 0..<4 { #expect(await bench.browser().get("/login").status == 303) }
        #expect(await bench.browser().get("/login").status == 503)
    }

    @Test("what is reported holds no code, token, cookie or secret")
    func secrecy() async throws {
        let browser = try await bench.signedIn()
        let session = try await bench.commandLine(browser)
        bench.provider.set { $0.claims = ["nonce": "other"] }
        _ = try await bench.browser().signIn()
        let text = bench.reported.all.joined(separator: "\n")
        #expect(text.contains("alice"))
        for secret in [session, browser.session ?? "yb_", "code-", "access", "refresh-", "eyJ", "yb_", "yd_", "yl_"] {
            #expect(!text.contains(secret))
        }
    }
}
