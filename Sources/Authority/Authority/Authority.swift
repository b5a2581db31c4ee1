// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Synchronization

/// The embedded SPIFFE authority: it names workloads, and signs what proves their names.
///
/// Changes go through the actor, one at a time, and are on the disk before they count. Requests read the present state
/// without waiting for it.
public actor Authority {
    /// What it was told.
    public nonisolated let configuration: AuthorityConfiguration
    nonisolated let clock: AuthorityClock
    nonisolated let jitter: @Sendable () -> Double
    nonisolated let live: Mutex<Live>
    nonisolated let localNode: SPIFFEID
    private nonisolated let broadcast = Broadcast<AuthorityState>()
    /// Held for its lock: as long as this lives, nobody else opens the state.
    private nonisolated let directory: StateDirectory
    nonisolated let store: AuthorityStore
    nonisolated let changes: KeyChanges
    var clockWatch = ClockWatch()

    /// Opens the state, or makes it, with a key of each kind that can sign.
    ///
    /// - Parameters:
    ///   - configuration: What it is told.
    ///   - clock: Its time.
    ///   - jitter: A number from -1 to 1 by which renewals are spread.
    /// - Throws: ``AuthorityError`` with what to do about it.
    public init(
        _ configuration: AuthorityConfiguration, clock: AuthorityClock = .system,
        jitter: @escaping @Sendable () -> Double = { Double.random(in: -1...1) }
    ) throws(AuthorityError) {
        try configuration.check()
        self.configuration = configuration
        self.clock = clock
        self.jitter = jitter
        do throws(SPIFFEIDError) {
            localNode = try LocalNode.id(in: configuration.trustDomain)
        } catch {
            throw .refused("the trust domain is too long for the gate's own ID")
        }
        let now = clock.wall()
        directory = try StateDirectory(configuration.directory)
        store = try AuthorityStore(directory: directory, trustDomain: configuration.trustDomain, now: now)
        let sealer = Sealer(source: configuration.sealing, directory: directory)
        let stored = try store.keys()
        if stored.keys.isEmpty { try sealer.createIfBesideState() }
        let factory = KeyFactory(configuration: configuration, sealer: sealer)
        changes = KeyChanges(configuration: configuration, factory: factory, store: store)
        var start = Live(
            book: KeyBook(stored, roots: configuration.roots, jwtKeys: configuration.jwtKeys),
            index: EntryIndex(try store.entries()), trustDomain: configuration.trustDomain)
        for kind in KeyKind.allCases {
            // The clock of a machine that has just started is not believed enough to forget keys.
            start = try changes.settle(start, kind, now: now, isClockSettled: false)
        }
        start.succeed(start.state)
        live = Mutex(start)
    }

    // MARK: What is so now

    /// All keys, the oldest one first.
    public nonisolated var keys: [AuthorityKey] { live.withLock { $0.book.keys } }

    /// The present bundles.
    public nonisolated var state: AuthorityState { live.withLock { $0.state } }

    /// What this authority signs with, without what its siblings do.
    public nonisolated var ownBundle: TrustBundle { live.withLock { $0.bundle } }

    /// Every state from now on, beginning with the present one; a slow reader sees the latest and none between.
    public nonisolated func updates() -> AsyncStream<AuthorityState> { broadcast.stream(startingWith: { state }) }

    /// Ends all streams.
    public nonisolated func shutDown() { broadcast.finish() }

    // MARK: Changes

    /// Makes another state the present one, and says so to everybody who listens.
    func publish(_ next: Live) {
        let state = live.withLock { live in
            let before = live.state
            live = next
            live.succeed(before)
            return live.state
        }
        broadcast.send(state)
    }

    /// Sets what other authorities of the same trust domain sign with. They verify what they verify here as the own keys
    /// do; nothing is issued under them.
    public func setSiblings(_ bundles: [TrustBundle]) {
        var next = live.withLock { $0 }
        next.siblings = bundles.filter { $0.trustDomain == configuration.trustDomain }
        guard next.siblings != live.withLock({ $0.siblings }) else { return }
        publish(next)
    }

    /// Sets the bundles of the trust domains that this one federates with.
    public func setFederatedBundles(_ bundles: [TrustBundle]) {
        var next = live.withLock { $0 }
        next.federated = bundles.filter { $0.trustDomain != configuration.trustDomain }
        guard next.federated != live.withLock({ $0.federated }) else { return }
        publish(next)
    }
}
