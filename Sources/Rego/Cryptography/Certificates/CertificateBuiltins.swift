// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Crypto

/// `crypto.x509.*` and `crypto.parse_private_keys`.
enum CertificateBuiltins {
    private static let members = RegoType.map(.string, .any)
    private static let verdict = RegoType.array([.boolean, .list(members)], rest: nil)

    // Whether a chain is valid depends on the time, so that it must not be computed ahead.
    static let all: [Builtin] = [
        Builtin("crypto.x509.parse_certificates", [.string], .list(members)) {
            arguments, context throws(BuiltinFailure) in
            let certificates = try certificates(arguments.utf8(0), context)
            let writer = ValueWriter(heap: context.heap)
            return writer.array(certificates.map { $0.value(writer, withResourceTexts: true) })
        },
        Builtin(
            "crypto.x509.parse_and_verify_certificates", [.string], verdict, traits: .nondeterministic
        ) { arguments, context throws(BuiltinFailure) in
            let demands = CertificateChain.Demands(seconds: seconds(context.time))
            return try verify(arguments.utf8(0), demands, withResourceTexts: true, context)
        },
        Builtin(
            "crypto.x509.parse_and_verify_certificates_with_options", [.string, members], verdict,
            traits: .nondeterministic
        ) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.utf8(0)
            let demands = try CertificateChain.Demands(options: arguments.object(1), seconds: seconds(context.time))
            return try verify(text, demands, withResourceTexts: false, context)
        },
        Builtin("crypto.x509.parse_certificate_request", [.string], members) {
            arguments, context throws(BuiltinFailure) in
            try request(arguments.utf8(0), context)
        },
        Builtin(
            "crypto.x509.parse_keypair", [.string, .string], members
        ) { arguments, context throws(BuiltinFailure) in
            try pair(arguments.utf8(0), arguments.utf8(1), context)
        },
        Builtin("crypto.x509.parse_rsa_private_key", [.string], members) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.utf8(0)
            if text.isEmpty { throw .value("input PEM data was empty") }
            let key = try privateKeys(try pem(text, context), context).first
            return key.map { $0.webKey(ValueWriter(heap: context.heap)) } ?? .null
        },
        Builtin("crypto.parse_private_keys", [.string], .list(members)) { arguments, context throws(BuiltinFailure) in
            let text = try arguments.utf8(0)
            if text.isEmpty { return .null }
            try context.charge(text.count / 4)
            let bytes = (try? Base64.standard.decode(text)) ?? Array(text)
            let writer = ValueWriter(heap: context.heap)
            return writer.array(try privateKeys(bytes, context).map { $0.value(writer) })
        },
    ]

    private static func seconds(_ nanoseconds: Int64) -> Int64 {
        nanoseconds / 1_000_000_000
    }

    /// A PEM text, or what a base64 text stands for.
    private static func pem(
        _ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> [UInt8] {
        try context.charge(text.count / 4)
        if PEMBlock.opens(text) { return Array(text) }
        do throws(Base64.Corrupt) {
            return try Base64.standard.decode(text)
        } catch {
            throw .value(error.message)
        }
    }

    private static func certificates(
        _ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> [Certificate] {
        var bytes = try pem(text, context)
        if PEMBlock.opens(bytes) {
            let blocks = PEMBlock.all(in: bytes)
            if let other = blocks.first(where: { !$0.isType("CERTIFICATE") }) {
                throw .value("PEM block type is '\(other.typeName)', expected CERTIFICATE")
            }
            bytes = blocks.flatMap { $0.bytes }
        }
        guard let parts = DERSequence.split(bytes) else { throw .value("x509: malformed certificate") }
        try context.charge(parts.count &* VerificationKey.readingCost)
        var certificates: [Certificate] = []
        do throws(Certificate.Malformed) {
            for part in parts { certificates.append(try Certificate(part)) }
        } catch {
            throw .value(error.message)
        }
        return certificates
    }

    private static func verify(
        _ text: UnsafeBufferPointer<UInt8>, _ demands: CertificateChain.Demands, withResourceTexts: Bool,
        _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let writer = ValueWriter(heap: context.heap)
        let certificates: [Certificate]
        do throws(BuiltinFailure) {
            certificates = try self.certificates(text, context)
        } catch {
            if case .limit = error { throw error }
            return writer.array([.boolean(false), writer.array([])])
        }
        guard let chain = try CertificateChain.verify(certificates, demands, context) else {
            return writer.array([.boolean(false), writer.array([])])
        }
        let values = chain.map { $0.value(writer, withResourceTexts: withResourceTexts) }
        return writer.array([.boolean(true), writer.array(values)])
    }

    private static func request(
        _ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        var bytes = try pem(text, context)
        if let block = PEMBlock.first(in: bytes[...]).block {
            if !block.isType("CERTIFICATE REQUEST") { throw .value("invalid PEM-encoded certificate signing request") }
            bytes = block.bytes
        }
        guard let request = CertificateRequest(bytes[...]) else {
            throw .value("asn1: structure error: malformed certificate request")
        }
        return request.value(ValueWriter(heap: context.heap))
    }

    private static func pair(
        _ certificateText: UnsafeBufferPointer<UInt8>, _ keyText: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        let certificateBytes = try pem(certificateText, context)
        let keyBytes = try pem(keyText, context)
        let encoded =
            PEMBlock.opens(certificateBytes)
            ? PEMBlock.all(in: certificateBytes).filter { $0.isType("CERTIFICATE") }.map { $0.bytes }
            : [certificateBytes]
        guard let first = encoded.first else { throw .value("tls: failed to find any PEM data in certificate input") }
        let leaf: Certificate
        do throws(Certificate.Malformed) {
            leaf = try Certificate(first[...])
        } catch {
            throw .value(error.message)
        }
        let key = PEMBlock.opens(keyBytes) ? try privateKeys(keyBytes, context).first : privateKey(keyBytes[...])
        guard let key = key else { throw .value("tls: failed to parse private key") }
        guard key.publicKey.isSame(as: leaf.publicKey.key) else {
            throw .value("tls: private key does not match public key")
        }
        let writer = ValueWriter(heap: context.heap)
        return writer.object([
            ("Certificate", writer.array(encoded.map { writer.bytes($0[...]) })), ("PrivateKey", key.value(writer)),
            ("SupportedSignatureAlgorithms", .null), ("OCSPStaple", .null), ("SignedCertificateTimestamps", .null),
            ("Leaf", leaf.value(writer, withResourceTexts: false)),
        ])
    }

    /// A key in any of the forms that private keys have.
    private static func privateKey(_ bytes: ArraySlice<UInt8>) -> PrivateKey? {
        PrivateKey(pkcs1: bytes) ?? PrivateKey(pkcs8: bytes) ?? PrivateKey(sec1: bytes)
    }

    /// The private keys of a PEM text.
    private static func privateKeys(
        _ text: [UInt8], _ context: BuiltinContext
    ) throws(BuiltinFailure) -> [PrivateKey] {
        var keys: [PrivateKey] = []
        for block in PEMBlock.all(in: text) where PrivateKey.isKey(block) {
            try context.charge(VerificationKey.cost)
            guard let key = PrivateKey(block) else { throw .value("x509: failed to parse private key") }
            keys.append(key)
        }
        return keys
    }
}

extension PublicKey {
    /// Whether both are the same key.
    fileprivate func isSame(as other: PublicKey) -> Bool {
        switch (self, other) {
        case (.rsa(let left, _), .rsa(let right, _)):
            left.modulus == right.modulus && left.exponent == right.exponent
        case (.ed25519(let left), .ed25519(let right)):
            Array(left.rawRepresentation) == Array(right.rawRepresentation)
        default:
            if let left = coordinates, let right = other.coordinates {
                left.x.elementsEqual(right.x) && left.y.elementsEqual(right.y)
            } else {
                false
            }
        }
    }
}
