// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Resolver
internal import Synchronization

/// Answers the names of `egress.resolver.hosts` itself and asks another resolver for the rest.
final class FixedNamesResolver: NameResolver {
    private let upstream: any NameResolver
    private let names: Mutex<[HostName: [IPAddress]]>

    /// Wraps a resolver.
    init(_ upstream: any NameResolver, names: [HostName: [IPAddress]]) {
        self.upstream = upstream
        self.names = Mutex(names)
    }

    /// Answers other names from now on.
    func replace(with names: [HostName: [IPAddress]]) { self.names.withLock { $0 = names } }

    func resolve(_ name: HostName, completion: @escaping @Sendable (Result<Answers, ResolveError>) -> Void) {
        if let addresses = names.withLock({ $0[name] }) {
            completion(addresses.isEmpty ? .failure(.notFound) : .success(Answers(addresses: addresses, ttl: 0)))
        } else {
            upstream.resolve(name, completion: completion)
        }
    }
}
