// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Credentials

@Suite struct OAuthAnswerTests {
    private func request(_ scopes: [String] = ["a", "b"], _ grant: OAuthGrant = .clientCredentials) throws
        -> OAuthRequest
    {
        try OAuthRequest(grant, client: try #require(OAuthClient(id: "c", method: .none)), scopes: scopes)
    }

    private func read(
        _ body: String, status: Int = 200, type: String? = "application/json", reader: OAuthAnswer = OAuthAnswer(),
        request: OAuthRequest? = nil
    ) throws(OAuthRefusal) -> OAuthToken {
        guard let request = try? request ?? self.request() else { throw OAuthRefusal(.status) }
        return try reader.read(status: status, contentType: type, body: bytes(body), to: request)
    }

    private func reason(_ body: String, status: Int = 200, type: String? = "application/json") -> OAuthAnswerReason? {
        do throws(OAuthRefusal) {
            _ = try read(body, status: status, type: type)
            return nil
        } catch { return error.reason }
    }

    @Test func `reads a token`() throws {
        let token = try read(
            #"{"access_token":"a.b-c~d+e/f==","token_type":"bearer","expires_in":3600,"scope":"b a","refresh_token":"n"}"#,
            type: "Application/JSON; charset=UTF-8")
        #expect(token.accessToken == "a.b-c~d+e/f==")
        #expect(token.lifetime == 3600)
        #expect(token.scopes == ["b", "a"])
        #expect(token.refreshToken == "n")
    }

    @Test func `takes what is left out as the standard says, and bounds a life`() throws {
        let bare = try read(#"{"access_token":"x","token_type":"Bearer"}"#)
        #expect(bare.lifetime == 300 && bare.scopes == ["a", "b"] && bare.refreshToken == nil)
        let long = try read(#"{"access_token":"x","token_type":"Bearer","expires_in":9223372036854775807,"scope":""}"#)
        #expect(long.lifetime == 86_400 && long.scopes.isEmpty)
    }

    @Test(
        arguments: [
            ("", .notJSON), ("[]", .notJSON),
            (#"{"access_token":"a","access_token":"b","token_type":"Bearer"}"#, .notJSON),
            (#"{"token_type":"Bearer"}"#, .accessToken), (#"{"access_token":"","token_type":"Bearer"}"#, .accessToken),
            (#"{"access_token":"a b","token_type":"Bearer"}"#, .accessToken),
            (#"{"access_token":"a\r\nx: y","token_type":"Bearer"}"#, .accessToken),
            (#"{"access_token":"=","token_type":"Bearer"}"#, .accessToken),
            (#"{"access_token":"a=b","token_type":"Bearer"}"#, .accessToken),
            (#"{"access_token":7,"token_type":"Bearer"}"#, .accessToken), (#"{"access_token":"a"}"#, .tokenType),
            (#"{"access_token":"a","token_type":"DPoP"}"#, .tokenType),
            (#"{"access_token":"a","token_type":"N_A"}"#, .tokenType),
            (#"{"access_token":"a","token_type":"Bearer","expires_in":0}"#, .lifetime),
            (#"{"access_token":"a","token_type":"Bearer","expires_in":-5}"#, .lifetime),
            (#"{"access_token":"a","token_type":"Bearer","expires_in":1e9}"#, .lifetime),
            (#"{"access_token":"a","token_type":"Bearer","expires_in":"60"}"#, .lifetime),
            (#"{"access_token":"a","token_type":"Bearer","expires_in":null}"#, .lifetime),
            (#"{"access_token":"a","token_type":"Bearer","expires_in":92233720368547758070}"#, .lifetime),
            (#"{"access_token":"a","token_type":"Bearer","scope":["a"]}"#, .scope),
            (#"{"access_token":"a","token_type":"Bearer","scope":"a  b"}"#, .scope),
            (#"{"access_token":"a","token_type":"Bearer","scope":"a admin"}"#, .widerScope),
            (#"{"access_token":"a","token_type":"Bearer","refresh_token":""}"#, .refreshToken),
            (#"{"access_token":"a","token_type":"Bearer","refresh_token":"\n"}"#, .refreshToken),
            (#"{"access_token":"a","token_type":"Bearer","error":"access_denied"}"#, .refused),
        ] as [(String, OAuthAnswerReason)])
    func `refuses an answer that is no token`(_ body: String, _ expected: OAuthAnswerReason) {
        #expect(reason(body) == expected)
    }

    @Test func `refuses by status, type and size before it reads`() {
        let good = #"{"access_token":"a","token_type":"Bearer"}"#
        #expect(reason(good, status: 201) == .status)
        #expect(reason(good, status: 302) == .status)
        #expect(reason(good, status: 503) == .unavailable)
        #expect(reason(good, status: 429) == .unavailable)
        #expect(reason(good, type: "text/html") == .contentType)
        #expect(reason(good, type: "application/jsonp") == .contentType)
        #expect(reason(good, type: nil) == .contentType)
        #expect(reason(String(repeating: " ", count: 70_000) + good) == .tooLarge)
    }

    @Test func `wants an exchange to name the kind of its token`() throws {
        let exchange = try request(["a"], .tokenExchange(OAuthSubject(token: "t", type: .jwt)))
        let prefix = #"{"access_token":"a","token_type":"Bearer""#
        for type in ["access_token", "jwt"] {
            let body = prefix + #","issued_token_type":"urn:ietf:params:oauth:token-type:\#(type)"}"#
            #expect(try read(body, request: exchange).accessToken == "a")
        }
        for tail in [
            "}", #","issued_token_type":"urn:ietf:params:oauth:token-type:refresh_token"}"#,
            #","issued_token_type":"access_token"}"#, #","issued_token_type":7}"#,
        ] {
            #expect(throws: OAuthRefusal(.issuedType)) { try read(prefix + tail, request: exchange) }
        }
    }

    @Test func `takes a wider scope only when told so`() throws {
        let body = #"{"access_token":"a","token_type":"Bearer","scope":"a z"}"#
        #expect(throws: OAuthRefusal(.widerScope)) { try read(body) }
        #expect(try read(body, reader: OAuthAnswer(allowsWiderScope: true)).scopes == ["a", "z"])
    }

    @Test func `repeats a server's error in safe words`() {
        let secret = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2VjcmV0"
        do throws(OAuthRefusal) {
            _ = try read(
                #"{"error":"invalid_grant","error_description":"Token \#(secret) is\u001b[31m é expired.\n"}"#,
                status: 400)
            Issue.record("read")
        } catch {
            #expect(error.reason == .refused && error.isGrantSpent && !error.isTemporary)
            #expect(error.error == "invalid_grant")
            #expect(error.detail == "Token ... is?[31m ?? expired.?")
            #expect(!"\(error)".contains(secret))
        }
        do throws(OAuthRefusal) {
            _ = try read(#"{"error":"temporarily_unavailable"}"#, status: 400)
        } catch { #expect(error.isTemporary && !error.isGrantSpent) }
        do throws(OAuthRefusal) {
            _ = try read("<html>\(secret)", status: 401, type: "text/html")
        } catch { #expect(error == OAuthRefusal(.refused)) }
        do throws(OAuthRefusal) {
            _ = try read(#"{"error":"a b\n","error_description":"x"}"#, status: 400)
        } catch { #expect(error == OAuthRefusal(.refused)) }
    }

    @Test func `bounds a server's words`() {
        let long = OAuthText.safe(String(repeating: "word ", count: 10_000))
        #expect(long.utf8.count <= 200)
    }

    @Test func `shows no token`() throws {
        var shown = ""
        dump(try read(#"{"access_token":"hidden1","token_type":"bearer","refresh_token":"hidden2"}"#), to: &shown)
        #expect(shown == "- OAuthToken(hidden)\n")
    }
}
