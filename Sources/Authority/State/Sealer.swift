// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Crypto
internal import CryptoExtras
internal import FoundationEssentials

/// Seals private keys for the disk and opens them again.
///
/// The secret is read from its file for every use and not kept, so that it is in memory only while keys are made or the
/// authority starts. A sealed key is bound to what it is for: one cannot be put in another one's place.
struct Sealer: Sendable {
    static let fileName = "seal.key"
    private static let version: UInt8 = 1
    private static let saltBytes = 16
    private static let leastSecretBytes = 32
    private static let leastPassphraseBytes = 16

    let source: SealingKey
    /// The key file of a secret that lies beside the state.
    let keyFile: String
    /// Keeps keys for different uses apart.
    let info: String

    /// Seals with a secret from `source`.
    init(source: SealingKey, keyFile: String, info: String) {
        self.source = source
        self.keyFile = keyFile
        self.info = info
    }

    /// Seals the keys of an authority.
    init(source: SealingKey, directory: StateDirectory) {
        self.init(source: source, keyFile: directory.file(Self.fileName), info: "yett authority seal 1")
    }

    /// Makes the key file beside a state that is new.
    func createIfBesideState() throws(AuthorityError) {
        guard case .besideState = source, try PrivateFile.read(keyFile) == nil else { return }
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        try PrivateFile.create(keyFile, secret)
    }

    /// Seals a private key.
    ///
    /// - Parameter purpose: What the key is for; the same is given to open it.
    func seal(_ secret: [UInt8], purpose: String) throws(AuthorityError) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<Self.saltBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let key = try key(salt: salt)
        guard
            let box = try? AES.GCM.seal(secret, using: key, authenticating: Array(purpose.utf8)),
            let combined = box.combined
        else { throw .sealed("sealing failed") }
        return [Self.version] + salt + Array(combined)
    }

    /// Opens a sealed private key.
    func open(_ sealed: [UInt8], purpose: String) throws(AuthorityError) -> [UInt8] {
        guard sealed.count > 1 + Self.saltBytes, sealed.first == Self.version else {
            throw .sealed("a sealed key has a form that this version does not know")
        }
        let key = try key(salt: Array(sealed[1..<(1 + Self.saltBytes)]))
        guard let box = try? AES.GCM.SealedBox(combined: sealed[(1 + Self.saltBytes)...]),
            let opened = try? AES.GCM.open(box, using: key, authenticating: Array(purpose.utf8))
        else {
            throw .sealed("the sealing secret does not open them; put the one back with which they were sealed")
        }
        return Array(opened)
    }

    private func key(salt: [UInt8]) throws(AuthorityError) -> SymmetricKey {
        switch source {
        case .besideState: return try derive(fromFile: keyFile, salt)
        case .file(let path): return try derive(fromFile: path, salt)
        case .passphrase(let path):
            guard var phrase = try PrivateFile.read(path) else { throw .sealed("\(path) is missing") }
            if phrase.last == UInt8(ascii: "\n") { phrase.removeLast() }
            guard phrase.count >= Self.leastPassphraseBytes else {
                throw .sealed("the passphrase in \(path) has less than \(Self.leastPassphraseBytes) bytes")
            }
            // RFC 7914 with 32 MiB of memory.
            guard
                let key = try? KDF.Scrypt.deriveKey(
                    from: phrase, salt: salt, outputByteCount: 32, rounds: 1 << 15, blockSize: 8, parallelism: 1)
            else { throw .sealed("no key could be derived from the passphrase") }
            return key
        }
    }

    private func derive(fromFile path: String, _ salt: [UInt8]) throws(AuthorityError) -> SymmetricKey {
        guard let secret = try PrivateFile.read(path) else {
            throw .sealed("\(path) is missing; put the file back with which they were sealed")
        }
        guard secret.count >= Self.leastSecretBytes else {
            throw .sealed("\(path) has less than \(Self.leastSecretBytes) bytes")
        }
        return HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: secret), salt: salt, info: Array(info.utf8),
            outputByteCount: 32)
    }
}
