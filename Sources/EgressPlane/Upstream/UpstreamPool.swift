// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import NIOCore
import Transport

/// For whom and for what an upstream connection may be used again. Agents never share one.
struct UpstreamKey: Hashable {
    let agent: SPIFFEID?
    let host: Host
    let port: UInt16

    init(_ facts: borrowing Facts) {
        agent = facts.identity?.id
        host = facts.destination.host
        port = facts.destination.port
    }
}

/// Unused upstream connections of one event loop, newest first. Each leads to an address that was judged when it was
/// dialled and keeps it for its life.
final class UpstreamPool {
    private let context: LoopContext
    private var idle: [UpstreamKey: [UpstreamConnection]] = [:]
    private var count = 0

    init(context: LoopContext) {
        self.context = context
    }

    /// A connection to the permit's destination, if one is waiting. The permit is consumed only then.
    func take(_ permit: borrowing Permit, key: UpstreamKey) -> UpstreamConnection? {
        guard permit.destination.host == key.host, permit.destination.port == key.port else { return nil }
        while let connection = idle[key]?.popLast() {
            count -= 1
            context.unwatch(connection)
            connection.idleDeadline = .max
            if connection.isUsable { return connection }
            connection.close()
        }
        idle[key] = nil
        return nil
    }

    /// Keeps a connection whose exchange is complete, or closes it when there is no room.
    func keep(_ connection: UpstreamConnection, settings: EgressSettings) {
        guard let key = connection.key, connection.isUsable, count < settings.idleUpstreams else {
            connection.close()
            return
        }
        idle[key, default: []].append(connection)
        count += 1
        connection.idleDeadline = context.clock.monotonic() &+ settings.idleUpstreamTime
        context.watch(connection)
    }

    /// Removes a connection that closed by itself.
    func forget(_ connection: UpstreamConnection) {
        guard let key = connection.key, let index = idle[key]?.firstIndex(where: { $0 === connection }) else { return }
        idle[key]?.remove(at: index)
        if idle[key]?.isEmpty ?? false { idle[key] = nil }
        count -= 1
    }

    /// Closes every unused connection, as after a reload.
    func closeIdle() {
        let connections = idle.values.flatMap { $0 }
        idle.removeAll()
        count = 0
        for connection in connections { connection.close() }
    }
}
