// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// Why a message of the agent is not used. What it said before stands.
public enum MessageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The bytes are no message of the method.
    case unreadable
    /// A field that every message has is empty.
    case missing(String)
    /// There are more identities than are taken.
    case tooManyIdentities
    /// There are more trust domains than are taken.
    case tooManyTrustDomains
    /// `spiffe_id` is none.
    case id(SPIFFEIDError)
    /// The certificate names another identity than `spiffe_id`.
    case otherIdentity(SPIFFEID)
    /// An identity, or its chain up to its own bundle, is refused.
    case svid(SPIFFEID, X509SVIDError)
    /// The default identity is of another trust domain than the one that is configured.
    case trustDomain(TrustDomain)
    /// `hint` is longer than 1024 bytes.
    case hint
    /// The name of a bundle is no trust domain.
    case bundleName
    /// One trust domain has two bundles that differ.
    case twoBundles(TrustDomain)
    /// The bundle of a trust domain cannot be read.
    case bundle(TrustDomain, String)

    /// What is wrong; nothing of a key.
    public var description: String {
        switch self {
        case .unreadable: "the bytes are no message of this method"
        case .missing(let field): "the field \(field) is empty"
        case .tooManyIdentities: "there are more identities than are taken"
        case .tooManyTrustDomains: "there are more trust domains than are taken"
        case .id(let error): "spiffe_id is no SPIFFE ID: \(error)"
        case .otherIdentity(let id): "the certificate beside \(id) names another identity"
        case .svid(let id, let error): "the identity \(id) is refused: \(error)"
        case .trustDomain(let domain): "the default identity is of \(domain), which is not the configured trust domain"
        case .hint: "a hint has more than 1024 bytes"
        case .bundleName: "the name of a bundle is no trust domain"
        case .twoBundles(let domain): "there are two different bundles of \(domain)"
        case .bundle(let domain, let why): "the bundle of \(domain) cannot be read: \(why)"
        }
    }
}
