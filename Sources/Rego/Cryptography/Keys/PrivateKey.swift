// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import CryptoExtras
import SwiftASN1

/// What makes signatures.
enum PrivateKey: Sendable {
    case rsa(RSANumbers, _RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)
    /// A secret that both sides share.
    case secret([UInt8])

    /// The numbers of an RSA key, big-endian without leading zeros.
    struct RSANumbers: Sendable {
        var modulus: [UInt8]
        var exponent: [UInt8]
        var privateExponent: [UInt8]
        var primes: [[UInt8]]
        /// The private exponent modulo the first prime less one, the same of the second, and the inverse of the second.
        var precomputed: [[UInt8]]
    }

    /// Makes an RSA key of its numbers.
    init?(_ numbers: RSANumbers) {
        let parts = numbers.primes + numbers.precomputed + [numbers.exponent, numbers.privateExponent]
        guard numbers.primes.count == 2, numbers.modulus.count >= 64, numbers.modulus.count <= 1024,
            parts.allSatisfy({ $0.count <= numbers.modulus.count }),
            let key = try? _RSA.Signing.PrivateKey(
                n: numbers.modulus, e: numbers.exponent, d: numbers.privateExponent, p: numbers.primes[0],
                q: numbers.primes[1])
        else { return nil }
        self = .rsa(numbers, key)
    }

    /// Makes a key of a curve by its object identifier and the secret number.
    init?(curve: [UInt], secret: some Collection<UInt8>) {
        func padded(_ size: Int) -> [UInt8] {
            let digits = Array(secret.drop { $0 == 0 })
            return [UInt8](repeating: 0, count: max(0, size &- digits.count)) + digits
        }
        switch curve {
        case SubjectPublicKey.p256:
            guard let key = try? P256.Signing.PrivateKey(rawRepresentation: padded(32)) else { return nil }
            self = .p256(key)
        case SubjectPublicKey.p384:
            guard let key = try? P384.Signing.PrivateKey(rawRepresentation: padded(48)) else { return nil }
            self = .p384(key)
        case SubjectPublicKey.p521:
            guard let key = try? P521.Signing.PrivateKey(rawRepresentation: padded(66)) else { return nil }
            self = .p521(key)
        default: return nil
        }
    }

    /// The key that verifies.
    var publicKey: PublicKey {
        switch self {
        case .rsa(let numbers, _): PublicKey(modulus: numbers.modulus, exponent: numbers.exponent) ?? .unusable
        case .p256(let key): .p256(key.publicKey)
        case .p384(let key): .p384(key.publicKey)
        case .p521(let key): .p521(key.publicKey)
        case .ed25519(let key): .ed25519(key.publicKey)
        case .secret(let bytes): .secret(bytes)
        }
    }

    /// The signature of a message; nil if the key is of another family than the algorithm's.
    func signature(of message: [UInt8], _ algorithm: SignatureAlgorithm) -> [UInt8]? {
        switch (self, algorithm.family) {
        case (.secret(let secret), .secret):
            return message.withUnsafeBytes { MessageCode(key: secret, algorithm.hash).code(of: $0) }
        case (.rsa(_, let key), .rsa): return Self.signature(of: message, algorithm, key)
        case (.ed25519(let key), .edwardsCurve): return (try? key.signature(for: message)).map(Array.init)
        case (.p256(let key), .ellipticCurve) where algorithm == .es256:
            return (try? key.signature(for: SHA256.hash(data: message))).map { Array($0.rawRepresentation) }
        case (.p384(let key), .ellipticCurve) where algorithm == .es384:
            return (try? key.signature(for: SHA384.hash(data: message))).map { Array($0.rawRepresentation) }
        case (.p521(let key), .ellipticCurve) where algorithm == .es512:
            return (try? key.signature(for: SHA512.hash(data: message))).map { Array($0.rawRepresentation) }
        default: return nil
        }
    }

    private static func signature(
        of message: [UInt8], _ algorithm: SignatureAlgorithm, _ key: _RSA.Signing.PrivateKey
    ) -> [UInt8]? {
        let padding: _RSA.Signing.Padding = algorithm.isPSS ? .PSS : .insecurePKCS1v1_5
        let signature =
            switch algorithm.hash {
            case .sha256: try? key.signature(for: SHA256.hash(data: message), padding: padding)
            case .sha384: try? key.signature(for: SHA384.hash(data: message), padding: padding)
            case .sha512: try? key.signature(for: SHA512.hash(data: message), padding: padding)
            }
        return signature?.withUnsafeBytes { Array($0) }
    }
}
