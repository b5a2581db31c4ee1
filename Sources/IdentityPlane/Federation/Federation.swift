// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity
public import Outbound
internal import PKI
public import ServiceLifecycle
internal import Synchronization

/// Fetches the bundles of foreign trust domains, again and again, and hands them on.
///
/// A bundle counts for the trust domain that is configured and for no other; a newer document replaces the whole bundle, an
/// older one nothing. After a failure the known bundle stands, and the next look is made when it would have been anyway.
public final class Federation: Service {
    private let partners: [FederationPartner]
    private let addressGuard: @Sendable ([AddressException]) -> AddressGuard
    private let lookup: OutboundClient.Lookup
    private let store: FederatedBundleStore?
    private let limits: FederationLimits
    private let own: @Sendable () -> TrustBundle?
    private let publish: @Sendable ([TrustBundle]) async -> Void
    private let report: @Sendable (FederationReport) -> Void
    private let now: (@Sendable () -> Int64)?
    private let bundles = Mutex(FederatedBundles())

    /// Prepares the looks; nothing is fetched before ``run()``.
    ///
    /// - Parameters:
    ///   - partners: The foreign trust domains, each once, and never the own one.
    ///   - directory: Where the latest bundles are kept; in memory only when it is nil.
    ///   - own: The own bundle, for endpoints whose ID is in the own trust domain.
    ///   - addressGuard: The guard with these exceptions.
    ///   - lookup: The resolver.
    ///   - now: Unix seconds.
    ///   - publish: Takes all bundles whenever one has changed, one call after the other: the first one before anything is
    ///     fetched.
    ///   - report: Told what came of each look.
    public init(
        partners: [FederationPartner], directory: String?, own: @escaping @Sendable () -> TrustBundle? = { nil },
        limits: FederationLimits = .init(), addressGuard: @escaping @Sendable ([AddressException]) -> AddressGuard,
        lookup: @escaping OutboundClient.Lookup, now: (@Sendable () -> Int64)? = nil,
        publish: @escaping @Sendable ([TrustBundle]) async -> Void,
        report: @escaping @Sendable (FederationReport) -> Void
    ) {
        self.partners = partners
        store = directory.map { FederatedBundleStore(directory: $0) }
        self.own = own
        self.limits = limits
        self.addressGuard = addressGuard
        self.lookup = lookup
        self.now = now
        self.publish = publish
        self.report = report
    }

    /// The bundles that count now.
    public var current: [TrustBundle] { bundles.withLock { $0.all } }

    /// Looks for bundles until the service group shuts down or the task is cancelled.
    public func run() async throws {
        begin()
        let (changes, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        continuation.yield()
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { for await _ in changes { await self.publish(self.current) } }
                for partner in self.partners {
                    group.addTask { await self.follow(partner) { continuation.yield() } }
                }
            }
        }
    }

    /// Starts with what was kept, or with the initial bundle where that is newer.
    private func begin() {
        for partner in partners {
            var kept: TrustBundle?
            do throws(FederatedBundleStore.StoreFailure) {
                kept = try store?.read(partner.trustDomain)
            } catch {
                report(FederationReport(trustDomain: partner.trustDomain, outcome: .unsaved("\(error)")))
            }
            let candidates = [kept, partner.initial].compactMap(\.self)
            bundles.withLock { $0.begin(with: candidates) }
        }
    }

    private func follow(_ partner: FederationPartner, _ tell: () -> Void) async {
        let look = FederationLook(
            partner: partner, limits: limits, addressGuard: addressGuard, lookup: lookup, now: now
        ) { [self] in trusted }
        var hasWorked = false
        while !Task.isCancelled {
            do throws(FederationError) {
                let document = try await look.fetch()
                guard !Task.isCancelled else { return }
                hasWorked = true
                try take(document, partner.trustDomain, tell)
            } catch {
                guard !Task.isCancelled else { return }
                report(FederationReport(trustDomain: partner.trustDomain, outcome: .failed(error)))
            }
            try? await Task.sleep(for: pause(partner.trustDomain, hasWorked))
        }
    }

    private func take(
        _ document: [UInt8], _ trustDomain: TrustDomain, _ tell: () -> Void
    ) throws(FederationError) {
        let changed = try bundles.withLock { bundles throws(FederationError) in
            try bundles.take(document, of: trustDomain) ? bundles[trustDomain] : nil
        }
        guard let changed else {
            return report(FederationReport(trustDomain: trustDomain, outcome: .unchanged))
        }
        tell()
        report(FederationReport(trustDomain: trustDomain, outcome: .changed(changed)))
        do throws(FederatedBundleStore.StoreFailure) {
            try store?.write(changed)
        } catch {
            report(FederationReport(trustDomain: trustDomain, outcome: .unsaved("\(error)")))
        }
    }

    /// What endpoints with an X509-SVID are verified with: the latest bundles, and the own one.
    private var trusted: TrustBundles { TrustBundles(current + [own()].compactMap(\.self), version: 0) }

    /// What the document says, within bounds, and never exactly so. Before the first one was fetched, the shortest pause:
    /// both sides may have been started at the same time.
    private func pause(_ trustDomain: TrustDomain, _ hasWorked: Bool) -> Duration {
        let hint = bundles.withLock { $0[trustDomain]?.refreshHint }.map { Duration.seconds($0) } ?? limits.pause
        let pause = hasWorked ? min(max(hint, limits.shortestPause), limits.longestPause) : limits.shortestPause
        return pause * Double.random(in: 0.9...1.1)
    }
}
