// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

package import Decision
internal import Identity
package import Resolver
internal import Synchronization

/// What all connections of a data plane share. Safe from any thread.
package final class PlaneShared: Sendable {
    /// Decides.
    package let authorizer: Authorizer
    /// What is open.
    package let registry: Registry
    /// Looks names up, after the verdict.
    package let resolver: any NameResolver
    /// Opens connections to judged addresses.
    package let dialer: Dialer
    /// Tells whether records can be written.
    package let isAuditAvailable: @Sendable () -> Bool
    /// Looks for what must not get out.
    package let leaks: LeakInspector

    private let open = Atomic<Int>(0)
    private let draining = Atomic<Bool>(false)
    private let live = Mutex<[SPIFFEID: Int]>([:])

    /// Collects the parts; nothing is open.
    package init(
        authorizer: Authorizer, registry: Registry, resolver: any NameResolver, dialer: Dialer,
        isAuditAvailable: @escaping @Sendable () -> Bool, leaks: LeakInspector = LeakInspector()
    ) {
        self.authorizer = authorizer
        self.registry = registry
        self.resolver = resolver
        self.dialer = dialer
        self.isAuditAvailable = isAuditAvailable
        self.leaks = leaks
    }

    /// Whether the plane stops and takes no new requests.
    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// Takes no new request any more, after those who were let in last could say what they want: they cannot know that nobody
    /// is let in after them. The listeners are closed already.
    package func startDraining(grace: Duration) async {
        let clock = ContinuousClock()
        let end = clock.now + min(grace, .milliseconds(250))
        while openConnections > 0, clock.now < end { try? await Task.sleep(for: .milliseconds(10)) }
        draining.store(true, ordering: .relaxed)
    }

    /// Waits until nothing of a plane is registered, and cuts what is left when `grace` is over.
    package func drain(_ plane: Plane, grace: Duration) async {
        let clock = ContinuousClock()
        let end = clock.now + grace
        while registry.all().contains(where: { $0.facts.plane == plane }), clock.now < end {
            try? await Task.sleep(for: .milliseconds(20))
        }
        registry.cut(where: { $0.facts.plane == plane }, CutReason(.draining))
    }

    /// Connections accepted and not yet closed.
    package var openConnections: Int { open.load(ordering: .relaxed) }

    /// Counts a connection in.
    ///
    /// - Returns: Whether there was room below `limit`; if not, nothing is counted.
    package func enter(limit: Int) -> Bool {
        if open.add(1, ordering: .relaxed).newValue <= limit { return true }
        leave()
        return false
    }

    /// Counts a connection out.
    package func leave() { open.subtract(1, ordering: .relaxed) }

    /// Registers something open under its agent's limit.
    ///
    /// - Returns: Whether there was room below `limit`.
    package func register(_ permit: LivePermit, limit: Int) -> Bool {
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
    package func unregister(_ permit: LivePermit) {
        registry.remove(permit.connection)
        guard let agent = permit.facts.identity?.id else { return }
        live.withLock { live in
            guard let count = live[agent] else { return }
            live[agent] = count > 1 ? count - 1 : nil
        }
    }
}
