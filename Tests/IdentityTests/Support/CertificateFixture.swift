// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import FoundationEssentials
import Identity
import SwiftASN1
import X509

/// What a certificate of a test says; each member may be wrong on purpose.
struct CertificateTemplate {
    var subject = "leaf"
    var names: [GeneralName] = []
    var namesAreCritical = false
    var constraints: BasicConstraints? = .notCertificateAuthority
    var constraintsAreCritical = true
    var usage: KeyUsage? = KeyUsage(digitalSignature: true)
    var purposes: [ExtendedKeyUsage.Usage]? = [.serverAuth, .clientAuth]
    var nameConstraints: NameConstraints?
    var notBefore: Int64 = CertificateTemplate.now - 10
    var notAfter: Int64 = CertificateTemplate.now + 3600
    var version: Certificate.Version = .v3
    var hasSubjectKey = true
    var hasAuthorityKey = true

    /// The time at which tests take place, in Unix seconds.
    static let now: Int64 = 1_800_000_000

    /// The leaf of a workload.
    static func leaf(_ id: String, names: [GeneralName] = []) -> CertificateTemplate {
        CertificateTemplate(names: [.uniformResourceIdentifier(id)] + names)
    }

    /// An authority.
    static func authority(_ subject: String, uri: String? = nil, maximumPathLength: Int? = nil) -> CertificateTemplate {
        CertificateTemplate(
            subject: subject, names: uri.map { [.uniformResourceIdentifier($0)] } ?? [],
            constraints: .isCertificateAuthority(maxPathLength: maximumPathLength),
            usage: KeyUsage(keyCertSign: true, cRLSign: true), purposes: nil, notBefore: now - 86400,
            notAfter: now + 86400)
    }
}

/// An authority of a test: a certificate and its key.
struct TestAuthority {
    let certificate: EncodedCertificate
    let key: SigningKey

    /// A root.
    init(_ template: CertificateTemplate = .authority("root"), key: SigningKey = .generate()) throws {
        certificate = try Self.issue(template, publicKey: key.publicKey, issuer: nil, key: key)
        self.key = key
    }

    /// An intermediate.
    init(_ template: CertificateTemplate, issuedBy issuer: TestAuthority, key: SigningKey = .generate()) throws {
        certificate = try issuer.issue(template, publicKey: key.publicKey)
        self.key = key
    }

    func issue(_ template: CertificateTemplate, publicKey: Certificate.PublicKey? = nil) throws -> EncodedCertificate {
        try Self.issue(
            template, publicKey: publicKey ?? SigningKey.generate().publicKey, issuer: certificate.certificate, key: key
        )
    }

    private static func issue(
        _ template: CertificateTemplate, publicKey: Certificate.PublicKey, issuer: Certificate?, key: SigningKey
    ) throws -> EncodedCertificate {
        let subject = try DistinguishedName {
            if !template.subject.isEmpty { CommonName(template.subject) }
        }
        var extensions = Certificate.Extensions()
        if let constraints = template.constraints {
            try extensions.append(.init(constraints, critical: template.constraintsAreCritical))
        }
        if let usage = template.usage { try extensions.append(.init(usage, critical: true)) }
        if let purposes = template.purposes {
            try extensions.append(.init(ExtendedKeyUsage(purposes), critical: false))
        }
        if let constraints = template.nameConstraints { try extensions.append(.init(constraints, critical: true)) }
        if !template.names.isEmpty {
            try extensions.append(.init(SubjectAlternativeNames(template.names), critical: template.namesAreCritical))
        }
        if template.hasSubjectKey {
            try extensions.append(.init(SubjectKeyIdentifier(hash: publicKey), critical: false))
        }
        if template.hasAuthorityKey, let issuer {
            let issuerKey = SubjectKeyIdentifier(hash: issuer.publicKey)
            let identifier = AuthorityKeyIdentifier(keyIdentifier: issuerKey.keyIdentifier)
            try extensions.append(.init(identifier, critical: false))
        }
        let certificate = try Certificate(
            version: template.version, serialNumber: .init(), publicKey: publicKey,
            notValidBefore: Date(timeIntervalSince1970: Double(template.notBefore)),
            notValidAfter: Date(timeIntervalSince1970: Double(template.notAfter)), issuer: issuer?.subject ?? subject,
            subject: subject, extensions: template.version == .v1 ? Certificate.Extensions() : extensions,
            issuerPrivateKey: key.certificateKey)
        return try EncodedCertificate(certificate)
    }
}

extension TrustBundles {
    /// The bundle of one trust domain.
    static func only(
        _ trustDomain: String, _ authorities: [TestAuthority], keys: [VerificationKey] = [], version: UInt64 = 1
    ) throws -> TrustBundles {
        let domain = try TrustDomain(parsing: trustDomain)
        let x509 = X509Bundle(trustDomain: domain, authorities: authorities.map(\.certificate))
        let bundle = TrustBundle(x509: x509, jwt: JWTBundle(trustDomain: domain, authorities: keys))
        return TrustBundles(bundle.map { [$0] } ?? [], version: version)
    }
}
