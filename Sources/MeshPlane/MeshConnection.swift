// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import NIOCore
import Transport

/// How much Envoys may hold at once.
enum MeshLimits {
    /// Connections of Envoys.
    static let connections = 1024
    /// Connections of whom it is not yet known, or known not to be Envoys.
    static let strangers = 128
    /// Questions of one connection at one time.
    static let checksOfConnection = 4096
    /// A question, the body of its request with it, in bytes.
    static let requestBytes = 4 << 20
    /// Questions of one connection that are not answered yet, in bytes; what is above it is refused.
    static let bytesOfConnection = 64 << 20
    /// Bytes that an Envoy may send ahead on a connection, and in one question.
    static let (connectionWindow, streamWindow) = (16 << 20, 1 << 20)
    /// Entries of one message of an access log; a message with more is refused.
    static let logEntries = 2000
    /// Entries of access logs that are recorded for each connection in a second; more are counted and left out.
    static let logEntriesEachSecond = 5000
    /// Requests that were allowed and that Envoy has not yet said to be open.
    static let allowedRequests = 65_536
    /// Within which Envoy says so, in nanoseconds of the monotonic clock.
    static let untilFollowed: Int64 = 10_000_000_000
    /// Requests that are followed at one time.
    static let followedRequests = 100_000
    /// What Envoy says of one request that is followed, in bytes for each message and in messages.
    static let followedBytes = 256 << 10
    static let followedMessages = 8
    /// Within which a question has to be complete.
    static let request = TimeAmount.seconds(10)
    /// Within which somebody to whom the last was said goes away.
    static let farewell = TimeAmount.seconds(1)
    /// Within which an Envoy takes some of what waits for it.
    static let sendStall = TimeAmount.seconds(60)
    /// Questions that an Envoy gives up, in ten seconds.
    static let resets = 8192
    /// Frames in ten seconds that ask for nothing or for no more than an acknowledgement.
    static let idleFrames = 256
    /// Bytes by which a window opens for answers that wait for it; less asks for no more than an acknowledgement would.
    static let usefulIncrement = 1024
    /// Streams in ten seconds that are ended because of what was sent on them.
    static let streamFaults = 200
}

/// One Envoy's connection. Used on its loop only.
final class MeshConnection {
    let core: MeshCore
    let context: LoopContext
    /// What the Envoy tells of ended requests.
    var accessLog = AccessLog()
    private let caller: Caller
    private var certificate: ClientCertificate?
    private let openedAt: Int64
    /// Whether the other end was an Envoy when the connection began, so that what it sends is read.
    private(set) var isKnown = false

    init(_ core: MeshCore, _ context: LoopContext, _ caller: Caller) {
        self.core = core
        self.context = context
        self.caller = caller
        openedAt = context.clock.monotonic()
        if case .certificate(let certificate) = caller.fixed { self.certificate = certificate }
    }

    /// Unix seconds.
    var time: Int64 { context.clock.wall() / 1_000_000 }

    /// What somebody is told who is none of the Envoys.
    static let stranger = "this is no Envoy that is configured under mesh"

    /// Whether the connection can be an Envoy's at all, before its handshake.
    var mayStay: Bool {
        switch caller.fixed {
        case .process(let process): core.settings.users.contains(process.uid)
        case .certificate: true
        case .none, .launched: false
        }
    }

    /// Looks who is there, now that the other end has shown it.
    ///
    /// - Returns: Whether it is worth going on: who is no Envoy is told so, and who is one needs a place.
    func recognise(_ channel: any Channel) -> Bool {
        guard isEnvoy() else { return true }
        isKnown = core.channels.recognise(channel)
        return isKnown
    }

    /// Whether it is somebody else who has been here for as long as a question takes.
    ///
    /// - Parameter now: Nanoseconds of the monotonic clock.
    func hasOverstayed(_ now: Int64) -> Bool { !isKnown && now &- openedAt > MeshLimits.request.nanoseconds }

    /// Whether the other end is a configured Envoy at this moment.
    func isEnvoy() -> Bool {
        switch caller.fixed {
        case .process(let process): return core.settings.users.contains(process.uid)
        case .certificate:
            guard let standing = certificate?.standing(at: time), core.settings.envoys.contains(standing.id) else {
                return false
            }
            let identity = VerifiedIdentity(proved: standing.id, by: .x509SVID, basis: standing.basis)
            return core.authorizer.snapshot.revocations.refusal(of: identity) == nil
        case .none, .launched: return false
        }
    }
}
