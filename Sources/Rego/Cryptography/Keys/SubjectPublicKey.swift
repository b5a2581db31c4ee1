// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import CryptoExtras
import SwiftASN1

/// A public key with what certificates say of it (RFC 5280, SubjectPublicKeyInfo).
struct SubjectPublicKey: Sendable {
    /// The numbers that Go gives to kinds of keys.
    enum Kind: Int64, Sendable {
        case unknown = 0
        case rsa = 1
        case dsa = 2
        case ellipticCurve = 3
        case ed25519 = 4
    }

    /// Which kind of key.
    let kind: Kind
    /// What verifies.
    let key: PublicKey
    /// The key's bytes as encoded.
    let bits: ArraySlice<UInt8>

    private static let rsa: [UInt] = [1, 2, 840, 113_549, 1, 1, 1]
    private static let rsaPSS: [UInt] = [1, 2, 840, 113_549, 1, 1, 10]
    private static let dsa: [UInt] = [1, 2, 840, 10_040, 4, 1]
    static let ellipticCurve: [UInt] = [1, 2, 840, 10_045, 2, 1]
    static let ed25519: [UInt] = [1, 3, 101, 112]
    static let p256: [UInt] = [1, 2, 840, 10_045, 3, 1, 7]
    static let p384: [UInt] = [1, 3, 132, 0, 34]
    static let p521: [UInt] = [1, 3, 132, 0, 35]

    /// Reads a SubjectPublicKeyInfo; nil if it is malformed.
    init?(_ node: ASN1Node) {
        guard let parts = node.sequence, parts.count == 2, let algorithm = parts[0].sequence,
            let identifier = algorithm.first?.objectIdentifier, let bits = parts[1].bits
        else { return nil }
        self.bits = bits
        let parameter = algorithm.dropFirst().first
        switch identifier {
        case Self.rsa:
            guard let numbers = ASN1Node.read(bits)?.sequence, numbers.count == 2,
                let modulus = numbers[0].unsignedBytes, let exponent = numbers[1].unsignedBytes
            else { return nil }
            kind = .rsa
            key = PublicKey(modulus: modulus, exponent: exponent) ?? .unusable
        case Self.ellipticCurve:
            guard let curve = parameter?.objectIdentifier, let key = PublicKey(curve: curve, point: bits) else {
                return nil
            }
            kind = .ellipticCurve
            self.key = key
        case Self.ed25519:
            guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: Array(bits)) else { return nil }
            kind = .ed25519
            self.key = .ed25519(key)
        default:
            kind = identifier == Self.dsa ? .dsa : .unknown
            key = .unusable
        }
    }
}

extension PublicKey {
    /// Makes a key of a curve by its object identifier and the uncompressed point; nil if the point is not on it.
    init?(curve: [UInt], point: some Sequence<UInt8>) {
        let point = Array(point)
        switch curve {
        case SubjectPublicKey.p256:
            guard let key = try? P256.Signing.PublicKey(x963Representation: point) else { return nil }
            self = .p256(key)
        case SubjectPublicKey.p384:
            guard let key = try? P384.Signing.PublicKey(x963Representation: point) else { return nil }
            self = .p384(key)
        case SubjectPublicKey.p521:
            guard let key = try? P521.Signing.PublicKey(x963Representation: point) else { return nil }
            self = .p521(key)
        default: return nil
        }
    }

    /// The coordinates of a point on a curve, each as long as the curve's field; nil for other keys.
    var coordinates: (x: ArraySlice<UInt8>, y: ArraySlice<UInt8>)? {
        let point: [UInt8]
        switch self {
        case .p256(let key): point = Array(key.rawRepresentation)
        case .p384(let key): point = Array(key.rawRepresentation)
        case .p521(let key): point = Array(key.rawRepresentation)
        default: return nil
        }
        return (point.prefix(point.count / 2), point.suffix(point.count / 2))
    }
}
