// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Addresses
package import Decision
package import Identity
internal import NIOCore

/// For whom and for what an upstream connection may be used again. Agents never share one.
package struct UpstreamKey: Hashable {
    package let agent: SPIFFEID?
    package let host: Host
    package let port: UInt16
    /// The named service, where the connection was made for one.
    package let service: String?

    /// What facts say of a connection.
    package init(_ facts: borrowing Facts) {
        service = facts.service
        agent = facts.identity?.id
        host = facts.destination.host
        port = facts.destination.port
    }
}

/// Unused upstream connections of one event loop, newest first. Each leads to an address that was judged when it was
/// dialled and keeps it for its life.
package final class UpstreamPool {
    let context: LoopContext
    /// How many unused connections are kept.
    package var limit: Int
    /// How long an unused connection is kept, in nanoseconds.
    package var idleTime: Int64
    private var idle: [UpstreamKey: [UpstreamConnection]] = [:]
    private var count = 0

    /// An empty pool.
    package init(context: LoopContext, limit: Int, idleTime: Int64) {
        self.context = context
        self.limit = limit
        self.idleTime = idleTime
    }

    /// A connection to the permit's destination, if one is waiting. The permit is consumed only then.
    package func take(_ permit: borrowing Permit, key: UpstreamKey) -> UpstreamConnection? {
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
    package func keep(_ connection: UpstreamConnection) {
        guard let key = connection.key, connection.isUsable, count < limit else {
            connection.close()
            return
        }
        idle[key, default: []].append(connection)
        count += 1
        connection.idleDeadline = context.clock.monotonic() &+ idleTime
        context.watch(connection)
    }

    /// Removes a connection that closed by itself.
    package func forget(_ connection: UpstreamConnection) {
        guard let key = connection.key, let index = idle[key]?.firstIndex(where: { $0 === connection }) else { return }
        idle[key]?.remove(at: index)
        if idle[key]?.isEmpty ?? false { idle[key] = nil }
        count -= 1
    }

    /// Closes every unused connection, as after a reload.
    package func closeIdle() {
        let connections = idle.values.flatMap { $0 }
        idle.removeAll()
        count = 0
        for connection in connections { connection.close() }
    }
}
