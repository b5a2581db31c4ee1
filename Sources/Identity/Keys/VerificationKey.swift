// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

/// A public key together with the algorithms it may be used with: the key decides, never the token.
public struct VerificationKey: Sendable {
    enum Material: Sendable {
        case p256(P256.Signing.PublicKey)
        case p384(P384.Signing.PublicKey)
        case p521(P521.Signing.PublicKey)
        case rsa(_RSA.Signing.PublicKey)
        case ed25519(Curve25519.Signing.PublicKey)
    }

    let material: Material

    /// The key as JWK.
    public let jsonWebKey: JSONWebKey

    /// What signatures under this key may be made with.
    public let algorithms: Set<JWSAlgorithm>

    /// What `use` may say of a key that verifies.
    private static let uses = ["sig", "jwt-svid", "wit-svid"]

    /// Takes a key from a JWK.
    ///
    /// - Throws: ``VerificationKeyError``: the point is not on its curve, the RSA key is weak, or `alg`, `use` or `key_ops`
    ///   forbid it.
    public init(_ key: JSONWebKey) throws(VerificationKeyError) {
        let material = try Self.material(key.parameters)
        var algorithms = Self.algorithms(of: material)
        if let name = key.algorithm {
            guard let algorithm = Self.algorithm(ofKey: name), algorithms.contains(algorithm) else { throw .algorithm }
            algorithms = [algorithm]
        }
        if let operations = key.operations, !operations.contains(where: { $0.isExactly("verify") }) { throw .use }
        if let use = key.use, !Self.uses.contains(where: { $0.isExactly(use) }) { throw .use }
        self.material = material
        self.jsonWebKey = key
        self.algorithms = algorithms
    }

    /// The public half of a signing key, named by its thumbprint.
    ///
    /// - Throws: ``VerificationKeyError`` when the key is too weak.
    public init(_ key: SigningKey, use: String? = nil) throws(VerificationKeyError) {
        guard let parameters = JSONWebKey.Parameters(of: key.publicKey) else { throw .notAKey }
        var jsonWebKey = JSONWebKey(parameters, use: use)
        jsonWebKey.keyID = jsonWebKey.thumbprint
        try self.init(jsonWebKey)
    }

    /// The algorithm that a key names. `ES521` is what several published keys call ES512, after the curve; which algorithm a
    /// P-521 key has is certain all the same. Tokens have no such leave.
    private static func algorithm(ofKey name: String) -> JWSAlgorithm? {
        name.isExactly("ES521") ? .es512 : JWSAlgorithm(name: name)
    }

    private static func material(_ parameters: JSONWebKey.Parameters) throws(VerificationKeyError) -> Material {
        do {
            switch parameters {
            case .ellipticCurve(.p256, let x, let y):
                return .p256(try P256.Signing.PublicKey(x963Representation: [4] + x + y))
            case .ellipticCurve(.p384, let x, let y):
                return .p384(try P384.Signing.PublicKey(x963Representation: [4] + x + y))
            case .ellipticCurve(.p521, let x, let y):
                return .p521(try P521.Signing.PublicKey(x963Representation: [4] + x + y))
            case .rsa(let modulus, let exponent):
                guard RSAKeyCheck.isStrong(modulus: modulus, exponent: exponent) else {
                    throw VerificationKeyError.weak
                }
                return .rsa(try _RSA.Signing.PublicKey(n: modulus, e: exponent))
            case .ed25519(let point):
                return .ed25519(try Curve25519.Signing.PublicKey(rawRepresentation: point))
            }
        } catch let error as VerificationKeyError {
            throw error
        } catch {
            throw .notAKey
        }
    }

    private static func algorithms(of material: Material) -> Set<JWSAlgorithm> {
        switch material {
        case .p256: [.es256]
        case .p384: [.es384]
        case .p521: [.es512]
        case .rsa: [.rs256, .rs384, .rs512, .ps256, .ps384, .ps512]
        case .ed25519: [.edDSA]
        }
    }
}

extension VerificationKey: Hashable {
    /// Whether both have the same JWK.
    public static func == (left: VerificationKey, right: VerificationKey) -> Bool {
        left.jsonWebKey == right.jsonWebKey
    }

    /// Feeds the JWK.
    public func hash(into hasher: inout Hasher) { hasher.combine(jsonWebKey) }
}

extension VerificationKey: SignatureVerifier {
    /// Whether `signature` is one of `message` under this key with `algorithm`; false for an algorithm that is not the key's.
    public func isValid(signature: [UInt8], of message: [UInt8], algorithm: JWSAlgorithm) -> Bool {
        guard algorithms.contains(algorithm) else { return false }
        switch (material, algorithm) {
        case (.p256(let key), .es256):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: message))
        case (.p384(let key), .es384):
            guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA384.hash(data: message))
        case (.p521(let key), .es512):
            guard let signature = try? P521.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA512.hash(data: message))
        case (.ed25519(let key), .edDSA): return key.isValidSignature(signature, for: message)
        case (.rsa(let key), _): return Self.isValid(signature, of: message, algorithm: algorithm, key: key)
        default: return false
        }
    }

    private static func isValid(
        _ signature: [UInt8], of message: [UInt8], algorithm: JWSAlgorithm, key: _RSA.Signing.PublicKey
    ) -> Bool {
        // RFC 8017 section 8.1.2: the signature is as long as the modulus.
        guard signature.count == (key.keySizeInBits &+ 7) / 8 else { return false }
        let value = _RSA.Signing.RSASignature(rawRepresentation: signature)
        switch algorithm {
        case .rs256:
            return key.isValidSignature(value, for: SHA256.hash(data: message), padding: .insecurePKCS1v1_5)
        case .rs384:
            return key.isValidSignature(value, for: SHA384.hash(data: message), padding: .insecurePKCS1v1_5)
        case .rs512:
            return key.isValidSignature(value, for: SHA512.hash(data: message), padding: .insecurePKCS1v1_5)
        case .ps256: return key.isValidSignature(value, for: SHA256.hash(data: message), padding: .PSS)
        case .ps384: return key.isValidSignature(value, for: SHA384.hash(data: message), padding: .PSS)
        case .ps512: return key.isValidSignature(value, for: SHA512.hash(data: message), padding: .PSS)
        default: return false
        }
    }
}

extension JSONWebKey {
    /// The key's thumbprint with SHA-256, as base64url (RFC 7638).
    public var thumbprint: String { StrictBase64.url.text(Array(SHA256.hash(data: thumbprintInput))) }
}

/// Why a public key cannot be used.
public enum VerificationKeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The numbers are no key.
    case notAKey
    /// An RSA key below 2048 bits, above 8192, with a bad exponent or of a generator that is known to be broken.
    case weak
    /// `alg` is unknown or not one for this key.
    case algorithm
    /// `use` or `key_ops` say that the key is for something else.
    case use

    /// What is wrong.
    public var description: String {
        switch self {
        case .notAKey: "the numbers are no key of their type"
        case .weak: "the RSA key is too short, too long or of a broken generator"
        case .algorithm: "the key's alg is not one that such a key can be used with"
        case .use: "the key is not meant to verify signatures"
        }
    }
}
