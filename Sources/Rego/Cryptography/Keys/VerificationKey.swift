// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import SwiftASN1

/// A key to verify tokens with, and what a key set says of it.
struct VerificationKey: Sendable {
    /// What verifies.
    let key: PublicKey
    /// The algorithm that the key is for, as its owner wrote it; empty if any.
    var algorithm: [UInt8] = []
    /// The key's name; empty if it has none.
    var identifier: [UInt8] = []

    /// The keys of a PEM certificate, a PEM public key, a JSON web key or a set of them.
    static func read(
        _ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> [VerificationKey] {
        try context.charge(text.count / 16)
        let (block, rest) = PEMBlock.first(in: Array(text)[...])
        if let block = block {
            if !rest.isEmpty { throw .value("extra data after a PEM certificate block") }
            return [VerificationKey(key: try read(block))]
        }
        let document: Value
        switch try EmbeddedJSON.read(text, context) {
        case .success(let value): document = value
        case .failure(let error): throw .value("failed to parse a JWK key (set): \(error.message)")
        }
        var keys: [VerificationKey] = []
        try context.charge(max(document.named("keys").count, 1) &* readingCost)
        do throws(JSONWebKey.Malformed) {
            for key in try JSONWebKey.set(document) {
                if !key.algorithm.isEmpty, SignatureAlgorithm(name: key.algorithm) == nil { continue }
                keys.append(
                    VerificationKey(
                        key: try key.publicKey(), algorithm: key.algorithm, identifier: key.identifier))
            }
        } catch {
            throw .value("failed to parse a JWK key (set): \(error.message)")
        }
        return keys
    }

    /// The public key of a certificate or a public key in PEM.
    static func read(_ block: PEMBlock) throws(BuiltinFailure) -> PublicKey {
        if block.isType("CERTIFICATE") {
            do throws(Certificate.Malformed) {
                return try Certificate(block.bytes[...]).publicKey.key
            } catch {
                throw .value("failed to parse a PEM certificate: \(error.message)")
            }
        }
        if block.isType("PUBLIC KEY") {
            guard let node = ASN1Node.read(block.bytes[...]), let key = SubjectPublicKey(node) else {
                throw .value("failed to parse a PEM public key: asn1: structure error: malformed public key")
            }
            return key.key
        }
        throw .value("failed to extract a Key from the PEM certificate")
    }
}
