// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import NIOCore
public import NIOSSL
internal import Synchronization

/// TLS of a client whose server is known by its SPIFFE ID: own verification, against the bundle of that ID's trust domain.
///
/// The server's DNS names play no part; a name is only sent along so that the server can choose a certificate.
public final class SVIDClientTLS: Sendable {
    /// The oldest version that is spoken.
    public enum MinimumVersion: Sendable, Hashable {
        /// TLS 1.2, for servers of others.
        case tls12
        /// TLS 1.3.
        case tls13
    }

    private struct Prepared {
        let version: UInt64?
        let context: NIOSSLContext
    }

    private let source: (any IdentitySource)?
    private let minimum: MinimumVersion
    private let protocols: [String]
    private let now: @Sendable () -> Int64
    private let trust: PeerTrust
    private let prepared = Mutex<Prepared?>(nil)

    /// Makes TLS for connections to a server.
    ///
    /// - Parameters:
    ///   - identity: What is presented when the server asks for a certificate; nothing without it.
    ///   - expected: Whom the server must be; one of these, and nobody when it is empty.
    ///   - minimum: The oldest version that is spoken.
    ///   - protocols: What is offered by ALPN, the preferred one first.
    ///   - now: Unix seconds.
    ///   - bundles: Whom to trust at this moment; asked for at each handshake.
    public init(
        identity: (any IdentitySource)?, expected: Set<SPIFFEID>, minimum: MinimumVersion = .tls13,
        protocols: [String] = ["http/1.1"], now: (@Sendable () -> Int64)? = nil,
        bundles: @escaping @Sendable () throws(IdentitySourceError) -> TrustBundles
    ) {
        source = identity
        self.minimum = minimum
        self.protocols = protocols
        self.now = now ?? SystemClock.seconds
        trust = PeerTrust(for: .serverAuthentication, expected: expected, bundles: bundles)
    }

    /// Makes TLS for connections to a server in a trust domain that the source knows, with the source's identity.
    public convenience init(source: any IdentitySource, expected: Set<SPIFFEID>, protocols: [String] = ["http/1.1"]) {
        self.init(identity: source, expected: expected, protocols: protocols) { () throws(IdentitySourceError) in
            try source.current().bundles
        }
    }

    /// The handler for a new connection, and the box that tells who the server is once the handshake is over.
    ///
    /// - Parameter serverName: A DNS name for the server to choose by; never an address.
    /// - Throws: ``TLSUnavailable``, or the library's error when the name cannot be sent.
    public func connection(serverName: String? = nil) throws -> (handler: NIOSSLClientHandler, server: TLSPeer) {
        let server = TLSPeer()
        let handler = try NIOSSLClientHandler(context: try context(), serverHostname: serverName) {
            [self] certificates, promise in
            promise.succeed(verify(certificates, of: server) ? .certificateVerified : .failed)
        }
        return (handler, server)
    }

    /// Which state of the own identity new connections present; `nil` when they present nothing.
    public var presentedVersion: UInt64? { try? source?.current().version }

    /// The server's identity if its chain still leads to a trusted certificate, for each request on a live connection.
    ///
    /// - Parameter now: Unix seconds; the own clock without it.
    public func standing(of identity: TLSPeerIdentity, now: Int64? = nil) -> TLSPeerIdentity? {
        trust.standing(of: identity, now: now ?? self.now())
    }

    private func verify(_ certificates: [NIOSSLCertificate], of server: TLSPeer) -> Bool {
        do throws(TLSPeerRefusal) {
            server.accept(try trust.verify(try PeerTrust.chain(certificates), now: now()))
            return true
        } catch {
            server.refuse(error)
            return false
        }
    }

    /// One context for each state of the identity: a client of this library never offers a session again by itself.
    private func context() throws(TLSUnavailable) -> NIOSSLContext {
        let state: IdentityState?
        do throws(IdentitySourceError) {
            state = try source?.current()
        } catch {
            throw .source(error)
        }
        if let known = prepared.withLock({ $0 }), known.version == state?.version { return known.context }
        do throws(TLSMaterialError) {
            let context = try configuration(
                try state.map { state throws(TLSMaterialError) in
                    try TLSCredential(state.svid)
                }
            ).context()
            prepared.withLock { $0 = Prepared(version: state?.version, context: context) }
            return context
        } catch {
            throw .material(error)
        }
    }

    private func configuration(_ credential: TLSCredential?) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = minimum == .tls12 ? .tlsv12 : .tlsv13
        configuration.certificateVerification = .noHostnameVerification
        configuration.applicationProtocols = protocols
        configuration.restrict()
        if let credential {
            configuration.certificateChain = credential.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(credential.key)
        }
        return configuration
    }
}
