// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The three sections of a signed token in compact form (RFC 7515), still encoded.
struct SignedToken {
    /// The protected header.
    let header: UnsafeBufferPointer<UInt8>
    /// The payload.
    let payload: UnsafeBufferPointer<UInt8>
    /// The signature.
    let signature: UnsafeBufferPointer<UInt8>
    /// What is signed: the header, a dot and the payload.
    let signed: UnsafeBufferPointer<UInt8>

    /// Cuts a token apart; the bytes must outlive it.
    init(_ text: UnsafeBufferPointer<UInt8>) throws(BuiltinFailure) {
        var first = -1
        var second = -1
        var dots = 0
        for (position, byte) in text.enumerated() where byte == UInt8(ascii: ".") {
            dots &+= 1
            if dots == 1 { first = position }
            if dots == 2 { second = position }
        }
        if dots == 0 { throw .value("encoded JWT had no period separators") }
        if dots != 2 { throw .value("encoded JWT must have 3 sections, found \(dots &+ 1)") }
        header = UnsafeBufferPointer(rebasing: text[..<first])
        payload = UnsafeBufferPointer(rebasing: text[(first &+ 1)..<second])
        signature = UnsafeBufferPointer(rebasing: text[(second &+ 1)...])
        signed = UnsafeBufferPointer(rebasing: text[..<second])
    }

    /// The header as an object.
    func decodedHeader(_ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        let object: Value
        switch try Self.object(header, context) {
        case .success(let value): object = value
        case .failure(.encoding(let message)): throw .value("JWT header had invalid encoding: \(message)")
        case .failure(.content(let message)): throw .value("bad JWT header: \(message)")
        }
        if object.named("enc").isDefined { throw .value("JWT is a JWE object, which is not supported") }
        return object
    }

    /// The payload as an object.
    func decodedPayload(_ context: BuiltinContext) throws(BuiltinFailure) -> Value {
        switch try Self.object(payload, context) {
        case .success(let value): return value
        case .failure(.encoding(let message)): throw .value("JWT payload had invalid encoding: \(message)")
        case .failure(.content(let message)): throw .value(message)
        }
    }

    /// The bytes of the payload.
    func payloadBytes() throws(BuiltinFailure) -> [UInt8] {
        do throws(Base64.Corrupt) {
            return try Base64.url.decodeUnpadded(payload)
        } catch {
            throw .value("JWT payload had invalid encoding: \(error.message)")
        }
    }

    /// The bytes of the signature.
    ///
    /// - Parameter prefix: what stands before the words of an error.
    func signatureBytes(errorPrefix prefix: String = "") throws(BuiltinFailure) -> [UInt8] {
        do throws(Base64.Corrupt) {
            return try Base64.url.decodeUnpadded(signature)
        } catch {
            throw .value(prefix + error.message)
        }
    }

    private enum Unreadable: Error {
        case encoding(String)
        case content(String)
    }

    private static func object(
        _ text: UnsafeBufferPointer<UInt8>, _ context: BuiltinContext
    ) throws(BuiltinFailure) -> Result<Value, Unreadable> {
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: text.count / 4 &* 3 &+ 6) {
            buffer throws(BuiltinFailure) in
            let count: Int
            do throws(Base64.Corrupt) {
                count = try Base64.url.decode(text, padding: Base64.url.missingPadding(text), into: buffer)
            } catch {
                return .failure(.encoding(error.message))
            }
            switch try EmbeddedJSON.read(UnsafeBufferPointer(rebasing: buffer[..<count]), context) {
            case .failure(let error): return .failure(.content("invalid JSON: \(error.message)"))
            case .success(let value) where value.tag == .object: return .success(value)
            case .success: return .failure(.content("decoded JSON type was not an Object"))
            }
        }
    }
}
