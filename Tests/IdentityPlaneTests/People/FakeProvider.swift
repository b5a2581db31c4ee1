// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import Identity
import IdentityPlane
import Protocols
import Synchronization

/// An OpenID provider in memory that can be told to misbehave.
final class FakeProvider: ProviderFetcher {
    struct Grant {
        var nonce: String
        var challenge: String
        var redirectURI: String
    }

    struct State {
        var codes: [String: Grant] = [:]
        var nextCode = 0
        var groups: JSONValue? = ["staff"]
        var subject = "alice"
        /// When the person signed in; `nil` to say nothing of it.
        var authenticationTime: Int64? = 1_800_000_000
        var givesRefreshToken = true
        var refreshTokens: Set<String> = []
        var isDown = false
        var tokenStatus = 200
        var userInfoStatus = 200
        /// A path that is not answered until this is something else.
        var heldPath: String?
        var metadata: [String: JSONValue?] = [:]
        var keys: [UInt8]?
        /// Changes the claims of ID tokens before they are signed.
        var claims: [String: JSONValue?] = [:]
        /// Signs in the place of the provider's key.
        var signer: KeySigner?
        var header: String?
        var requests: [String] = []
    }

    let issuer = "https://idp.example.org"
    let signer: KeySigner
    let state = Mutex(State())
    let now: @Sendable () -> Int64

    init(now: @escaping @Sendable () -> Int64) throws {
        signer = try KeySigner(.generate())
        self.now = now
    }

    func set(_ change: @Sendable (inout State) -> Void) { state.withLock { change(&$0) } }

    func count(_ path: String) -> Int { state.withLock { $0.requests.count { $0 == path } } }

    /// What the person does at the provider: signs in, and is sent back with this query.
    func authorize(_ location: String) throws -> String {
        let query = location.split(separator: "?", maxSplits: 1).last.map(String.init) ?? ""
        let fields = try FormFields(parsing: Array(query.utf8))
        guard fields["response_type"] == "code", fields["code_challenge_method"] == "S256",
            let challenge = fields["code_challenge"], let nonce = fields["nonce"], let state = fields["state"],
            let redirectURI = fields["redirect_uri"]
        else { throw ProviderFetchFailure("not an authorization request: \(location)") }
        let code = self.state.withLock { own in
            own.nextCode += 1
            let code = "code-\(own.nextCode)"
            own.codes[code] = Grant(nonce: nonce, challenge: challenge, redirectURI: redirectURI)
            return code
        }
        return FormText.encode([("code", code), ("state", state)])
    }

    func fetch(_ request: ProviderFetch) async throws(ProviderFetchFailure) -> ProviderAnswer {
        let path = request.url.target
        let isDown = state.withLock { state in
            state.requests.append(path)
            return state.isDown
        }
        if isDown { throw ProviderFetchFailure("nobody answers") }
        while !Task.isCancelled, state.withLock({ $0.heldPath }) == path { await Task.yield() }
        switch path {
        case "/.well-known/openid-configuration": return ProviderAnswer(status: 200, body: metadata)
        case "/keys":
            let own = JSONWebKeySet([signer.verificationKey.jsonWebKey]).json.bytes
            return ProviderAnswer(status: 200, body: state.withLock { $0.keys } ?? own)
        case "/token": return token(request)
        case "/userinfo":
            let (status, subject, groups) = state.withLock { ($0.userInfoStatus, $0.subject, $0.groups) }
            var object = JSONObject()
            object["sub"] = .string(subject)
            object["groups"] = groups
            return ProviderAnswer(status: status, body: JSONValue.object(object).bytes)
        default: return ProviderAnswer(status: 404, body: [])
        }
    }

    private var metadata: [UInt8] {
        var object = JSONObject()
        object["issuer"] = .string(issuer)
        for (name, path) in [
            ("authorization_endpoint", "/authorize"), ("token_endpoint", "/token"), ("jwks_uri", "/keys"),
            ("userinfo_endpoint", "/userinfo"),
        ] { object[name] = .string(issuer + path) }
        object["code_challenge_methods_supported"] = ["S256"]
        for (name, value) in state.withLock({ $0.metadata }) { object[name] = value }
        return JSONValue.object(object).bytes
    }

    private func token(_ request: ProviderFetch) -> ProviderAnswer {
        guard let form = request.form, let fields = try? FormFields(parsing: Array(form.utf8)),
            request.authorization == "Basic \(StrictBase64.standard.text(Array("gate:s%20cret".utf8)))"
        else { return ProviderAnswer(status: 401, body: Array(#"{"error":"invalid_client"}"#.utf8)) }
        let refusal = ProviderAnswer(status: 400, body: Array(#"{"error":"invalid_grant"}"#.utf8))
        return state.withLock { state in
            guard state.tokenStatus == 200 else { return ProviderAnswer(status: state.tokenStatus, body: []) }
            var nonce: String?
            if let code = fields["code"] {
                guard fields["grant_type"] == "authorization_code", let grant = state.codes.removeValue(forKey: code),
                    fields["redirect_uri"] == grant.redirectURI, let verifier = fields["code_verifier"],
                    StrictBase64.url.text(Array(SHA256.hash(data: Array(verifier.utf8)))) == grant.challenge
                else { return refusal }
                nonce = grant.nonce
            } else {
                guard fields["grant_type"] == "refresh_token", let token = fields["refresh_token"],
                    state.refreshTokens.remove(token) != nil
                else { return refusal }
            }
            var object = JSONObject()
            object["token_type"] = "Bearer"
            object["access_token"] = "access"
            if state.givesRefreshToken {
                let token = "refresh-\(state.requests.count)"
                state.refreshTokens.insert(token)
                object["refresh_token"] = .string(token)
            }
            object["id_token"] = .string(idToken(nonce, state))
            return ProviderAnswer(status: 200, body: JSONValue.object(object).bytes)
        }
    }

    private func idToken(_ nonce: String?, _ state: State) -> String {
        var object = JSONObject()
        object["iss"] = .string(issuer)
        object["sub"] = .string(state.subject)
        object["aud"] = "gate"
        object["iat"] = .integer(now())
        object["exp"] = .integer(now() + 300)
        object["nonce"] = nonce.map { .string($0) }
        object["groups"] = state.groups
        object["auth_time"] = state.authenticationTime.map { .integer($0) }
        object["email"] = "alice@example.org"
        for (name, value) in state.claims { object[name] = value }
        return Self.sign(
            object, with: state.signer ?? signer,
            header: state.header ?? #"{"alg":"ES256","kid":"\#(signer.keyID)","typ":"JWT"}"#)
    }

    static func sign(_ object: JSONObject, with signer: KeySigner, header: String) -> String {
        let head = StrictBase64.url.text(Array(header.utf8))
        let body = StrictBase64.url.text(JSONValue.object(object).bytes)
        let signature = (try? signer.signature(of: Array("\(head).\(body)".utf8))) ?? []
        return "\(head).\(body).\(StrictBase64.url.text(signature))"
    }
}
