// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What the gate adds to the requests for a service, `credential`; agents never see it.
public enum ServiceAccess: Sendable, Hashable {
    /// `secret`: always the same.
    case fixed(ServiceSecret)
    /// `oauth`: an access token of the gate (RFC 6749), obtained and renewed by itself.
    case oauth(TokenRegistration, refreshToken: SecretReference?)
    /// `exchange`: an access token for the caller, exchanged for the gate's word about it (RFC 8693).
    case exchange(TokenRegistration)
    /// `aws`: a signature of each request (AWS Signature Version 4).
    case aws(AWSKeys)
    /// `tool_token`: the gate's own token for this service, good for one minute.
    case toolToken
}

/// The gate as a client of an authorization server.
public struct TokenRegistration: Sendable, Hashable {
    /// `token_url`.
    public var tokenURL: ProviderURL
    /// `client_id`.
    public var clientID: String
    /// `client_secret`; `nil` for a public client.
    public var clientSecret: SecretReference?
    /// `client_auth`: how the secret is shown.
    public var authentication: Authentication = .basic
    /// `scope`, as words.
    public var scopes: [String] = []
    /// `audience`.
    public var audience: String?
    /// `ca`: the path of the authorities of its certificate; the system's when it is `nil`.
    public var authority: String?
    /// `allow_private`: whether it may have a private or loopback address.
    public var isPrivateAllowed = false

    /// How a client shows its secret.
    public enum Authentication: String, Sendable, Hashable, CaseIterable {
        /// In `Authorization`.
        case basic
        /// In the form.
        case post
    }

    /// Names the client.
    public init(tokenURL: ProviderURL, clientID: String) {
        self.tokenURL = tokenURL
        self.clientID = clientID
    }
}

/// Keys of an AWS account, and what they sign for.
public struct AWSKeys: Sendable, Hashable {
    /// `access_key_id`.
    public var accessKeyID: String
    /// `secret_access_key`.
    public var secretAccessKey: SecretReference
    /// `session_token`.
    public var sessionToken: SecretReference?
    /// `region`.
    public var region: String
    /// `service`: the name that signatures have.
    public var service: String
    /// `payload`: what is signed of a body that could pass as it comes.
    public var payload: Payload = .hashed

    /// What a signature says about a body.
    public enum Payload: String, Sendable, Hashable, CaseIterable {
        /// Its hash; it is read as a whole first.
        case hashed
        /// Nothing.
        case unsigned
    }

    /// Collects what there must be.
    public init(accessKeyID: String, secretAccessKey: SecretReference, region: String, service: String) {
        self.accessKeyID = accessKeyID
        self.secretAccessKey = secretAccessKey
        self.region = region
        self.service = service
    }
}

/// How a service is told who is asking, `assertion`.
public enum AssertionRule: String, Sendable, Hashable, CaseIterable {
    /// Not at all.
    case off = "false"
    /// By a word that the calls of one caller share for half a minute.
    case shared = "true"
    /// By a word of its own for each request, which names the decision.
    case perRequest = "per-request"
}
