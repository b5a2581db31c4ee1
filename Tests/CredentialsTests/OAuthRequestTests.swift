// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Credentials

@Suite struct OAuthRequestTests {
    private func client(_ method: OAuthClient.Method = .basic) throws -> OAuthClient {
        try #require(OAuthClient(id: "gate:1", secret: method == .none ? [] : bytes("p+s w/&="), method: method))
    }

    @Test func `asks for itself with its secret in the header field`() throws {
        let request = try OAuthRequest(.clientCredentials, client: client(), scopes: ["a", "b:read", "a"])
        #expect(text(request.body) == "grant_type=client_credentials&scope=a+b%3Aread")
        #expect(request.scopes == ["a", "b:read"])
        let value = try #require(request.fields.first { $0.name == "authorization" }?.value)
        let pair = try #require(Data(base64Encoded: String(value.dropFirst(6))))
        #expect(value.hasPrefix("Basic "))
        #expect(String(decoding: pair, as: UTF8.self) == "gate%3A1:p%2Bs+w%2F%26%3D")
    }

    @Test func `asks with its secret in the body, or with its identifier alone`() throws {
        let post = try OAuthRequest(.clientCredentials, client: client(.post))
        #expect(
            text(post.body) == "grant_type=client_credentials&client_id=gate%3A1&client_secret=p%2Bs+w%2F%26%3D")
        let none = try OAuthRequest(.refreshToken("r/1"), client: client(.none))
        #expect(text(none.body) == "grant_type=refresh_token&refresh_token=r%2F1&client_id=gate%3A1")
        for request in [post, none] { #expect(!request.fields.contains { $0.name == "authorization" }) }
    }

    @Test func `exchanges a subject's token for one of an audience`() throws {
        let subject = OAuthSubject(token: "ey.J.s", type: .jwt, actorToken: "ey.A.s")
        let request = try OAuthRequest(
            .tokenExchange(subject), client: client(), scopes: ["mail.read"], audiences: ["mail", "crm"],
            resources: ["https://mail.example/v1?x=1"])
        #expect(
            text(request.body)
                == "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange&subject_token=ey.J.s"
                + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt&actor_token=ey.A.s"
                + "&actor_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt"
                + "&requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token"
                + "&audience=mail&audience=crm&resource=https%3A%2F%2Fmail.example%2Fv1%3Fx%3D1&scope=mail.read")
    }

    @Test func `refuses what would add parameters or lines`() throws {
        let client = try client()
        #expect(throws: OAuthRequestError.scope) {
            try OAuthRequest(.clientCredentials, client: client, scopes: ["a b"])
        }
        #expect(throws: OAuthRequestError.scope) { try OAuthRequest(.clientCredentials, client: client, scopes: [""]) }
        #expect(throws: OAuthRequestError.token) { try OAuthRequest(.refreshToken(""), client: client) }
        #expect(throws: OAuthRequestError.token) { try OAuthRequest(.refreshToken("a\r\nb"), client: client) }
        #expect(throws: OAuthRequestError.token) {
            try OAuthRequest(.refreshToken(String(repeating: "a", count: 20_000)), client: client)
        }
        #expect(throws: OAuthRequestError.audience) {
            try OAuthRequest(.clientCredentials, client: client, audiences: ["a\n"])
        }
        for resource in ["mail", "https://a/#b", "https:", "1x:y", "https://a b"] {
            #expect(throws: OAuthRequestError.resource) {
                try OAuthRequest(.clientCredentials, client: client, resources: [resource])
            }
        }
        #expect(throws: OAuthRequestError.tooMany) {
            try OAuthRequest(.clientCredentials, client: client, scopes: (0..<65).map { "s\($0)" })
        }
        // One parameter stays one.
        let sly = try OAuthRequest(.refreshToken("a&scope=admin"), client: client)
        #expect(text(sly.body) == "grant_type=refresh_token&refresh_token=a%26scope%3Dadmin")
    }

    @Test func `refuses clients that no header field can carry`() {
        #expect(OAuthClient(id: "", secret: [0x41], method: .basic) == nil)
        #expect(OAuthClient(id: "a\n", secret: [0x41], method: .basic) == nil)
        #expect(OAuthClient(id: "a", secret: [], method: .basic) == nil)
        #expect(OAuthClient(id: "a", secret: [0x41], method: .none) == nil)
        #expect(OAuthClient(id: "a", secret: [0x0a], method: .post) == nil)
    }

    @Test func `shows no secret`() throws {
        var shown = ""
        let request = try OAuthRequest(.refreshToken("tok"), client: client())
        dump(request, to: &shown)
        dump(try client(), to: &shown)
        dump(OAuthGrant.refreshToken("tok"), to: &shown)
        dump(OAuthSubject(token: "tok", type: .jwt), to: &shown)
        #expect(!shown.contains("tok\"") && !shown.contains("p+s") && !shown.contains("Basic"))
    }
}
