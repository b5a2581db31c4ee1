// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A key that signs or verifies texts in the compact form of JSON web signatures, outside of policies.
package struct SignatureKey: Sendable {
    /// What the key is for.
    package enum Use: Sendable {
        case signing
        case verifying
    }

    private let algorithm: SignatureAlgorithm
    private let publicKey: PublicKey
    private let privateKey: PrivateKey?

    /// Reads a key: the secret itself for `HS*`, else PEM.
    ///
    /// - Returns: nil if the algorithm is unknown or the text is no key for it.
    package init?(algorithm name: String, text: [UInt8], for use: Use) {
        guard let algorithm = SignatureAlgorithm(name: Array(name.utf8)) else { return nil }
        self.algorithm = algorithm
        if algorithm.family == .secret {
            guard !text.isEmpty else { return nil }
            publicKey = .secret(text)
            privateKey = .secret(text)
            return
        }
        let blocks = PEMBlock.all(in: text)
        guard blocks.count == 1, let block = blocks.first else { return nil }
        switch use {
        case .signing:
            guard let key = PrivateKey(block), key.signature(of: [], algorithm) != nil else { return nil }
            privateKey = key
            publicKey = key.publicKey
        case .verifying:
            guard let key = try? VerificationKey.read(block), key.family == algorithm.family else { return nil }
            privateKey = nil
            publicKey = key
        }
    }

    /// The compact form of a signed payload.
    ///
    /// - Parameter keyIdentifier: the name of the key in the header.
    package func sign(_ payload: [UInt8], keyIdentifier: String?) -> [UInt8]? {
        let heap = Heap()
        defer { withExtendedLifetime(heap) {} }
        let header = heap.emptyObject()
        heap.insert(heap.string("alg"), heap.string(algorithm.rawValue), into: header)
        heap.insert(heap.string("typ"), heap.string("JWT"), into: header)
        if let name = keyIdentifier { heap.insert(heap.string("kid"), heap.string(name), into: header) }
        var token = Base64.url.encode(JSONWriter.bytes(header), padded: false)
        token.append(UInt8(ascii: "."))
        token.append(contentsOf: Base64.url.encode(payload, padded: false))
        guard let signature = privateKey?.signature(of: token, algorithm) else { return nil }
        return token + [UInt8(ascii: ".")] + Base64.url.encode(signature, padded: false)
    }

    /// Whether a text in compact form is signed with the key's algorithm and the key.
    package func verifies(_ token: [UInt8]) -> Bool {
        let context = BuiltinContext(heap: Heap())
        defer { withExtendedLifetime(context) {} }
        return token.withUnsafeBufferPointer { bytes in
            guard let token = try? SignedToken(bytes), let object = try? token.decodedHeader(context),
                let header = try? TokenHeader(object), !header.isBeyondUnderstanding,
                SignatureAlgorithm(name: header.algorithm.utf8) == algorithm,
                let signature = try? token.signatureBytes()
            else { return false }
            return publicKey.isValid(signature, over: token.signed, algorithm)
        }
    }

    /// Header and payload of a text in compact form, not verified; nil if it is no such text.
    package static func decode(_ token: [UInt8]) -> (header: [UInt8], payload: [UInt8])? {
        token.withUnsafeBufferPointer { bytes in
            guard let token = try? SignedToken(bytes), let payload = try? token.payloadBytes(),
                let header = try? Base64.url.decodeUnpadded(token.header)
            else { return nil }
            return (header, payload)
        }
    }
}

extension PublicKey {
    /// Which algorithms the key is for; nil if for none.
    fileprivate var family: SignatureAlgorithm.Family? {
        switch self {
        case .rsa: .rsa
        case .p256, .p384, .p521: .ellipticCurve
        case .ed25519: .edwardsCurve
        case .secret: .secret
        case .unusable: nil
        }
    }
}
