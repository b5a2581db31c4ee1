// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// Bundles of several trust domains, as messages carry them.
///
/// A bundle of another trust domain that cannot be read is left out, and nothing of that domain is accepted: whoever runs
/// it must not be able to keep this program from its own identity.
struct BundleMap<Bundle: Sendable & Equatable>: Sendable {
    /// What could be read.
    private(set) var bundles: [TrustDomain: Bundle] = [:]
    /// What was left out, and why.
    private(set) var leftOut: [MessageError] = []
    private var names: Set<TrustDomain> = []

    /// No bundles.
    init() {}

    /// Reads the bundles of a message.
    ///
    /// - Parameter own: The trust domains whose bundles must be readable.
    init(
        _ entries: some Collection<(name: String, bytes: [UInt8])>, own: Set<TrustDomain>, atMost limit: Int,
        read: (TrustDomain, [UInt8]) throws(MessageError) -> Bundle
    ) throws(MessageError) {
        guard entries.count <= limit else { throw .tooManyTrustDomains }
        for entry in entries {
            guard let domain = try? TrustDomain(mapKey: entry.name) else { throw .bundleName }
            // The name alone and the one with a scheme are one trust domain.
            guard names.insert(domain).inserted else { throw .twoBundles(domain) }
            do throws(MessageError) {
                bundles[domain] = try read(domain, entry.bytes)
            } catch {
                guard !own.contains(domain) else { throw error }
                leftOut.append(error)
            }
        }
    }

    /// Adds the bundle that stands beside an identity.
    mutating func add(_ bundle: Bundle, of domain: TrustDomain) throws(MessageError) {
        if names.insert(domain).inserted {
            bundles[domain] = bundle
        } else if bundles[domain] != bundle {
            throw .twoBundles(domain)
        }
    }
}
