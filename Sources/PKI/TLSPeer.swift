// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import NIOCore
internal import Synchronization

/// Who the other end of one TLS connection proved to be.
///
/// To be read once the handshake is over, as only then the peer has proved that it holds the key. Empty for good where it
/// presented no certificate: nothing but the verification of a presented chain writes it, so that a peer whose chain was
/// not looked at is nobody. It may stand in a pipeline, where ``of(_:)`` finds it, and does nothing there.
public final class TLSPeer: ChannelInboundHandler, Sendable {
    /// Everything passes untouched.
    public typealias InboundIn = NIOAny

    private struct State {
        var identity: TLSPeerIdentity?
        var refusal: TLSPeerRefusal?
    }

    private let state = Mutex(State())

    init() {}

    /// The peer's identity as the handshake verified it; it stands only as long as ``SVIDServerTLS/standing(of:now:)`` or
    /// ``SVIDClientTLS/standing(of:now:)`` says so.
    public var identity: TLSPeerIdentity? { state.withLock { $0.identity } }

    /// Why the presented chain was refused, for the log.
    public var refusal: TLSPeerRefusal? { state.withLock { $0.refusal } }

    /// The peer of a channel whose pipeline was set up with ``SVIDServerTLS/add(to:)``, on the channel's event loop.
    public static func of(_ channel: any Channel) -> TLSPeer? {
        try? channel.pipeline.syncOperations.handler(type: TLSPeer.self)
    }

    func accept(_ identity: TLSPeerIdentity) { state.withLock { $0.identity = identity } }

    func refuse(_ refusal: TLSPeerRefusal) { state.withLock { $0 = State(identity: nil, refusal: refusal) } }
}

/// A peer's X509-SVID and what it takes to verify it again.
public struct TLSPeerIdentity: Sendable {
    /// The SVID as it was last verified: SPIFFE ID, thumbprint for `cnf.x5t#S256`, and until when it holds.
    public let svid: VerifiedX509SVID
    /// What the peer presented, in DER, leaf first.
    public let chain: [[UInt8]]

    /// Who the peer is.
    public var id: SPIFFEID { svid.id }
    /// SHA-256 of the leaf.
    public var thumbprint: [UInt8] { svid.thumbprint }

    /// What it was verified with.
    let epoch: UInt64

    /// Whether `other` is the outcome of the same verification, and none took place in between.
    public func isVerified(with other: TLSPeerIdentity) -> Bool {
        epoch == other.epoch && svid.bundleVersion == other.svid.bundleVersion
    }

    init(svid: VerifiedX509SVID, chain: [[UInt8]], epoch: UInt64) {
        self.svid = svid
        self.chain = chain
        self.epoch = epoch
    }
}

/// Why a peer's chain was refused.
public enum TLSPeerRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    /// The chain is no X509-SVID that is trusted.
    case certificate(X509SVIDError)
    /// The gate does not know at the moment whom to trust.
    case source(IdentitySourceError)
    /// The server is somebody else than the one that was dialled.
    case unexpected(SPIFFEID)

    /// What is wrong.
    public var description: String {
        switch self {
        case .certificate(let error): "the peer's certificate is refused: \(error)"
        case .source(let error): "the peer cannot be verified: \(error)"
        case .unexpected(let id): "the server is \(id), which is not the one expected"
        }
    }
}
