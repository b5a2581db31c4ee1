// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// An identity that is about to be handed out, for the record.
public struct Issuance: Sendable, Hashable {
    /// The kinds of documents.
    public enum Document: String, Sendable, Hashable {
        /// An X.509 certificate.
        case x509 = "x509-svid"
        /// A token.
        case jwt = "jwt-svid"
    }

    /// What is handed out.
    public let document: Document
    /// Whose identity.
    public let id: SPIFFEID
    /// The entry under which.
    public let entry: String?
    /// Unix seconds at which it ends.
    public let expires: Int64
    /// The process that asks.
    public let pid: Int32
    /// Its user.
    public let uid: UInt32
    /// For whom a token is; empty for certificates.
    public let audience: [String]
}
