// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import NIOCore
public import NIOSSL
internal import Synchronization

/// TLS of a listener whose clients are X509-SVIDs: TLS 1.3, own verification, and a full handshake on every connection.
///
/// Nothing is fixed at the start: certificate, key and bundles are asked for at each handshake, and a live connection asks
/// again for each request with ``standing(of:now:)``. BoringSSL would hand out session tickets and skip the verification
/// of whoever brings one back; here none is issued, or else none is ever readable again.
public final class SVIDServerTLS: Sendable {
    /// Whether clients must present a certificate. One that is presented is verified in both cases.
    public enum ClientCertificates: Sendable, Hashable {
        /// A client without certificate is refused.
        case required
        /// A client without certificate is nobody.
        case optional
    }

    private struct State {
        var material: TLSMaterial
        var clients: ClientCertificates
        var trust: PeerTrust
        var contexts: ServerContexts
    }

    private let protocols: [String]
    private let now: @Sendable () -> Int64
    private let report: @Sendable (any Error) -> Void
    private let state: Mutex<State>

    /// Makes TLS for a listener.
    ///
    /// - Parameters:
    ///   - material: What it presents and whom it trusts.
    ///   - clients: Whether clients must present a certificate.
    ///   - protocols: What is offered by ALPN, the preferred one first.
    ///   - now: Unix seconds.
    ///   - report: Told why a connection was refused: a ``TLSPeerRefusal`` or ``TLSUnavailable``. Strangers can make that
    ///     happen as often as they like.
    public init(
        _ material: TLSMaterial, clients: ClientCertificates = .required, protocols: [String] = ["http/1.1"],
        now: (@Sendable () -> Int64)? = nil, report: @escaping @Sendable (any Error) -> Void = { _ in }
    ) {
        self.protocols = protocols
        self.now = now ?? SystemClock.seconds
        self.report = report
        state = Mutex(
            State(
                material: material, clients: clients, trust: Self.trust(material, epoch: 0),
                contexts: ServerContexts()))
    }

    /// Makes TLS for a listener that presents the gate's own SVID.
    public convenience init(
        source: any IdentitySource, clients: ClientCertificates = .required, protocols: [String] = ["http/1.1"]
    ) {
        self.init(.identity(source), clients: clients, protocols: protocols)
    }

    /// Puts other material in place, for new handshakes and for the next request of live connections. Nothing happens when
    /// it is the same.
    ///
    /// - Parameter clients: Whether clients must present a certificate from now on; as before without it.
    public func replace(_ material: TLSMaterial, clients: ClientCertificates? = nil) {
        state.withLock { state in
            let clients = clients ?? state.clients
            guard clients != state.clients || !material.isSame(as: state.material) else { return }
            state = State(
                material: material, clients: clients,
                trust: Self.trust(material, epoch: state.trust.epoch &+ 1),
                contexts: ServerContexts())
        }
    }

    /// The handler for a connection that was accepted, and the box that tells who the client is once the handshake is over.
    ///
    /// - Throws: ``TLSUnavailable``; the connection is to be closed.
    public func connection() throws(TLSUnavailable) -> (handler: NIOSSLServerHandler, client: TLSPeer) {
        let context = try context()
        let client = TLSPeer()
        let handler = NIOSSLServerHandler(context: context) { [self] certificates, promise in
            promise.succeed(verify(certificates, of: client) ? .certificateVerified : .failed)
        }
        return (handler, client)
    }

    /// Adds TLS and the box to the end of a new channel's pipeline, on the channel's event loop; see ``TLSPeer/of(_:)``.
    ///
    /// - Throws: ``TLSUnavailable``; the connection is to be closed.
    public func add(to channel: any Channel) throws {
        let (handler, client) = try connection()
        try channel.pipeline.syncOperations.addHandlers([handler, client])
    }

    /// The client's identity if its chain still leads to a trusted certificate, for each request on a live connection.
    ///
    /// - Parameter now: Unix seconds; the listener's own clock without it.
    /// - Returns: What to go on with, or nil when the client is nobody from now on.
    public func standing(of identity: TLSPeerIdentity, now: Int64? = nil) -> TLSPeerIdentity? {
        state.withLock { $0.trust }.standing(of: identity, now: now ?? self.now())
    }

    private static func trust(_ material: TLSMaterial, epoch: UInt64) -> PeerTrust {
        PeerTrust(for: .clientAuthentication, epoch: epoch) { () throws(IdentitySourceError) in try material.bundles() }
    }

    private func context() throws(TLSUnavailable) -> NIOSSLContext {
        let (material, clients, contexts) = state.withLock { ($0.material, $0.clients, $0.contexts) }
        do throws(TLSUnavailable) {
            return try contexts.next(material, clients: clients, protocols: protocols)
        } catch {
            report(error)
            throw error
        }
    }

    private func verify(_ certificates: [NIOSSLCertificate], of client: TLSPeer) -> Bool {
        let trust = state.withLock { $0.trust }
        do throws(TLSPeerRefusal) {
            client.accept(try trust.verify(try PeerTrust.chain(certificates), now: now()))
            return true
        } catch {
            client.refuse(error)
            report(error)
            return false
        }
    }
}

/// Why a connection cannot be given TLS.
public enum TLSUnavailable: Error, Hashable, Sendable, CustomStringConvertible {
    /// The gate has no identity at the moment.
    case source(IdentitySourceError)
    /// The identity cannot be presented.
    case material(TLSMaterialError)

    /// What is wrong; nothing of any key.
    public var description: String {
        switch self {
        case .source(let error): "TLS is not available: \(error)"
        case .material(let error): "TLS is not available: \(error)"
        }
    }
}
