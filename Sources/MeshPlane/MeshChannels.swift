// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Synchronization

/// The open connections. Safe from any thread.
///
/// The places of Envoys are for nobody else: who is not yet known, or is no Envoy, has a few, and the oldest there makes way
/// for the next.
final class MeshChannels: Sendable {
    private struct State {
        var envoys: [ObjectIdentifier: any Channel] = [:]
        /// In the order in which they came.
        var others: [any Channel] = []
        var isClosed = false

        /// - Returns: Whether it was there.
        mutating func removeOther(_ channel: any Channel) -> Bool {
            guard let index = others.firstIndex(where: { $0 === channel }) else { return false }
            others.remove(at: index)
            return true
        }
    }

    private let state = Mutex(State())
    private let mostEnvoys: Int
    private let mostOthers: Int

    init(envoys: Int = MeshLimits.connections, others: Int = MeshLimits.strangers) {
        mostEnvoys = envoys
        mostOthers = others
    }

    /// Whether no more are let in.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Lets in somebody who is not yet known.
    func enter(_ channel: any Channel) -> Bool {
        let (isIn, oldest) = state.withLock { state -> (Bool, (any Channel)?) in
            guard !state.isClosed else { return (false, nil) }
            state.others.append(channel)
            return (true, state.others.count > mostOthers ? state.others.removeFirst() : nil)
        }
        oldest?.close(promise: nil)
        return isIn
    }

    /// Gives somebody who was let in a place of the Envoys.
    ///
    /// - Returns: Whether there was one.
    func recognise(_ channel: any Channel) -> Bool {
        state.withLock { state in
            guard state.removeOther(channel), !state.isClosed, state.envoys.count < mostEnvoys else { return false }
            state.envoys[ObjectIdentifier(channel)] = channel
            return true
        }
    }

    /// Forgets a connection that has ended.
    func leave(_ channel: any Channel) {
        state.withLock { state in
            if state.envoys.removeValue(forKey: ObjectIdentifier(channel)) == nil { _ = state.removeOther(channel) }
        }
    }

    /// Ends all, and lets nobody in.
    func close() {
        let open = state.withLock { state in
            state.isClosed = true
            return Array(state.envoys.values) + state.others
        }
        for channel in open { channel.close(promise: nil) }
    }
}
