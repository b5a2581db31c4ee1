// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Transport

/// The HTTP/2 connections to services of one event loop that take requests, and those that are being opened. Agents never
/// share one.
final class UpstreamSessions {
    /// How many unused connections are kept.
    var limit: Int
    /// How long an unused connection is kept, in nanoseconds.
    var idleTime: Int64
    private var idle = 0
    private var open: [UpstreamKey: [UpstreamSession]] = [:]
    private var openings: [UpstreamKey: UpstreamOpening] = [:]

    init(limit: Int, idleTime: Int64) {
        self.limit = limit
        self.idleTime = idleTime
    }

    /// A connection to the permit's destination that takes one more request: the one with the fewest.
    func find(_ permit: borrowing Permit, key: UpstreamKey) -> UpstreamSession? {
        guard permit.destination.host == key.host, permit.destination.port == key.port, let sessions = open[key] else {
            return nil
        }
        var best: UpstreamSession?
        for session in sessions where session.active < best?.active ?? .max && session.isUsable { best = session }
        return best
    }

    /// Takes a new connection into use.
    func add(_ session: UpstreamSession) {
        session.sessions = self
        open[session.key, default: []].append(session)
    }

    /// A connection takes no more requests.
    func forget(_ session: UpstreamSession) {
        guard var sessions = open[session.key] else { return }
        sessions.removeAll { $0 === session }
        becameBusy(session)
        open[session.key] = sessions.isEmpty ? nil : sessions
    }

    /// A connection carries nothing at the moment.
    func becameIdle(_ session: UpstreamSession) {
        guard session.phase == .open, !session.isCountedIdle else { return }
        guard idle < limit else { return session.retire() }
        idle &+= 1
        session.isCountedIdle = true
    }

    /// A connection carries something again, or never will.
    func becameBusy(_ session: UpstreamSession) {
        guard session.isCountedIdle else { return }
        idle &-= 1
        session.isCountedIdle = false
    }

    /// Lets every connection come to its end, as after a reload.
    func retireAll() {
        for session in open.values.flatMap({ $0 }) { session.retire() }
    }

    // MARK: Connections that are being opened

    /// The one that is being opened for the same requests.
    func opening(for key: UpstreamKey) -> UpstreamOpening? { openings[key] }

    func began(_ opening: UpstreamOpening, for key: UpstreamKey) { openings[key] = opening }

    func ended(_ opening: UpstreamOpening, for key: UpstreamKey) {
        if openings[key] === opening { openings[key] = nil }
    }
}
