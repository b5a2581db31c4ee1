// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Crypto
internal import CryptoExtras
internal import FoundationEssentials
public import X509

/// A private key that signs. No text form of it shows anything of the key.
public struct SigningKey: Sendable {
    enum Material: Sendable {
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
    }

    let material: Material

    /// Takes a P-256 key.
    public init(_ key: P256.Signing.PrivateKey) { material = .p256(key) }

    /// Makes a new P-256 key.
    public static func generate() -> SigningKey { SigningKey(P256.Signing.PrivateKey()) }

    /// Reads an unencrypted PKCS#8 key: P-256, P-384, RSA of at least 2048 bits, or Ed25519.
    ///
    /// - Throws: ``SigningKeyError`` that says nothing of the bytes.
    public init(pkcs8 der: [UInt8]) throws(SigningKeyError) {
        guard der.count <= Self.maximumBytes else { throw .unreadable }
        if let key = try? P256.Signing.PrivateKey(derRepresentation: der) {
            material = .p256(key)
        } else if let key = try? P384.Signing.PrivateKey(derRepresentation: der) {
            material = .p384(key)
        } else if let key = try? _RSA.Signing.PrivateKey(derRepresentation: der) {
            material = .rsa(key)
        } else if let seed = Self.ed25519Seed(in: der),
            let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed)
        {
            material = .ed25519(key)
        } else {
            throw .unreadable
        }
    }

    /// The key as unencrypted PKCS#8 in DER, for the Workload API and the sealed store and for nothing else.
    public func secretPKCS8() -> [UInt8] {
        switch material {
        case .p256(let key): Array(key.derRepresentation)
        case .p384(let key): Array(key.derRepresentation)
        case .rsa(let key): Array(key.pkcs8DERRepresentation)
        case .ed25519(let key): Self.ed25519Header + Array(key.rawRepresentation)
        }
    }

    /// The key as swift-certificates takes it, to sign certificates and requests.
    public var certificateKey: Certificate.PrivateKey {
        switch material {
        case .p256(let key): Certificate.PrivateKey(key)
        case .p384(let key): Certificate.PrivateKey(key)
        case .rsa(let key): Certificate.PrivateKey(key)
        case .ed25519(let key): Certificate.PrivateKey(key)
        }
    }

    /// The public half as certificates have it.
    public var publicKey: Certificate.PublicKey { certificateKey.publicKey }

    private static let maximumBytes = 16 * 1024
    /// RFC 8410 section 7: everything in front of the seed is constant.
    private static let ed25519Header: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
    ]

    private static func ed25519Seed(in der: [UInt8]) -> [UInt8]? {
        guard der.count == ed25519Header.count + 32, der.starts(with: ed25519Header) else { return nil }
        return Array(der.suffix(32))
    }
}

extension SigningKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `[redacted]`.
    public var description: String { "[redacted]" }
    /// `[redacted]`.
    public var debugDescription: String { "[redacted]" }
    /// Nothing.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Why bytes are no private key.
public enum SigningKeyError: Error, Hashable, Sendable, CustomStringConvertible {
    /// They are no unencrypted PKCS#8 key of a supported kind.
    case unreadable
    /// The key does not belong to the certificate beside it.
    case otherKey

    /// What is wrong; nothing of the key.
    public var description: String {
        switch self {
        case .unreadable: "this is no unencrypted PKCS#8 key for P-256, P-384, RSA or Ed25519"
        case .otherKey: "the private key does not belong to the certificate"
        }
    }
}
