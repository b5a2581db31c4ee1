// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore
internal import Synchronization

/// Counts what callers hold, so that nobody holds it all.
final class Admission: Sendable {
    fileprivate struct Holdings {
        var connections = 0
        var calls = 0
    }

    fileprivate struct State {
        var total = Holdings()
        var ofUser: [UInt32: Holdings] = [:]
        var channels: [ObjectIdentifier: any Channel] = [:]
        var isClosed = false
        /// The second that ``begun`` counts, by a clock that does not go back.
        var second: UInt64 = 0
        var begun: [UInt32: Int] = [:]
    }

    private let limits: IdentityPlaneLimits
    private let state = Mutex(State())

    init(limits: IdentityPlaneLimits) { self.limits = limits }

    /// What is held at present.
    var counts: (connections: Int, calls: Int) { state.withLock { ($0.total.connections, $0.total.calls) } }

    /// Takes a connection in.
    ///
    /// - Returns: False when there are as many as there may be, or the plane is closing.
    func enter(_ channel: any Channel, user: UInt32) -> Bool {
        state.withLock { state in
            let held = state.ofUser[user, default: Holdings()].connections
            guard !state.isClosed, state.total.connections < limits.connections, held < limits.connectionsOfUser else {
                return false
            }
            state.channels[ObjectIdentifier(channel)] = channel
            state.add(user, connections: 1)
            return true
        }
    }

    func leave(_ channel: any Channel, user: UInt32) {
        state.withLock { state in
            guard state.channels.removeValue(forKey: ObjectIdentifier(channel)) != nil else { return }
            state.add(user, connections: -1)
        }
    }

    /// Takes a call in.
    ///
    /// - Returns: False when there are as many as there may be, or they come too fast.
    func beginCall(user: UInt32, now: NIODeadline = .now()) -> Bool {
        state.withLock { state in
            let second = now.uptimeNanoseconds / 1_000_000_000
            if second != state.second {
                state.second = second
                state.begun.removeAll(keepingCapacity: true)
            }
            let held = state.ofUser[user, default: Holdings()].calls
            let begun = state.begun[user, default: 0]
            guard state.total.calls < limits.calls, held < limits.callsOfUser, begun < limits.callsOfUserPerSecond
            else { return false }
            state.begun[user] = begun &+ 1
            state.add(user, calls: 1)
            return true
        }
    }

    func endCall(user: UInt32) { state.withLock { $0.add(user, calls: -1) } }

    /// Lets nobody in from now on, and closes what there is.
    func close() {
        let channels = state.withLock { state in
            state.isClosed = true
            return Array(state.channels.values)
        }
        for channel in channels { channel.close(promise: nil) }
    }
}

extension Admission.State {
    fileprivate mutating func add(_ user: UInt32, connections: Int = 0, calls: Int = 0) {
        total.connections &+= connections
        total.calls &+= calls
        var holdings = ofUser[user, default: Admission.Holdings()]
        holdings.connections &+= connections
        holdings.calls &+= calls
        ofUser[user] = holdings.connections == 0 && holdings.calls == 0 ? nil : holdings
    }
}
