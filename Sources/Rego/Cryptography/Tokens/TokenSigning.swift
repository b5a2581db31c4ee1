// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// `io.jwt.encode_sign` and `io.jwt.encode_sign_raw`.
enum TokenSigning {
    /// A signed token in compact form.
    static func sign(
        header: UnsafeBufferPointer<UInt8>, payload: UnsafeBufferPointer<UInt8>, key: UnsafeBufferPointer<UInt8>,
        _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Value {
        try context.checkString((header.count &+ payload.count) &* 2)
        let key = try signingKey(key, context)
        let (algorithm, type) = try parameters(header, context)
        if type.isUndefined || type.isText("JWT") {
            guard case .success = try EmbeddedJSON.read(payload, context) else {
                throw .value("type is JWT but payload is not JSON")
            }
        }
        var token = Base64.url.encode(header, padded: false)
        token.append(UInt8(ascii: "."))
        token.append(contentsOf: Base64.url.encode(payload, padded: false))
        try context.charge(2000 &+ token.count / 16)
        let signature: [UInt8]?
        do throws(JSONWebKey.Malformed) {
            signature = try key.privateKey().signature(of: token, algorithm)
        } catch {
            throw .value("failed to sign: \(error.message)")
        }
        guard let signature = signature else {
            throw .value("failed to sign: the key is of another kind than \(algorithm.rawValue) takes")
        }
        token.append(UInt8(ascii: "."))
        token.append(contentsOf: Base64.url.encode(signature, padded: false))
        return context.heap.string(token)
    }

    private static func signingKey(
        _ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> JSONWebKey {
        let document: Value
        switch try EmbeddedJSON.read(text, context) {
        case .success(let value): document = value
        case .failure(let error): throw .value("failed to unmarshal JWK set: \(error.message)")
        }
        let keys: [JSONWebKey]
        do throws(JSONWebKey.Malformed) {
            keys = try JSONWebKey.set(document)
        } catch {
            throw .value("failed to unmarshal JWK set: \(error.message)")
        }
        guard let key = keys.first else { throw .value("no keys found in JWK set") }
        return key
    }

    private static func parameters(
        _ header: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> (algorithm: SignatureAlgorithm, type: Value) {
        let fault = "missing or invalid 'alg' header: "
        if header.isEmpty { throw .value(fault + "cannot parse JSON: cannot parse empty string; unparsed tail: \"\"") }
        let members: Value
        switch try EmbeddedJSON.read(header, context) {
        case .success(let value): members = value
        case .failure(let error): throw .value(fault + "cannot parse JSON: \(error.message)")
        }
        let name = members.named("alg")
        if name.isUndefined { throw .value(fault + "jwsbb: header \"alg\" not found") }
        if !name.isString { throw .value(fault + "jwsbb: header \"alg\" is not a string") }
        guard let algorithm = SignatureAlgorithm(name: name.utf8) else {
            throw .value("unknown JWS algorithm: \(name.string)")
        }
        let type = members.named("typ")
        return (algorithm, type.isString ? type : .undefined)
    }
}
