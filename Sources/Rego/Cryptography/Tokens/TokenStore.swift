// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What one evaluator keeps of tokens and keys, so that the same token costs one verification.
///
/// An entry is found by the whole token, the whole text of the key and the demanded algorithm; only tokens whose
/// signature is right
/// get in. Claims are judged anew at each use. Sizes are bounded: a new entry takes the place of an old one.
final class TokenStore {
    /// A token whose signature was right.
    final class VerifiedToken {
        let token: [UInt8]
        let key: [UInt8]
        let isKeySecret: Bool
        let algorithm: [UInt8]
        /// Where header and payload are.
        let heap: Heap
        let header: Value
        let payload: Value

        init(_ token: Value, _ constraints: TokenConstraints, header: Value, payload: Value) {
            self.token = Array(token.utf8)
            key = Array(constraints.key.utf8)
            isKeySecret = constraints.secret.isDefined
            algorithm = Array(constraints.algorithm.utf8)
            heap = Heap(firstChunk: 4096)
            self.header = header.copy(to: heap)
            self.payload = payload.copy(to: heap)
        }

        func isFor(_ token: Value, _ constraints: TokenConstraints) -> Bool {
            isKeySecret == constraints.secret.isDefined && self.token.isSame(as: token.utf8)
                && key.isSame(as: constraints.key.utf8) && algorithm.isSame(as: constraints.algorithm.utf8)
        }
    }

    private struct KeyEntry {
        let text: [UInt8]
        let keys: [VerificationKey]
    }

    private struct SecretEntry {
        let secret: [UInt8]
        let code: MessageCode
    }

    private var tokens: [VerifiedToken?]
    private var keys: [UInt64: KeyEntry] = [:]
    private var codes: [UInt64: SecretEntry] = [:]

    /// Tokens kept at most.
    static let tokenCount = 256
    /// Bytes of a token that is kept.
    static let tokenBytes = 8192
    /// Key texts and secrets kept at most.
    static let keyCount = 64
    private static let name = "io.jwt"

    private init() {
        tokens = Array(repeating: nil, count: Self.tokenCount)
    }

    /// The store of an evaluator.
    static func of(_ context: BuiltinContext) -> TokenStore {
        if let known = context.caches[name] as? TokenStore { return known }
        let store = TokenStore()
        context.caches[name] = store
        return store
    }

    private func slot(_ token: Value, _ constraints: TokenConstraints) -> Int {
        Int(truncatingIfNeeded: (token.stringHash ^ constraints.key.stringHash) & UInt64(Self.tokenCount &- 1))
    }

    /// The token, if its signature was found right with the same key.
    func verified(_ token: Value, _ constraints: TokenConstraints) -> VerifiedToken? {
        guard let entry = tokens[slot(token, constraints)], entry.isFor(token, constraints) else { return nil }
        return entry
    }

    /// Keeps a token whose signature is right, unless it is too long.
    func keep(_ token: Value, _ constraints: TokenConstraints, header: Value, payload: Value) {
        guard token.byteCount <= Self.tokenBytes else { return }
        tokens[slot(token, constraints)] = VerifiedToken(token, constraints, header: header, payload: payload)
    }

    /// Forgets a token whose claims do not hold, such as one that has expired.
    func forget(_ token: Value, _ constraints: TokenConstraints) {
        tokens[slot(token, constraints)] = nil
    }

    /// The keys of a text.
    func keys(of text: Value, _ context: BuiltinContext) throws(BuiltinFailure) -> [VerificationKey] {
        let hash = text.stringHash
        if let entry = keys[hash], entry.text.isSame(as: text.utf8) { return entry.keys }
        let read = try VerificationKey.read(text.utf8, context)
        if keys.count >= Self.keyCount { keys.removeAll(keepingCapacity: true) }
        keys[hash] = KeyEntry(text: Array(text.utf8), keys: read)
        return read
    }

    /// The prepared code of a secret.
    func code(of secret: Value, _ hash: SignatureAlgorithm.Hash) -> MessageCode {
        let number: UInt64 =
            switch hash {
            case .sha256: 1
            case .sha384: 2
            case .sha512: 3
            }
        let name = secret.stringHash &+ number
        if let entry = codes[name], entry.secret.isSame(as: secret.utf8), entry.code.isOf(hash) { return entry.code }
        let code = MessageCode(key: secret.utf8, hash)
        if codes.count >= Self.keyCount { codes.removeAll(keepingCapacity: true) }
        codes[name] = SecretEntry(secret: Array(secret.utf8), code: code)
        return code
    }
}

extension TokenConstraints {
    /// The text of whichever key is demanded.
    var key: Value { secret.isDefined ? secret : certificate }
}

extension TokenStore {
    /// Forgets every token.
    func removeTokens() {
        tokens = Array(repeating: nil, count: Self.tokenCount)
    }
}

extension [UInt8] {
    /// Whether these are the same bytes, compared by eight.
    fileprivate func isSame(as other: UnsafeBufferPointer<UInt8>) -> Bool {
        guard count == other.count else { return false }
        let other = UnsafeRawBufferPointer(other)
        return withUnsafeBytes { bytes in
            var position = 0
            while position &+ 8 <= bytes.count {
                let left = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
                if left != other.loadUnaligned(fromByteOffset: position, as: UInt64.self) { return false }
                position &+= 8
            }
            while position < bytes.count {
                if bytes[position] != other[position] { return false }
                position &+= 1
            }
            return true
        }
    }
}
