// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `io.jwt.*`.
enum TokenBuiltins {
    private static let namedMembers = RegoType.map(.string, .any)

    static let all: [Builtin] =
        [
            Builtin(
                "io.jwt.decode", [.string], .array([.anyObject, .anyObject, .string], rest: nil)
            ) { arguments, context throws(BuiltinFailure) in
                try decode(arguments.utf8(0), context, depth: 0)
            },
            Builtin(
                "io.jwt.decode_verify", [.string, namedMembers],
                .array([.boolean, .anyObject, .anyObject], rest: nil), traits: .nondeterministic
            ) { arguments, context throws(BuiltinFailure) in
                try TokenVerification.decodeAndVerify(arguments.string(0), arguments.object(1), context)
            },
            Builtin(
                "io.jwt.encode_sign", [namedMembers, namedMembers, namedMembers], .string, traits: .nondeterministic
            ) { arguments, context throws(BuiltinFailure) in
                let header = try EmbeddedJSON.write(arguments.object(0), context)
                let payload = try EmbeddedJSON.write(arguments.object(1), context)
                let key = try EmbeddedJSON.write(arguments.object(2), context)
                return try TokenSigning.sign(header: header.utf8, payload: payload.utf8, key: key.utf8, context)
            },
            Builtin(
                "io.jwt.encode_sign_raw", [.string, .string, .string], .string, traits: .nondeterministic
            ) { arguments, context throws(BuiltinFailure) in
                let key = try arguments.utf8(2)
                return try TokenSigning.sign(
                    header: arguments.utf8(0), payload: arguments.utf8(1), key: key, context)
            },
        ]
        + SignatureAlgorithm.allCases.map { algorithm in
            Builtin(
                Text("io.jwt.verify_\(algorithm.rawValue.lowercased())"), [.string, .string], .boolean
            ) { arguments, context throws(BuiltinFailure) in
                try .boolean(verify(arguments.string(0), arguments.string(1), algorithm, context))
            }
        }

    /// Header, payload and signature, not verified.
    private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext, depth: Int
    ) throws(BuiltinFailure) -> Value {
        try context.charge(text.count / 16)
        let token = try SignedToken(text)
        let header = try token.decodedHeader(context)
        let contentType = header.named("cty")
        if contentType.isDefined, !contentType.isString { throw .value("cty: must be a string") }
        if contentType.isText("JWT") {
            if depth >= TokenVerification.depthLimit { throw .value("tokens are nested too deeply") }
            // Some issuers quote a token within a token.
            var inner = try token.payloadBytes()[...]
            while let last = inner.last, isQuote(last) { inner.removeLast() }
            inner = inner.drop(while: isQuote)
            return try inner.withUnsafeBufferPointer { bytes throws(BuiltinFailure) in
                try decode(bytes, context, depth: depth &+ 1)
            }
        }
        let payload = try token.decodedPayload(context)
        let signature = try token.signatureBytes(errorPrefix: "JWT signature had invalid encoding: ")
        let result = context.heap.emptyArray(capacity: 3)
        context.heap.append(header, to: result)
        context.heap.append(payload, to: result)
        context.heap.append(context.heap.string(Hexadecimal.encode(signature)), to: result)
        return result
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    /// Whether a token's signature is right under a key or, with the algorithms of that family, a secret.
    private static func verify(
        _ text: Value, _ key: Value, _ algorithm: SignatureAlgorithm, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Bool {
        try context.charge(16 &+ text.utf8.count / 16)
        let token = try SignedToken(text.utf8)
        let store = TokenStore.of(context)
        if algorithm.family == .secret {
            let signature = try token.signatureBytes()
            return store.code(of: key, algorithm.hash).isValid(signature, over: UnsafeRawBufferPointer(token.signed))
        }
        let keys = try store.keys(of: key, context)
        let signature = try token.signatureBytes()
        let header = try TokenHeader(token.decodedHeader(context))
        return try VerificationKey.verify(
            signature, over: token.signed, algorithm, header, keys: keys, context)
    }
}
