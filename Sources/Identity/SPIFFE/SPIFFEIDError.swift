// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a text is not a SPIFFE ID or a trust domain name.
public enum SPIFFEIDError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text does not start with `spiffe://`.
    case scheme
    /// The text is longer than ``SPIFFEID/maximumBytes``.
    case tooLong
    /// No trust domain is given.
    case emptyTrustDomain
    /// The trust domain is longer than 255 bytes.
    case trustDomainTooLong
    /// The trust domain has a character outside `a-z 0-9 . - _`.
    case trustDomainCharacter
    /// A path segment is empty, or the path ends with a slash.
    case emptySegment
    /// A path segment is `.` or `..`.
    case dotSegment
    /// A path segment has a character outside `a-z A-Z 0-9 . - _`.
    case pathCharacter

    /// A sentence for the person who wrote the identifier.
    public var description: String {
        switch self {
        case .scheme: "a SPIFFE ID starts with spiffe://"
        case .tooLong: "a SPIFFE ID has at most \(SPIFFEID.maximumBytes) bytes"
        case .emptyTrustDomain: "the trust domain is empty"
        case .trustDomainTooLong: "a trust domain has at most 255 bytes"
        case .trustDomainCharacter: "a trust domain has only a-z, 0-9, '.', '-' and '_'"
        case .emptySegment: "a path has no empty segment and does not end with '/'"
        case .dotSegment: "a path has no '.' or '..' segment"
        case .pathCharacter: "a path segment has only a-z, A-Z, 0-9, '.', '-' and '_'"
        }
    }
}
