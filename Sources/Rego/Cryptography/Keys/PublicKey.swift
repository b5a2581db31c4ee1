// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import CryptoExtras

/// What verifies signatures.
enum PublicKey: Sendable {
    case rsa(RSANumbers, _RSA.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
    /// A secret that both sides share.
    case secret([UInt8])
    /// A key of a kind that verifies nothing here (DSA, X25519, a curve unknown).
    case unusable

    /// The numbers of an RSA key, big-endian without leading zeros.
    struct RSANumbers: Sendable {
        let modulus: [UInt8]
        let exponent: [UInt8]
    }

    /// Makes an RSA key of its numbers.
    init?(modulus: some Sequence<UInt8>, exponent: some Sequence<UInt8>) {
        let modulus = Array(modulus.drop { $0 == 0 })
        let exponent = Array(exponent.drop { $0 == 0 })
        // BoringSSL takes 512 to 16,384 bits; verification time grows with the square.
        guard modulus.count >= 64, modulus.count <= 1024, !exponent.isEmpty, exponent.count <= 4,
            let key = try? _RSA.Signing.PublicKey(n: modulus, e: exponent)
        else { return nil }
        self = .rsa(RSANumbers(modulus: modulus, exponent: exponent), key)
    }

    /// Whether a signature over a message is right. A key of another family than the algorithm's is not tried.
    func isValid(
        _ signature: [UInt8], over message: UnsafeBufferPointer<UInt8>, _ algorithm: SignatureAlgorithm
    ) -> Bool {
        let message = UnsafeRawBufferPointer(message)
        switch (self, algorithm.family) {
        case (.secret(let secret), .secret):
            return MessageCode(key: secret, algorithm.hash).isValid(signature, over: message)
        case (.rsa(_, let key), .rsa):
            return Self.isValidRSA(signature, over: message, algorithm, key)
        case (.ed25519(let key), .edwardsCurve):
            return signature.count == 64 && key.isValidSignature(signature, for: message)
        case (_, .ellipticCurve):
            return isValidEllipticCurve(signature, over: message, algorithm)
        default: return false
        }
    }

    private static func isValidRSA(
        _ signature: [UInt8], over message: UnsafeRawBufferPointer, _ algorithm: SignatureAlgorithm,
        _ key: _RSA.Signing.PublicKey
    ) -> Bool {
        let signature = _RSA.Signing.RSASignature(rawRepresentation: signature)
        let padding: _RSA.Signing.Padding = algorithm.isPSS ? .PSS : .insecurePKCS1v1_5
        switch algorithm.hash {
        case .sha256: return key.isValidSignature(signature, for: SHA256.hash(data: message), padding: padding)
        case .sha384: return key.isValidSignature(signature, for: SHA384.hash(data: message), padding: padding)
        case .sha512: return key.isValidSignature(signature, for: SHA512.hash(data: message), padding: padding)
        }
    }

    private func isValidEllipticCurve(
        _ signature: [UInt8], over message: UnsafeRawBufferPointer, _ algorithm: SignatureAlgorithm
    ) -> Bool {
        switch (self, algorithm) {
        case (.p256(let key), .es256):
            guard let signature = try? P256.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA256.hash(data: message))
        case (.p384(let key), .es384):
            guard let signature = try? P384.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA384.hash(data: message))
        case (.p521(let key), .es512):
            guard let signature = try? P521.Signing.ECDSASignature(rawRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: SHA512.hash(data: message))
        default: return false
        }
    }
}
