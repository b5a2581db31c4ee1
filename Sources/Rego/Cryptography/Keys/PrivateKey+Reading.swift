// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto
import SwiftASN1

extension PrivateKey {
    /// Whether a block is of a type that holds a private key.
    static func isKey(_ block: PEMBlock) -> Bool {
        block.isType("RSA PRIVATE KEY") || block.isType("PRIVATE KEY") || block.isType("EC PRIVATE KEY")
    }

    /// Reads the key of a block.
    init?(_ block: PEMBlock) {
        if block.isType("RSA PRIVATE KEY") {
            self.init(pkcs1: block.bytes[...])
        } else if block.isType("PRIVATE KEY") {
            self.init(pkcs8: block.bytes[...])
        } else if block.isType("EC PRIVATE KEY") {
            self.init(sec1: block.bytes[...])
        } else {
            return nil
        }
    }

    /// Reads a key in the form of RFC 8017 (`RSA PRIVATE KEY`).
    init?(pkcs1 bytes: ArraySlice<UInt8>) {
        guard let parts = ASN1Node.read(bytes)?.sequence, parts.count >= 9, parts[0].smallInteger == 0 else {
            return nil
        }
        var numbers: [[UInt8]] = []
        for part in parts[1...8] {
            guard let bytes = part.unsignedBytes else { return nil }
            numbers.append(Array(bytes))
        }
        self.init(
            RSANumbers(
                modulus: numbers[0], exponent: numbers[1], privateExponent: numbers[2],
                primes: [numbers[3], numbers[4]], precomputed: [numbers[5], numbers[6], numbers[7]]))
    }

    /// Reads a key in the form of RFC 5208 (`PRIVATE KEY`).
    init?(pkcs8 bytes: ArraySlice<UInt8>) {
        guard let parts = ASN1Node.read(bytes)?.sequence, parts.count >= 3, let algorithm = parts[1].sequence,
            let identifier = algorithm.first?.objectIdentifier, let content = parts[2].octets
        else { return nil }
        switch identifier {
        case [1, 2, 840, 113_549, 1, 1, 1]: self.init(pkcs1: content)
        case SubjectPublicKey.ellipticCurve:
            self.init(sec1: content, curve: algorithm.dropFirst().first?.objectIdentifier)
        case SubjectPublicKey.ed25519:
            guard let seed = ASN1Node.read(content)?.octets,
                let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: Array(seed))
            else { return nil }
            self = .ed25519(key)
        default: return nil
        }
    }

    /// Reads a key in the form of RFC 5915 (`EC PRIVATE KEY`).
    init?(sec1 bytes: ArraySlice<UInt8>, curve: [UInt]? = nil) {
        guard let parts = ASN1Node.read(bytes)?.sequence, parts.count >= 2, parts[0].smallInteger == 1,
            let secret = parts[1].octets
        else { return nil }
        let named = parts.first { $0.isContext(0) }?.parts.first?.objectIdentifier
        guard let curve = curve ?? named else { return nil }
        self.init(curve: curve, secret: secret)
    }
}
