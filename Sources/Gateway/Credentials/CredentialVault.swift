// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Authority
internal import Storage
internal import YettConfiguration

/// Where secrets are kept that the gate was given while it ran: in its state, sealed.
struct CredentialVault: Sendable {
    private let database: StateDatabase
    private let sealer: StateSealer

    /// Keeps secrets in a database.
    init(_ database: StateDatabase, sealer: StateSealer) {
        self.database = database
        self.sealer = sealer
    }

    /// Keeps secrets in the gate's state, sealed as the configuration says of the authority's keys.
    ///
    /// - Throws: ``GatewayError`` when the file with the sealing secret cannot be named.
    init(_ configuration: GateConfiguration, _ database: StateDatabase) throws(GatewayError) {
        do throws(SecretReader.Fault) {
            let source: SealingKey =
                switch configuration.identity.sealing {
                case nil: .besideState
                case .key(let reference): .file(try SecretReader.path(of: reference))
                case .passphrase(let reference): .passphrase(file: try SecretReader.path(of: reference))
                }
            self.init(
                database,
                sealer: StateSealer(source: source, keyFile: configuration.audit.directory + "/" + Self.keyFile))
        } catch {
            throw GatewayError(["identity.sealing: \(error)"], isConfiguration: true)
        }
    }

    /// The key file in the directory of the gate's state.
    private static let keyFile = "seal.key"

    /// The latest token that replaced one; `nil` when none did.
    ///
    /// - Parameter first: What the configuration refers to; a token that replaced another one does not count.
    func token(of name: String, replacing first: String) throws(CredentialVaultError) -> String? {
        do {
            guard let kept = try database.credential(named: name) else { return nil }
            let origin = Self.origin(first)
            guard kept.origin.utf8.elementsEqual(origin.utf8) else { return nil }
            let bytes = try sealer.open(kept.sealed, purpose: Self.purpose(name, origin))
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            throw CredentialVaultError(description: "a refresh token that was kept cannot be read: \(error)")
        }
    }

    /// Keeps a token before it is needed; it is on the device when this returns.
    func keep(_ token: String, of name: String, replacing first: String) throws(CredentialVaultError) {
        do {
            let origin = Self.origin(first)
            let sealed = try sealer.seal(Array(token.utf8), purpose: Self.purpose(name, origin))
            try database.keep(StoredCredential(name: name, origin: origin, sealed: sealed))
        } catch {
            throw CredentialVaultError(description: "\(error)")
        }
    }

    private static func origin(_ first: String) -> String { SecretDigest.hexadecimal(Array(first.utf8)) }

    /// What a sealed token is bound to, so that one cannot be put in another one's place.
    private static func purpose(_ name: String, _ origin: String) -> String { "refresh token \(origin) of \(name)" }
}

/// Why a secret cannot be kept or read; never any part of it.
struct CredentialVaultError: Error, CustomStringConvertible {
    let description: String
}
