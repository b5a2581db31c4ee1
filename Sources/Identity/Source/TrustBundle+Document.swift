// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials
public import Protocols
internal import X509

extension TrustBundle {
    /// The bundle of a trust domain from its document. Which trust domain it is for is the caller's knowledge and never the
    /// document's.
    ///
    /// Certificates and keys that cannot be used are left out.
    public init(_ document: BundleDocument, trustDomain: TrustDomain) {
        x509 = X509Bundle(
            trustDomain: trustDomain, authorities: document.x509Authorities.compactMap(Self.certificate))
        jwt = JWTBundle(
            trustDomain: trustDomain, authorities: document.jwtAuthorities.compactMap { try? VerificationKey($0) })
        sequence = document.sequence
        refreshHint = document.refreshHint
    }

    /// Reads a bundle document.
    ///
    /// - Throws: ``BundleDocumentError``.
    public init(parsing bytes: [UInt8], trustDomain: TrustDomain) throws(BundleDocumentError) {
        self.init(try BundleDocument(parsing: bytes), trustDomain: trustDomain)
    }

    /// The document that publishes the bundle.
    public var document: JSONValue {
        var keys: [JSONValue] = []
        for authority in x509.authorities {
            guard let parameters = JSONWebKey.Parameters(of: authority.certificate.publicKey),
                var entry = JSONWebKey(parameters, use: "x509-svid").json.object
            else { continue }
            entry["x5c"] = [.string(StrictBase64.standard.text(authority.der))]
            keys.append(.object(entry))
        }
        for authority in jwt.authorities {
            var key = authority.jsonWebKey
            key.use = "jwt-svid"
            keys.append(key.json)
        }
        var object = JSONObject()
        object["keys"] = .array(keys)
        object["spiffe_sequence"] = sequence.map { .integer($0) }
        object["spiffe_refresh_hint"] = refreshHint.map { .integer($0) }
        return .object(object)
    }

    private static func certificate(_ entry: BundleDocument.X509Authority) -> EncodedCertificate? {
        guard let certificate = try? EncodedCertificate(der: entry.der),
            JSONWebKey.Parameters(of: certificate.certificate.publicKey) == entry.parameters
        else { return nil }
        return certificate
    }
}

extension JWTBundle {
    /// The bundle as the Workload API delivers it: a JWK set without `use`.
    public var keySetBytes: [UInt8] {
        let keys = authorities.map { authority in
            var key = authority.jsonWebKey
            key.use = nil
            return key
        }
        return JSONWebKeySet(keys).json.bytes
    }

    /// Reads what the Workload API delivers: a JWK set whose keys have a `kid` each and need no `use`.
    ///
    /// - Throws: ``KeySetError``.
    public init(parsing bytes: [UInt8], trustDomain: TrustDomain) throws(KeySetError) {
        let set = try JSONWebKeySet(parsing: bytes)
        self.init(trustDomain: trustDomain, authorities: set.keys.compactMap { try? VerificationKey($0) })
    }
}

extension TrustBundles {
    /// Reads `{"trust_domains": {"name": bundle}}`. A name that stands there twice is refused with the whole text.
    ///
    /// - Throws: ``BundleDocumentError``.
    public init(parsing bytes: [UInt8], version: UInt64) throws(BundleDocumentError) {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue(parsing: bytes, limits: JSONLimits(bytes: 4 << 20, depth: 16))
        } catch {
            throw .json(error)
        }
        guard let domains = value["trust_domains"]?.object else { throw .trustDomains }
        var bundles: [TrustBundle] = []
        for member in domains.members {
            guard let trustDomain = try? TrustDomain(mapKey: member.name) else { throw .trustDomains }
            bundles.append(TrustBundle(try BundleDocument(member.value), trustDomain: trustDomain))
        }
        guard Set(bundles.map(\.trustDomain)).count == bundles.count else { throw .trustDomains }
        self.init(bundles, version: version)
    }

    /// These bundles with one replaced, or nil when its sequence is lower than that of the one it replaces: an older
    /// document never comes back.
    public func replacing(_ bundle: TrustBundle) -> TrustBundles? {
        let known = self[bundle.trustDomain]
        if let old = known?.sequence, (bundle.sequence ?? 0) < old { return nil }
        guard known != bundle else { return self }
        return TrustBundles(all.filter { $0.trustDomain != bundle.trustDomain } + [bundle], version: version &+ 1)
    }
}

extension JSONWebKey.Parameters {
    /// The numbers of a certificate's key.
    init?(of key: Certificate.PublicKey) {
        if let key = P256.Signing.PublicKey(key) {
            self.init(curve: .p256, point: Array(key.rawRepresentation))
        } else if let key = P384.Signing.PublicKey(key) {
            self.init(curve: .p384, point: Array(key.rawRepresentation))
        } else if let key = P521.Signing.PublicKey(key) {
            self.init(curve: .p521, point: Array(key.rawRepresentation))
        } else if let key = Curve25519.Signing.PublicKey(key) {
            self = .ed25519(Array(key.rawRepresentation))
        } else if let key = _RSA.Signing.PublicKey(key), let primitives = try? key.getKeyPrimitives() {
            self = .rsa(
                modulus: Array(primitives.modulus.drop { $0 == 0 }),
                exponent: Array(primitives.publicExponent.drop { $0 == 0 }))
        } else {
            return nil
        }
    }

    /// A point with both coordinates one after the other.
    private init(curve: JSONWebKey.Curve, point: [UInt8]) {
        let half = point.count / 2
        self = .ellipticCurve(curve: curve, x: Array(point.prefix(half)), y: Array(point.suffix(half)))
    }
}
