// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Why a chain is no X509-SVID, or none that is trusted.
public enum X509SVIDError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no certificate.
    case emptyChain
    /// There are more certificates than ``SVIDLimits/certificates``.
    case tooManyCertificates
    /// They are longer than ``SVIDLimits/bytes`` together.
    case tooManyBytes
    /// One of them cannot be read.
    case certificate(CertificateError)
    /// The private key is none, or another's.
    case key(SigningKeyError)
    /// The leaf is not of version 3.
    case version
    /// An extension of the leaf cannot be read.
    case extensionUnreadable(CertificateExtension)
    /// The leaf has no URI subject alternative name, or several.
    case uriNames(Int)
    /// The URI is no SPIFFE ID.
    case id(SPIFFEIDError)
    /// The SPIFFE ID has no path: it names a trust domain and not a workload.
    case noPath
    /// The subject is empty and the subject alternative name is not critical.
    case namesNotCritical
    /// The leaf says that it is an authority.
    case leafIsAuthority
    /// The leaf's key usage is missing, lacks digitalSignature, or has keyCertSign or cRLSign.
    case keyUsage
    /// The leaf's extended key usage lacks the purpose in use.
    case purpose(CertificatePurpose)
    /// The leaf ends before it begins.
    case validity
    /// There is no bundle for the trust domain.
    case untrustedDomain(TrustDomain)
    /// No path leads to the bundle.
    case path(PathError)

    /// What is wrong.
    public var description: String {
        switch self {
        case .emptyChain: "there is no certificate"
        case .tooManyCertificates: "the chain has more than \(SVIDLimits.standard.certificates) certificates"
        case .tooManyBytes: "the chain has more than \(SVIDLimits.standard.bytes) bytes"
        case .certificate(let error): "\(error)"
        case .key(let error): "\(error)"
        case .version: "the leaf is not an X.509 version 3 certificate"
        case .extensionUnreadable(let name): "the leaf's extension \(name.rawValue) cannot be read"
        case .uriNames(let count): "the leaf has \(count) URI subject alternative names instead of one"
        case .id(let error): "the leaf's URI is no SPIFFE ID: \(error)"
        case .noPath: "the leaf's SPIFFE ID has no path"
        case .namesNotCritical: "the leaf has an empty subject and a subject alternative name that is not critical"
        case .leafIsAuthority: "the leaf is an authority's certificate"
        case .keyUsage: "the leaf's key usage must have digitalSignature and neither keyCertSign nor cRLSign"
        case .purpose(let purpose): "the leaf's extended key usage has no \(purpose.rawValue)"
        case .validity: "the leaf ends before it begins"
        case .untrustedDomain(let domain): "there is no trust bundle for \(domain)"
        case .path(let error): "\(error)"
        }
    }
}

/// What a certificate is presented for.
public enum CertificatePurpose: String, Sendable, Hashable, CaseIterable {
    /// To be recognised as the server of a TLS connection.
    case serverAuthentication = "serverAuth"
    /// To be recognised as the client of a TLS connection.
    case clientAuthentication = "clientAuth"
}

/// An extension by the name that RFC 5280 gives it.
public enum CertificateExtension: String, Sendable, Hashable, CaseIterable {
    /// Who the certificate speaks for.
    case subjectAlternativeName
    /// Whether it is an authority's.
    case basicConstraints
    /// What its key may do.
    case keyUsage
    /// What it may be presented for.
    case extendedKeyUsage
    /// Which names its subordinates may have.
    case nameConstraints
    /// The issuer's key.
    case authorityKeyIdentifier
    /// Its own key.
    case subjectKeyIdentifier
    /// Where more about the issuer is found.
    case authorityInformationAccess
    /// Policies that a path must have.
    case policyConstraints
}
