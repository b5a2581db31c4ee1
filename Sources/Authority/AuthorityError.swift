// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why the authority did not do something. No text of it shows a key, a token or a certificate.
public enum AuthorityError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The state on disk is not usable: what is wrong and what to do.
    case state(path: String, reason: String)
    /// The state was not read or written.
    case storage(String)
    /// The keys on disk could not be opened: why, and what to do.
    case sealed(String)
    /// The request breaks a rule.
    case refused(String)
    /// There is no such key, entry or token.
    case unknown(String)
    /// The caller has no right to what it asks for.
    case denied(String)
    /// It does not work now and may work later.
    case unavailable(String)

    /// What happened and, where somebody can do something, what to do.
    public var description: String {
        switch self {
        case .state(let path, let reason): "the authority's state in \(path): \(reason)"
        case .storage(let reason): "the authority's database: \(reason)"
        case .sealed(let reason): "the authority's keys: \(reason)"
        case .refused(let reason), .unknown(let reason), .denied(let reason), .unavailable(let reason): reason
        }
    }
}
