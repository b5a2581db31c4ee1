// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses

/// Turns names into addresses. Called only after a verdict on the name, since a lookup tells the zone's servers about it.
public protocol NameResolver: Sendable {
    /// Looks a name up and calls the completion exactly once, on the calling thread or on one of the resolver's own; it
    /// must not block. The name is taken as it is: no search domains.
    func resolve(_ name: HostName, completion: @escaping @Sendable (Result<Answers, ResolveError>) -> Void)
}

extension NameResolver {
    /// Looks a name up.
    public func resolve(_ name: HostName) async throws(ResolveError) -> Answers {
        let result = await withCheckedContinuation { continuation in
            resolve(name) { continuation.resume(returning: $0) }
        }
        return try result.get()
    }
}

/// The addresses of a name. Nothing has judged them yet.
public struct Answers: Hashable, Sendable {
    /// The addresses in the order of the answer, IPv4 before IPv6; at least one.
    public let addresses: [IPAddress]

    /// For how many seconds they may be kept: the least of all records that led to them.
    public let ttl: UInt32

    /// Makes answers of addresses and their lifetime in seconds.
    public init(addresses: [IPAddress], ttl: UInt32) {
        self.addresses = addresses
        self.ttl = ttl
    }
}

/// Why a name has no addresses.
public enum ResolveError: String, Error, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The name does not exist or has no address.
    case notFound
    /// No server answered in time.
    case timeout
    /// The servers refused, failed or answered nonsense.
    case serverFailure
    /// Too many lookups are under way.
    case tooManyPending
    /// The answer holds more addresses than the limit.
    case tooManyAnswers
    /// The resolver has been shut down.
    case shutDown

    /// A sentence for a person.
    public var description: String {
        switch self {
        case .notFound: "the name does not exist or has no address"
        case .timeout: "no name server answered in time"
        case .serverFailure: "the name servers refused, failed or gave an unusable answer"
        case .tooManyPending: "too many name lookups are under way"
        case .tooManyAnswers: "the answer holds more addresses than the limit"
        case .shutDown: "the resolver has been shut down"
        }
    }
}
