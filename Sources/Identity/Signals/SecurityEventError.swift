// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a security event token is refused, with the code that its transmitter is told (RFC 8935 section 2.4).
public struct SecurityEventError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What the transmitter is told; the raw value is the registered one.
    public enum Code: String, Sendable, Hashable, CaseIterable {
        /// The request or the token is malformed.
        case invalidRequest = "invalid_request"
        /// The key or the algorithm is none that counts.
        case invalidKey = "invalid_key"
        /// `iss` is not the configured transmitter.
        case invalidIssuer = "invalid_issuer"
        /// `aud` is not this receiver.
        case invalidAudience = "invalid_audience"
        /// The transmitter did not show who it is.
        case authenticationFailed = "authentication_failed"
        /// The transmitter may not say this.
        case accessDenied = "access_denied"
    }

    /// What the transmitter is told.
    public let code: Code
    /// What is wrong, for people; nothing of the token.
    public let description: String

    /// Says what is wrong.
    public init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}
