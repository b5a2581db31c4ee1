// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What the gate adds to the requests for a service, `credential`; agents never see it.
public enum ServiceCredential: Sendable, Hashable {
    /// `secret`: always the same.
    case fixed(Fixed)
    /// `oauth`: an access token of the gate (RFC 6749), got and renewed by itself.
    case oauth(OAuth)
    /// `aws`: a signature of each request (AWS Signature Version 4).
    case aws(AWS)
    /// `exchange`: an access token for the caller, exchanged for the gate's word (RFC 8693).
    case exchange(Exchange)
    /// `tool_token`: the gate's own token for this service, good for one minute.
    case toolToken

    /// A secret in a field of the request.
    public struct Fixed: Sendable, Hashable {
        /// `secret`.
        public var secret: SecretReference
        /// `header`: the name of the field.
        public var header: String
        /// `prefix`: what stands in front of the secret.
        public var prefix: String

        /// Collects the parts.
        public init(secret: SecretReference, header: String = "Authorization", prefix: String = "Bearer ") {
            self.secret = secret
            self.header = header
            self.prefix = prefix
        }
    }

    /// A registration at an authorization server.
    public struct OAuth: Sendable, Hashable {
        /// `token_url`.
        public var tokenURL: ProviderURL
        /// `client_id`.
        public var clientID: String
        /// `client_secret`; `nil` for a public client, which has a refresh token.
        public var clientSecret: SecretReference?
        /// `scope`: words with spaces between them.
        public var scope: String?
        /// `audience`.
        public var audience: String?
        /// `refresh_token`; without it the client's own credentials are the grant.
        public var refreshToken: SecretReference?

        /// Names the client.
        public init(tokenURL: ProviderURL, clientID: String) {
            self.tokenURL = tokenURL
            self.clientID = clientID
        }
    }

    /// Keys of an AWS account.
    public struct AWS: Sendable, Hashable {
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

        /// Collects the parts.
        public init(
            accessKeyID: String, secretAccessKey: SecretReference, sessionToken: SecretReference? = nil,
            region: String, service: String
        ) {
            self.accessKeyID = accessKeyID
            self.secretAccessKey = secretAccessKey
            self.sessionToken = sessionToken
            self.region = region
            self.service = service
        }
    }

    /// Where tokens for callers are exchanged.
    public struct Exchange: Sendable, Hashable {
        /// `token_url`.
        public var tokenURL: ProviderURL
        /// `client_id`; `nil` when the server asks for none.
        public var clientID: String?
        /// `client_secret`; only with `client_id`.
        public var clientSecret: SecretReference?
        /// `audience`.
        public var audience: String?
        /// `scope`: words with spaces between them.
        public var scope: String?

        /// Names the server.
        public init(tokenURL: ProviderURL) { self.tokenURL = tokenURL }
    }
}
