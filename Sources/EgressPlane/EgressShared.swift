// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Resolver
import Synchronization
import Transport

/// What all connections of the egress plane share. Safe from any thread.
final class EgressShared: Sendable {
    let authorizer: Authorizer
    let registry: Registry
    let resolver: any NameResolver
    let dialer: Dialer
    /// Tells whether records can be written.
    let isAuditAvailable: @Sendable () -> Bool

    private let open = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)
    private let live = Mutex<[SPIFFEID: Int]>([:])

    init(
        authorizer: Authorizer, registry: Registry, resolver: any NameResolver, dialer: Dialer,
        isAuditAvailable: @escaping @Sendable () -> Bool
    ) {
        self.authorizer = authorizer
        self.registry = registry
        self.resolver = resolver
        self.dialer = dialer
        self.isAuditAvailable = isAuditAvailable
    }

    /// Whether the plane stops and takes no new requests.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    func startDraining() { draining.store(true, ordering: .relaxed) }

    /// Connections accepted and not yet closed.
    var openConnections: Int { open.load(ordering: .relaxed) }

    /// Counts a connection in.
    ///
    /// - Returns: Whether there was room below `limit`; if not, nothing is counted.
    func enter(limit: Int) -> Bool {
        if open.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    func leave() { open.subtract(1, ordering: .relaxed) }

    /// Registers something open under its agent's limit.
    ///
    /// - Returns: Whether there was room below `limit`.
    func register(_ permit: LivePermit, limit: Int) -> Bool {
        guard let agent = permit.facts.identity?.id else { return false }
        let hasRoom = live.withLock { live in
            let count = live[agent, default: 0]
            guard count < limit else { return false }
            live[agent] = count + 1
            return true
        }
        if hasRoom { registry.insert(permit) }
        return hasRoom
    }

    /// Forgets something registered.
    func unregister(_ permit: LivePermit) {
        registry.remove(permit.connection)
        guard let agent = permit.facts.identity?.id else { return }
        live.withLock { live in
            guard let count = live[agent] else { return }
            live[agent] = count > 1 ? count - 1 : nil
        }
    }
}
