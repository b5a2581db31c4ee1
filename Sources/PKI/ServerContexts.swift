// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import NIOCore
internal import NIOSSL
internal import Synchronization

/// The contexts of a listener's connections, from what the material says at that moment.
///
/// No session is ever resumed. Where tickets can be switched off, all connections of one material share a context; else
/// each has its own, with keys for tickets that it takes with it.
final class ServerContexts: Sendable {
    private struct Prepared {
        let version: UInt64
        let configuration: TLSConfiguration
        /// The one for all connections; nil where it would issue tickets.
        let shared: NIOSSLContext?
    }

    private let prepared = Mutex<Prepared?>(nil)

    /// A context for one connection.
    func next(
        _ material: TLSMaterial, clients: SVIDServerTLS.ClientCertificates, protocols: [String]
    ) throws(TLSUnavailable) -> NIOSSLContext {
        let state: IdentityState? =
            switch material.origin {
            case .fixed: nil
            case .source(let source): try Self.state(of: source)
            }
        let version = state?.version ?? 0
        let known = prepared.withLock { $0 }
        do throws(TLSMaterialError) {
            if let known, known.version == version {
                if let shared = known.shared { return shared }
                return try known.configuration.context()
            }
            let configuration = Self.configuration(
                try Self.credential(material, state), clients: clients, protocols: protocols)
            let context = try configuration.context()
            let shared = TicketlessContext.configure(context) ? context : nil
            prepared.withLock { $0 = Prepared(version: version, configuration: configuration, shared: shared) }
            return context
        } catch {
            throw .material(error)
        }
    }

    private static func state(of source: any IdentitySource) throws(TLSUnavailable) -> IdentityState {
        do throws(IdentitySourceError) {
            return try source.current()
        } catch {
            throw .source(error)
        }
    }

    private static func credential(
        _ material: TLSMaterial, _ state: IdentityState?
    ) throws(TLSMaterialError) -> TLSCredential {
        if case .fixed(let credential, _) = material.origin { return credential }
        guard let state else { throw TLSMaterialError(part: "identity", problem: "is missing") }
        return try TLSCredential(state.svid)
    }

    /// TLS 1.3 and nothing else.
    static func configuration(
        _ credential: TLSCredential, clients: SVIDServerTLS.ClientCertificates, protocols: [String]
    ) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: credential.chain.map { .certificate($0) }, privateKey: .privateKey(credential.key))
        configuration.minimumTLSVersion = .tlsv13
        configuration.maximumTLSVersion = .tlsv13
        // Only TLS 1.2 has these; the usual list takes a third of the time that a context takes.
        configuration.cipherSuites = "ECDHE-ECDSA-AES128-GCM-SHA256"
        // Only asks for a certificate: whose it is and whether it is good is decided by the verification callback.
        configuration.certificateVerification = clients == .required ? .noHostnameVerification : .optionalVerification
        configuration.applicationProtocols = protocols
        configuration.restrict()
        return configuration
    }
}

extension TLSConfiguration {
    /// What all of the gate's own handshakes have in common: the signatures that identities may have, and no trust store,
    /// because chains are verified by own code.
    mutating func restrict() {
        trustRoots = .certificates([])
        verifySignatureAlgorithms = [
            .ecdsaSecp256R1Sha256, .ecdsaSecp384R1Sha384, .ed25519, .rsaPssRsaeSha256, .rsaPssRsaeSha384,
            .rsaPssRsaeSha512,
        ]
        renegotiationSupport = .none
        // How long a close waits for the peer's farewell; everything of the connection is kept until then.
        shutdownTimeout = .seconds(1)
    }

    /// A context; fails when the key is not the certificate's.
    func context() throws(TLSMaterialError) -> NIOSSLContext {
        do {
            return try NIOSSLContext(configuration: self)
        } catch {
            throw TLSMaterialError(part: "key", problem: "does not belong to the certificate")
        }
    }
}
