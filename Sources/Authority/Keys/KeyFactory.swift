// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import X509

/// Makes keys, seals them, and opens them again.
struct KeyFactory: Sendable {
    /// The `use` of keys for JWT-SVIDs in a bundle.
    static let jwtUse = "jwt-svid"

    let configuration: AuthorityConfiguration
    let sealer: Sealer

    /// Makes a key.
    ///
    /// - Returns: What is stored, and the private half.
    func make(
        _ kind: KeyKind, _ stage: KeyStage, in ring: KeyRing, now: Int64
    ) throws(AuthorityError) -> (stored: StoredKey, key: SigningKey) {
        guard ring.keys.count < KeyRing.largestCount else {
            throw .unavailable("\(ring.keys.count) \(kind.rawValue) keys are known already; is the clock right?")
        }
        let key = SigningKey.generate()
        let notAfter = now &+ ring.schedule.lifetime
        let id: String
        let publicBytes: [UInt8]
        var notBefore = now
        switch kind {
        case .x509:
            notBefore = now &- CertificateProfile.authorityBackdating
            let root = try CertificateProfile.root(
                key, trustDomain: configuration.trustDomain, validity: notBefore...notAfter)
            publicBytes = root.der
            id = CertificateProfile.keyID(key.publicKey)
        case .jwt:
            let verification = try Self.verificationKey(of: key)
            id = verification.jsonWebKey.thumbprint
            publicBytes = Self.point(of: verification)
        }
        let sealed = try sealer.seal(key.secretPKCS8(), purpose: purpose(kind, id))
        let record = AuthorityKey(
            kind: kind, id: id, stage: stage, notBefore: notBefore, notAfter: notAfter, published: now)
        return (StoredKey(key: record, publicBytes: publicBytes, sealed: sealed), key)
    }

    /// Opens the private half of a key.
    func open(_ key: AuthorityKey, in book: KeyBook) throws(AuthorityError) -> SigningKey {
        guard let sealed = book.sealed(key), let publicBytes = book.publicBytes(of: key) else {
            throw .sealed("the private half of \(key.kind.rawValue) key \(key.id) is missing")
        }
        let opened = try sealer.open(sealed, purpose: purpose(key.kind, key.id))
        guard let secret = try? SigningKey(pkcs8: opened) else { throw .sealed("what was sealed is no key") }
        let isSame =
            switch key.kind {
            case .x509: Self.certificate(publicBytes)?.certificate.publicKey == secret.publicKey
            case .jwt: Self.point(of: try Self.verificationKey(of: secret)) == publicBytes
            }
        guard isSame else { throw .sealed("a sealed key does not belong to its public half") }
        return secret
    }

    /// The certificate of a root, as it is stored.
    static func certificate(_ publicBytes: [UInt8]) -> EncodedCertificate? { try? EncodedCertificate(der: publicBytes) }

    /// The public half of a JWT key, as it is stored.
    static func verificationKey(_ publicBytes: [UInt8], id: String) -> VerificationKey? {
        guard publicBytes.count == 65, publicBytes.first == 4 else { return nil }
        let parameters = JSONWebKey.Parameters.ellipticCurve(
            curve: .p256, x: Array(publicBytes[1..<33]), y: Array(publicBytes[33...]))
        return try? VerificationKey(JSONWebKey(parameters, keyID: id, use: jwtUse))
    }

    /// Binds a sealed key to its place.
    private func purpose(_ kind: KeyKind, _ id: String) -> String {
        "\(configuration.trustDomain.name) \(kind.rawValue) \(id)"
    }

    private static func verificationKey(of key: SigningKey) throws(AuthorityError) -> VerificationKey {
        do throws(VerificationKeyError) {
            return try VerificationKey(key, use: jwtUse)
        } catch {
            throw .unavailable("a key for JWT-SVIDs could not be made")
        }
    }

    private static func point(of key: VerificationKey) -> [UInt8] {
        guard case .ellipticCurve(_, let x, let y) = key.jsonWebKey.parameters else { return [] }
        return [4] + x + y
    }
}
