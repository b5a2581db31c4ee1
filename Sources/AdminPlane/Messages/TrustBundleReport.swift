// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The answer of `GET /v1/trust-bundle`: what others verify the gate's identities with. Public.
public struct TrustBundleReport: Codable, Sendable, Hashable {
    /// The trust domain.
    public var trustDomain: String
    /// The certificates of its authorities as PEM.
    public var pem: String
    /// The SPIFFE bundle document, a JSON text.
    public var document: String

    /// Collects the parts.
    public init(trustDomain: String, pem: String, document: String) {
        self.trustDomain = trustDomain
        self.pem = pem
        self.document = document
    }
}
