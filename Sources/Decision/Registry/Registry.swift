// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// All live permits; the place from which connections are cut.
///
/// Split into shards, one for each event loop, so that loops do not wait for one another. Every call is safe from any
/// thread.
public final class Registry: Sendable {
    private let shards: [Shard]

    /// Makes an empty registry.
    ///
    /// - Parameter shards: How many independent parts to keep; the number of event loops is a good choice.
    public init(shards: Int) {
        self.shards = (0..<max(1, shards)).map { _ in Shard() }
    }

    /// Registers something open. A connection's number decides its shard.
    public func insert(_ live: LivePermit) {
        shard(of: live.connection).entries.withLock { $0[live.connection] = live }
    }

    /// Forgets something that ended.
    public func remove(_ connection: ConnectionID) {
        _ = shard(of: connection).entries.withLock { $0.removeValue(forKey: connection) }
    }

    /// How many are open.
    public var count: Int {
        shards.reduce(0) { $0 + $1.entries.withLock { $0.count } }
    }

    /// Everything open at this moment, in no order.
    public func all() -> [LivePermit] {
        shards.flatMap { shard in shard.entries.withLock { Array($0.values) } }
    }

    /// Cuts whatever `selection` chooses.
    ///
    /// - Returns: How many were cut by this call.
    @discardableResult
    public func cut(where selection: (LivePermit) -> Bool, _ reason: CutReason) -> Int {
        var count = 0
        for live in all() where selection(live) && live.cut(reason) { count += 1 }
        return count
    }

    private func shard(of connection: ConnectionID) -> Shard {
        shards[Int(connection.rawValue % UInt64(shards.count))]
    }

    private final class Shard: Sendable {
        let entries = Mutex<[ConnectionID: LivePermit]>([:])
    }
}
