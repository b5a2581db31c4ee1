// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What was ratified for a role, in the form in which detectors ask for it.
final class EnforcedProfile: Sendable {
    /// Contacts by registrable domain.
    let domains: [ByteName: Int64]
    /// All contacts.
    let destinationTotal: Int64

    init(domains: [ByteName: Int64]) {
        self.domains = domains
        destinationTotal = domains.values.reduce(0, +)
    }

    /// How surprising a domain is that was never seen: -log2((c + 0.5) / (N + 0.5 V)) for c = 0, in Q16, of N contacts with V
    /// domains. That is log2(2 N + V).
    var surprise: Int64 { Binary.log2(UInt64(max(1, 2 * destinationTotal + Int64(domains.count)))) }
}
