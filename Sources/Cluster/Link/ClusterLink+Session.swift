// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRPCClient
internal import Synchronization

extension ClusterLink {
    /// Follows the state over one connection until that fails.
    func session(_ endpoint: EtcdEndpoint) async -> CallFailure {
        let connection: EtcdConnection
        do throws(CallFailure) {
            connection = try await EtcdConnection.open(endpoint, terms.protection, limits: terms.limits)
        } catch {
            return error
        }
        defer { connection.close() }
        do throws(CallFailure) {
            try await catchUp(connection)
            var watch = try await EtcdWatch(
                connection, prefix: terms.prefix, from: state.withLock { $0.revision } &+ 1)
            defer { watch.close() }
            // What etcd has no longer is found out by the first word of the watch, before anybody relies on it.
            var first: EtcdWatch.Batch?
            do throws(EtcdWatch.End) {
                first = try await watch.next()
            } catch {
                guard case .compacted = error else { throw CallFailure(error) }
                try await readAll(connection, why: "etcd no longer has the changes since the last connection")
                watch.close()
                watch = try await EtcdWatch(
                    connection, prefix: terms.prefix, from: state.withLock { $0.revision } &+ 1)
            }
            if let first { await take(first) }
            state.withLock { state in
                state.connection = connection
                state.endpoint = endpoint
                state.lastFailure = nil
            }
            follower.heard(.connected(endpoint))
            return await runs(connection, watch)
        } catch {
            return error
        }
    }

    /// Watches, asks for the beat and says that the gate is there, until one of them fails.
    private func runs(_ connection: EtcdConnection, _ watch: EtcdWatch) async -> CallFailure {
        await withTaskGroup(of: CallFailure.self) { group in
            group.addTask { await self.watch(watch) }
            group.addTask { await self.beat(connection) }
            group.addTask { await self.present(connection) }
            let failure = await group.next() ?? .closed
            group.cancelAll()
            return failure
        }
    }

    private func watch(_ watch: EtcdWatch) async -> CallFailure {
        while true {
            do throws(EtcdWatch.End) {
                await take(try await watch.next())
            } catch {
                return CallFailure(error)
            }
        }
    }

    // MARK: Reading

    /// Goes on where the last connection ended, if etcd still has the same history; otherwise reads everything.
    private func catchUp(_ connection: EtcdConnection) async throws(CallFailure) {
        let known = state.withLock { ($0.revision, $0.cluster, $0.beat) }
        guard known.0 > 0, let beat = known.2 else { return try await readAll(connection, why: nil) }
        let beatKey = terms.text(ClusterKey(.beat))
        let now = try await connection.entry(beatKey)
        guard now.cluster == known.1, now.revision >= known.0 else {
            return try await readAll(connection, why: "etcd is another one, or was put back")
        }
        do throws(CallFailure) {
            let then = try await connection.entry(beatKey, at: beat.revision)
            guard then.entries.first?.revision == beat.revision, then.entries.first?.value == beat.value else {
                return try await readAll(connection, why: "etcd has another history")
            }
        } catch {
            // Compacted; the watch would say the same.
            guard case .status(.outOfRange, _) = error else { throw error }
            return try await readAll(connection, why: "etcd no longer has the changes since the last connection")
        }
    }

    private func readAll(_ connection: EtcdConnection, why: String?) async throws(CallFailure) {
        let asked = clock.monotonic()
        let reading = try await connection.entries(prefix: terms.prefix)
        if let why { follower.heard(.readAnew(why)) }
        state.withLock { state in
            state.members = [:]
            state.beat = nil
            state.refused = [:]
        }
        await follower.read(shared(reading.entries, isReading: true))
        state.withLock { state in
            state.revision = reading.revision
            state.cluster = reading.cluster
            state.freshness.read(revision: reading.revision, asked: asked)
        }
    }

    private func take(_ batch: EtcdWatch.Batch) async {
        let entries = shared(batch.entries, isReading: false)
        if !entries.isEmpty { await follower.changed(entries) }
        guard batch.revision > 0 else { return }
        state.withLock { state in
            state.revision = max(state.revision, batch.revision)
            state.freshness.watched(to: batch.revision)
        }
    }

    /// The entries that the gate has to know of; keeps what the link itself needs.
    private func shared(_ entries: [EtcdEntry], isReading: Bool) -> [SharedEntry] {
        var shared: [SharedEntry] = []
        for entry in entries {
            guard entry.key.utf8.starts(with: terms.prefix.utf8),
                let key = ClusterKey(entry.key.dropFirst(terms.prefix.count))
            else {
                refuse(entry.key, .malformed("no entry has such a name"))
                continue
            }
            switch key.kind {
            case .beat: state.withLock { $0.beat = entry.value.map { (entry.revision, $0) } }
            case .member: met(key, entry, isReading: isReading)
            default: shared.append(SharedEntry(key: key, value: entry.value, revision: entry.revision))
            }
        }
        return shared
    }

    /// Remembers an entry that does not count, and says so.
    public func refuse(_ key: String, _ fault: EntryFault) {
        let isNew = state.withLock { state in
            guard state.refused[key] != fault else { return false }
            if state.refused.count < Self.mostRefused { state.refused[key] = fault }
            return true
        }
        if isNew { follower.heard(.refused(key: CallFailure.legible(key), fault)) }
    }

    /// An entry counts again, or is gone.
    public func accept(_ key: ClusterKey) {
        state.withLock { state in
            if !state.refused.isEmpty { state.refused[terms.text(key)] = nil }
        }
    }
}

extension CallFailure {
    fileprivate init(_ end: EtcdWatch.End) {
        switch end {
        case .compacted: self = .status(.outOfRange, "the changes since then are compacted")
        case .failed(let failure): self = failure
        }
    }
}
