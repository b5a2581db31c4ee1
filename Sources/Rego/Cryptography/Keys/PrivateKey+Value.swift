// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto

extension PrivateKey {
    /// What Go's encoder makes of the key.
    func value(_ writer: ValueWriter) -> Value {
        switch self {
        case .rsa(let numbers, _):
            let names: [Text] = ["Dp", "Dq", "Qinv"]
            let precomputed = zip(names, numbers.precomputed).map { (name: $0, value: writer.unsigned($1)) }
            return writer.object([
                ("N", writer.unsigned(numbers.modulus)), ("E", writer.unsigned(numbers.exponent)),
                ("D", writer.unsigned(numbers.privateExponent)),
                ("Primes", writer.array(numbers.primes.map(writer.unsigned))),
                ("Precomputed", writer.object(precomputed + [(name: "CRTValues", value: writer.array([]))])),
            ])
        case .p256(let key): return curve(Array(key.rawRepresentation), writer)
        case .p384(let key): return curve(Array(key.rawRepresentation), writer)
        case .p521(let key): return curve(Array(key.rawRepresentation), writer)
        case .ed25519(let key):
            return writer.bytes((Array(key.rawRepresentation) + Array(key.publicKey.rawRepresentation))[...])
        case .secret(let bytes): return writer.bytes(bytes[...])
        }
    }

    private func curve(_ secret: [UInt8], _ writer: ValueWriter) -> Value {
        guard let point = publicKey.coordinates else { return .null }
        return writer.object([
            ("Curve", writer.object([])), ("X", writer.unsigned(point.x)), ("Y", writer.unsigned(point.y)),
            ("D", writer.unsigned(secret)),
        ])
    }

    /// The key as a JSON web key.
    func webKey(_ writer: ValueWriter) -> Value {
        func text(_ bytes: some RandomAccessCollection<UInt8>) -> Value {
            writer.string(Base64.url.encode(bytes, padded: false))
        }
        func curve(_ name: String, _ secret: [UInt8]) -> Value {
            guard let point = publicKey.coordinates else { return .null }
            return writer.object([
                ("kty", writer.string("EC")), ("crv", writer.string(name)), ("x", text(point.x)), ("y", text(point.y)),
                ("d", text(secret)),
            ])
        }
        switch self {
        case .rsa(let numbers, _):
            let names: [Text] = ["p", "q", "dp", "dq", "qi"]
            let parts = zip(names, numbers.primes + numbers.precomputed).map { (name: $0, value: text($1)) }
            return writer.object(
                [
                    ("kty", writer.string("RSA")), ("n", text(numbers.modulus)), ("e", text(numbers.exponent)),
                    ("d", text(numbers.privateExponent)),
                ] + parts)
        case .p256(let key): return curve("P-256", Array(key.rawRepresentation))
        case .p384(let key): return curve("P-384", Array(key.rawRepresentation))
        case .p521(let key): return curve("P-521", Array(key.rawRepresentation))
        case .ed25519(let key):
            return writer.object([
                ("kty", writer.string("OKP")), ("crv", writer.string("Ed25519")),
                ("x", text(Array(key.publicKey.rawRepresentation))), ("d", text(Array(key.rawRepresentation))),
            ])
        case .secret(let bytes): return writer.object([("kty", writer.string("oct")), ("k", text(bytes))])
        }
    }
}
