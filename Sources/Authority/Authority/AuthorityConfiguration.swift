// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What the authority is told: whose names it gives, where its state is, and how long things hold.
public struct AuthorityConfiguration: Sendable, Hashable {
    /// The trust domain. A state belongs to one for ever.
    public var trustDomain: TrustDomain
    /// The directory of the state; made with mode 0700.
    public var directory: String
    /// What seals the private keys on disk.
    public var sealing: SealingKey
    /// Seconds for which an X509-SVID holds where its entry does not say.
    public var x509Lifetime: Int64 = 3600
    /// Seconds for which a JWT-SVID holds where its entry does not say.
    public var jwtLifetime: Int64 = 300
    /// Seconds for which the intermediate in memory holds; a new one is made at half of it and at each start.
    public var intermediateLifetime: Int64 = 86_400
    /// The roots' schedule.
    public var roots = KeySchedule.roots
    /// The JWT keys' schedule.
    public var jwtKeys = KeySchedule.jwtKeys
    /// Seconds after which others look for a new bundle.
    public var refreshHint: Int64 = 60

    /// The usual times.
    public init(trustDomain: TrustDomain, directory: String, sealing: SealingKey = .besideState) {
        self.trustDomain = trustDomain
        self.directory = directory
        self.sealing = sealing
    }

    /// Refuses times that do not fit into each other.
    func check() throws(AuthorityError) {
        let times = [
            x509Lifetime, jwtLifetime, intermediateLifetime, roots.lifetime, jwtKeys.lifetime, refreshHint,
        ]
        guard times.allSatisfy({ (1...100 * 365 * 86_400).contains($0) }) else {
            throw .refused("every lifetime is at least one second and at most 100 years")
        }
        guard x509Lifetime <= intermediateLifetime / 2 else {
            throw .refused("X509-SVIDs must not hold longer than half of the intermediate's lifetime")
        }
        guard intermediateLifetime <= roots.lifetime, x509Lifetime <= roots.lifetime / 6 else {
            throw .refused("X509-SVIDs must not hold longer than a sixth of the root's lifetime")
        }
        guard RegistrationEntry.jwtLifetimes.contains(jwtLifetime) else {
            throw .refused("JWT-SVIDs hold for 1 to \(RegistrationEntry.jwtLifetimes.upperBound) seconds")
        }
        guard jwtLifetime <= jwtKeys.lifetime / 6 else {
            throw .refused("JWT-SVIDs must not hold longer than a sixth of their key's lifetime")
        }
    }
}
