// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why no path leads from a leaf to a trusted certificate. Of several reasons it is the one nearest to a path.
public enum PathError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Nobody among the presented and the trusted certificates issued the last certificate.
    case noIssuer
    /// The path would be longer than ``SVIDLimits/pathLength``.
    case tooLong
    /// Looking for a path took more than ``SVIDLimits/signatures`` or ``SVIDLimits/comparisons``.
    case tooMuchWork
    /// A signature is not the issuer's.
    case signature
    /// A certificate's time has not come.
    case notYetValid
    /// A certificate's time is over.
    case expired
    /// A key or a signature algorithm is too weak or not supported.
    case weakCryptography
    /// An issuer is not of version 3, or not marked as an authority.
    case notAnAuthority
    /// An issuer's key usage has no keyCertSign.
    case keyUsage
    /// There are more intermediate certificates than an issuer allows.
    case pathLengthConstraint
    /// A name is one that an issuer may not vouch for, or is in a form that cannot be compared.
    case nameConstraint
    /// A critical extension is not understood, or one is critical that must not be, or is not that must be.
    case criticality(CertificateExtension?)
    /// An extension cannot be read or contradicts another.
    case malformed(CertificateExtension?)
    /// A serial number is zero, negative or longer than 20 bytes.
    case serialNumber
    /// An issuer's name is empty.
    case emptyIssuer
    /// An issuer's URI is of another trust domain, has a path or stands beside others.
    case issuerTrustDomain

    /// What is wrong.
    public var description: String {
        switch self {
        case .noIssuer: "no trusted authority issued the certificate"
        case .tooLong: "the chain to an authority is too long"
        case .tooMuchWork: "looking for a chain to an authority takes too much work"
        case .signature: "a signature in the chain is wrong"
        case .notYetValid: "a certificate in the chain is not valid yet"
        case .expired: "a certificate in the chain has expired"
        case .weakCryptography: "a key or signature in the chain is too weak"
        case .notAnAuthority: "an issuer in the chain is no authority"
        case .keyUsage: "an issuer in the chain may not sign certificates"
        case .pathLengthConstraint: "an issuer in the chain does not allow so many below it"
        case .nameConstraint: "an issuer in the chain may not vouch for the name"
        case .criticality(let name): "the criticality of \(name?.rawValue ?? "an unknown extension") is not acceptable"
        case .malformed(let name): "\(name?.rawValue ?? "an extension") in the chain is malformed"
        case .serialNumber: "a serial number in the chain is not between 1 and 20 bytes and positive"
        case .emptyIssuer: "a certificate in the chain names no issuer"
        case .issuerTrustDomain: "an issuer in the chain is of another trust domain"
        }
    }
}
