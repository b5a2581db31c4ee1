// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Resolver
internal import YettConfiguration

/// The resolvers of the gate: fixed names first, then the cache, then the name servers.
struct NameLookup {
    /// The outermost resolver.
    let names: FixedNamesResolver
    private let servers: AresResolver?

    /// Makes the resolvers.
    ///
    /// - Parameter replacement: Asked in the place of cache and name servers.
    init(_ egress: EgressConfiguration, replacement: (any NameResolver)?) throws(GatewayError) {
        if let replacement {
            servers = nil
            names = FixedNamesResolver(replacement, names: egress.resolver.hosts)
            return
        }
        let settings = egress.resolver
        let ares: AresResolver
        do {
            ares = try AresResolver(
                configuration: AresConfiguration(
                    servers: settings.servers.map { AresConfiguration.Server($0.address, port: $0.port) },
                    queryTimeoutMilliseconds: settings.timeout.wholeMilliseconds,
                    deadlineMilliseconds: settings.total.wholeMilliseconds, maximumAnswers: egress.limits.dnsAnswers,
                    maximumPending: egress.limits.pendingDials))
        } catch {
            throw GatewayError(["the name resolver cannot start: \(error)"])
        }
        let cache = CacheConfiguration(
            maximumEntries: settings.cacheEntries, maximumTTL: Self.seconds(settings.maximumTTL),
            negativeTTL: Self.seconds(settings.negativeTTL))
        servers = ares
        names = FixedNamesResolver(CachingResolver(ares, configuration: cache), names: settings.hosts)
    }

    /// Ends the resolver's threads.
    func shutDown() { servers?.shutDown() }

    private static func seconds(_ duration: Duration) -> UInt32 { UInt32(clamping: duration.components.seconds) }
}
