// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `io.jwt.decode_verify`.
enum TokenVerification {
    /// How deep a token may stand in a token.
    static let depthLimit = 8

    /// `[true, header, payload]` if the signature and the claims are right, else `[false, {}, {}]`.
    static func decodeAndVerify(_ token: Value, _ constraints: Value, _ context: BuiltinContext)
        throws(BuiltinFailure) -> Value
    {
        let demands = try TokenConstraints(constraints, time: context.time)
        let store = TokenStore.of(context)
        if let known = store.verified(token, demands) {
            try context.charge(8)
            if try !demands.hold(for: known.payload) {
                store.forget(token, demands)
                return refusal(context)
            }
            return answer(known.header.copy(to: context.heap), known.payload.copy(to: context.heap), context)
        }
        let keys = demands.certificate.isDefined ? try store.keys(of: demands.certificate, context) : []
        try context.charge(16 &+ token.byteCount / 16)
        let verifier = Verifier(demands: demands, keys: keys, store: store, context: context)
        guard let content = try verifier.verify(token.utf8, depth: 0) else { return refusal(context) }
        if try !demands.hold(for: content.payload) { return refusal(context) }
        store.keep(token, demands, header: content.header, payload: content.payload)
        return answer(content.header, content.payload, context)
    }

    private static func answer(_ header: Value, _ payload: Value, _ context: BuiltinContext) -> Value {
        let result = context.heap.emptyArray(capacity: 3)
        context.heap.append(.boolean(true), to: result)
        context.heap.append(header, to: result)
        context.heap.append(payload, to: result)
        return result
    }

    private static func refusal(_ context: BuiltinContext) -> Value {
        let result = context.heap.emptyArray(capacity: 3)
        context.heap.append(.boolean(false), to: result)
        context.heap.append(context.heap.emptyObject(), to: result)
        context.heap.append(context.heap.emptyObject(), to: result)
        return result
    }

    private struct Verifier {
        let demands: TokenConstraints
        let keys: [VerificationKey]
        let store: TokenStore
        let context: BuiltinContext

        /// The header and the payload of a token, innermost if nested; nil if a signature is not right.
        func verify(
            _ text: UnsafeBufferPointer<UInt8>, depth: Int
        ) throws(BuiltinFailure) -> (header: Value, payload: Value)? {
            let token = try SignedToken(text)
            let header = try TokenHeader(token.decodedHeader(context))
            if header.algorithm.utf8.isEmpty || header.isBeyondUnderstanding { return nil }
            if !demands.algorithm.utf8.isEmpty, !demands.algorithm.isEqual(to: header.algorithm) { return nil }
            guard try isRight(token, header) else { return nil }
            if !header.isNested { return (header.object, try token.decodedPayload(context)) }
            if depth >= TokenVerification.depthLimit { throw .value("tokens are nested too deeply") }
            let inner = try token.payloadBytes()
            return try inner.withUnsafeBufferPointer { bytes throws(BuiltinFailure) in
                try verify(bytes, depth: depth &+ 1)
            }
        }

        /// Whether the signature is right. The algorithm's family decides which keys are tried at all.
        private func isRight(_ token: SignedToken, _ header: TokenHeader) throws(BuiltinFailure) -> Bool {
            let signature = try token.signatureBytes()
            guard let algorithm = SignatureAlgorithm(name: header.algorithm.utf8) else { return false }
            if demands.secret.isDefined {
                guard algorithm.family == .secret else { return false }
                return store.code(of: demands.secret, algorithm.hash)
                    .isValid(signature, over: UnsafeRawBufferPointer(token.signed))
            }
            return try VerificationKey.verify(
                signature, over: token.signed, algorithm, header, keys: keys, context)
        }
    }
}

extension VerificationKey {
    /// Whether one of the keys verifies: the one that the header names if it is there, else each that is for the
    /// algorithm.
    static func verify(
        _ signature: [UInt8], over message: UnsafeBufferPointer<UInt8>, _ algorithm: SignatureAlgorithm,
        _ header: TokenHeader, keys: [VerificationKey], _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Bool {
        let name = header.keyIdentifier.utf8
        if !name.isEmpty, let named = keys.first(where: { $0.identifier.elementsEqual(name) }) {
            try context.charge(cost)
            return named.key.isValid(signature, over: message, algorithm)
        }
        for key in keys {
            if !key.algorithm.isEmpty, !key.algorithm.elementsEqual(header.algorithm.utf8) { continue }
            try context.charge(cost)
            if key.key.isValid(signature, over: message, algorithm) { return true }
        }
        return false
    }

    /// What one verification costs, in instructions.
    static let cost = 1000
    /// What reading a key costs, in instructions.
    static let readingCost = 100
}
