// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a request for a token is not made. It repeats no bytes of the request.
public enum OAuthRequestError: String, Error, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// A token to be shown is empty, too long or no visible ASCII.
    case token = "oauth_request_token"
    /// A scope is none.
    case scope = "oauth_request_scope"
    /// An audience is empty, too long or no visible ASCII.
    case audience = "oauth_request_audience"
    /// A resource is no absolute URI.
    case resource = "oauth_request_resource"
    /// There are more scopes, audiences or resources than the limit.
    case tooMany = "oauth_request_too_many"

    /// What happened, whose fault it is and what to do.
    public var description: String {
        switch self {
        case .token: "The token to be shown is empty, too long or not visible ASCII; the caller needs another one."
        case .scope: "A scope in the configuration is not one of RFC 6749; correct it there."
        case .audience: "An audience in the configuration is empty, too long or not visible ASCII; correct it there."
        case .resource: "A resource in the configuration is no absolute URI without fragment; correct it there."
        case .tooMany: "The configuration asks for more scopes, audiences or resources than the limit; ask for fewer."
        }
    }
}

/// A request to a token endpoint: the fields and the body of a POST.
public struct OAuthRequest: Sendable, Confidential {
    /// Scopes, audiences and resources that one request may name, each.
    public static let maximumNames = 64
    /// Bytes of a token that is shown.
    public static let maximumTokenBytes = 16_384

    /// Header fields: the form's type, what is accepted, and the client's authentication where it stands there.
    public let fields: [(name: String, value: String)]

    /// The form.
    public let body: [UInt8]

    /// The scopes asked for, without repetition, against which the answer is read.
    public let scopes: [String]

    /// The type asked for in an exchange.
    let requestedType: OAuthTokenType?

    /// Whether the answer must name the type of its token.
    let isExchange: Bool

    /// A request.
    ///
    /// - Parameters:
    ///   - scopes: What the token shall be good for.
    ///   - audiences: Names of those whom the token is for.
    ///   - resources: URIs of those whom the token is for (RFC 8707).
    public init(
        _ grant: OAuthGrant, client: OAuthClient, scopes: [String] = [], audiences: [String] = [],
        resources: [String] = []
    ) throws(OAuthRequestError) {
        guard max(scopes.count, audiences.count, resources.count) <= Self.maximumNames else { throw .tooMany }
        var form = Form()
        switch grant {
        case .clientCredentials:
            form.add("grant_type", "client_credentials")
            (requestedType, isExchange) = (nil, false)
        case .refreshToken(let token):
            form.add("grant_type", "refresh_token")
            form.add("refresh_token", try Self.checked(token))
            (requestedType, isExchange) = (nil, false)
        case .tokenExchange(let subject):
            form.add("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange")
            form.add("subject_token", try Self.checked(subject.token))
            form.add("subject_token_type", subject.type.rawValue)
            if let actor = subject.actorToken {
                form.add("actor_token", try Self.checked(actor))
                form.add("actor_token_type", subject.actorType.rawValue)
            }
            if let type = subject.requestedType { form.add("requested_token_type", type.rawValue) }
            (requestedType, isExchange) = (subject.requestedType, true)
        }
        for audience in audiences {
            guard !audience.isEmpty, audience.utf8.count <= 2048, audience.utf8.allSatisfy(OAuthText.isVisible) else {
                throw .audience
            }
            form.add("audience", audience)
        }
        for resource in resources {
            guard OAuthText.isResource(Array(resource.utf8)) else { throw .resource }
            form.add("resource", resource)
        }
        var seen: Set<[UInt8]> = []
        let distinct = scopes.filter { seen.insert(Array($0.utf8)).inserted }
        for scope in distinct { guard OAuthText.isScope(scope.utf8) else { throw .scope } }
        if !distinct.isEmpty { form.add("scope", distinct.joined(separator: " ")) }
        self.scopes = distinct
        var fields = [
            (name: "content-type", value: "application/x-www-form-urlencoded"),
            (name: "accept", value: "application/json"),
        ]
        switch client.method {
        case .basic:
            // Both are encoded as in a form first, so that a colon in the identifier does not end it.
            let pair = EncodedText.formComponent(client.id.utf8) + [0x3a] + EncodedText.formComponent(client.secret)
            let text = String(decoding: EncodedText.base64(pair), as: UTF8.self)
            fields.append((name: "authorization", value: "Basic " + text))
        case .post:
            form.add("client_id", client.id)
            form.add("client_secret", String(decoding: client.secret, as: UTF8.self))
        case .none:
            form.add("client_id", client.id)
        }
        self.fields = fields
        body = form.bytes
    }

    private static func checked(_ token: String) throws(OAuthRequestError) -> String {
        guard !token.isEmpty, token.utf8.count <= maximumTokenBytes, token.utf8.allSatisfy(OAuthText.isVisible) else {
            throw .token
        }
        return token
    }

    /// A form while it is written.
    private struct Form {
        private(set) var bytes: [UInt8] = []

        mutating func add(_ name: String, _ value: String) {
            if !bytes.isEmpty { bytes.append(0x26) }
            bytes.append(contentsOf: EncodedText.formComponent(name.utf8))
            bytes.append(0x3d)
            bytes.append(contentsOf: EncodedText.formComponent(value.utf8))
        }
    }
}
