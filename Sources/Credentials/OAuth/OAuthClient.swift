// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Who asks an authorization server for tokens, and how it shows that (RFC 6749 section 2.3).
public struct OAuthClient: Sendable, Hashable, Confidential {
    /// How a client authenticates.
    public enum Method: String, Sendable, Hashable, CaseIterable {
        /// Identifier and secret in the `Authorization` field.
        case basic = "client_secret_basic"
        /// Identifier and secret in the body.
        case post = "client_secret_post"
        /// The identifier alone, in the body.
        case none
    }

    /// The identifier.
    public let id: String
    /// The secret; empty without authentication.
    let secret: [UInt8]
    /// How it authenticates.
    public let method: Method

    /// A client; nil when a text is empty, too long or no visible ASCII, or when secret and method do not fit.
    public init?(id: String, secret: [UInt8] = [], method: Method) {
        guard !id.isEmpty, id.utf8.count <= 512, id.utf8.allSatisfy(OAuthText.isVisible) else { return nil }
        guard secret.count <= 4096, secret.allSatisfy(OAuthText.isVisible), secret.isEmpty == (method == .none) else {
            return nil
        }
        self.id = id
        self.secret = secret
        self.method = method
    }
}
