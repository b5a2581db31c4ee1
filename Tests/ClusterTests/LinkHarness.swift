// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Cluster
import Foundation
import GRPCClient
import Glibc
import Identity
import ProcessSupport
import Synchronization

/// A link that notes everything that it hears.
final class NotingFollower: ClusterFollower {
    struct Notes {
        var entries: [ClusterKey: [UInt8]] = [:]
        var readings = 0
        var changes = 0
        var news: [ClusterNews] = []
    }

    let notes = Mutex(Notes())

    func read(_ entries: [SharedEntry]) async {
        notes.withLock { notes in
            notes.readings += 1
            notes.entries = [:]
            for entry in entries { notes.entries[entry.key] = entry.value }
        }
    }

    func changed(_ entries: [SharedEntry]) async {
        notes.withLock { notes in
            for entry in entries {
                notes.changes += 1
                notes.entries[entry.key] = entry.value
            }
        }
    }

    func heard(_ news: ClusterNews) { notes.withLock { $0.news.append(news) } }

    /// The value of an entry as text.
    func text(_ key: ClusterKey) -> String? {
        notes.withLock { $0.entries[key] }.map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Runs links of gates `a`, `b` and so on for as long as `body` runs.
func withLinks<Value: Sendable>(
    _ count: Int, _ servers: EtcdServers, protection: EtcdProtection = .none, grace: Int64 = 2_000,
    clocks: [ClusterClock] = [], _ body: @Sendable ([ClusterLink], [NotingFollower]) async throws -> Value
) async throws -> Value {
    let followers = (0..<count).map { _ in NotingFollower() }
    let links = try (0..<count).map { number in
        let terms = ClusterTerms(
            gate: String(UnicodeScalar(UInt8(ascii: "a") + UInt8(number))),
            trustDomain: try TrustDomain(parsing: "gate.test"), program: "test",
            endpoints: servers.ports.map { EtcdEndpoint(host: "127.0.0.1", port: $0) }, protection: protection,
            graceMilliseconds: grace, clockSkew: 2_000_000)
        let clock =
            clocks.indices.contains(number)
            ? clocks[number] : ClusterClock(wall: wallTime, monotonic: monotonicTime)
        return ClusterLink(terms, clock: clock, follower: followers[number])
    }
    return try await withThrowingTaskGroup(of: Void.self) { group in
        for link in links { group.addTask { await link.follow() } }
        for link in links { try await eventually("a link is fresh") { link.isFresh && link.standing.endpoint != nil } }
        let value = try await body(links, followers)
        group.cancelAll()
        return value
    }
}

/// Microseconds since 1970.
func wallTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000
}

/// Nanoseconds.
func monotonicTime() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}

extension ClusterLink {
    /// Writes an entry.
    func write(
        _ key: ClusterKey, ends: Int64? = nil, isNew: Bool = true, patience: Int64 = 5_000,
        _ value: @Sendable ([UInt8]?) -> [UInt8]
    ) async throws(ClusterError) {
        try await change(key, ends: ends, isNew: isNew, patience: patience) {
            known throws(ClusterError) -> EntryChange<Void> in .write(value(known), ())
        }
    }
}

/// Something did not come true in time.
struct NeverTrue: Error, CustomStringConvertible {
    let description: String
}

/// Waits until something is true.
func eventually(
    _ what: String, within limit: Duration = .seconds(20), _ condition: @Sendable () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now + limit
    while !(try await condition()) {
        guard ContinuousClock.now < deadline else { throw NeverTrue(description: what) }
        try await Task.sleep(for: .milliseconds(5))
    }
}
