// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is usual, role by role: learnt, shown to a person, and enforced once that person has ratified it.
public struct Baseline: Sendable, Equatable {
    /// Limits on a baseline.
    public enum Limits {
        /// Bytes of its encoding.
        public static let bytes = 16 << 20
        /// Roles.
        public static let roles = 64
        /// Tools of a role.
        public static let tools = 256
        /// Domains of a role.
        public static let domains = 1024
        /// Transitions of a role.
        public static let transitions = 4096
    }

    /// The roles, in the order of their names' bytes.
    public internal(set) var roles: [RoleProfile]

    /// A baseline of roles, each named once; of more than ``Limits/roles`` the first in order are kept.
    public init(roles: [RoleProfile] = []) {
        var kept: [RoleProfile] = []
        for profile in roles.sorted(by: { ByteName($0.role) < ByteName($1.role) }) where kept.count < Limits.roles {
            if let last = kept.last, ByteName(last.role) == ByteName(profile.role) { continue }
            kept.append(profile)
        }
        self.roles = kept
    }

    /// The profile of a role.
    public subscript(role: String) -> RoleProfile? { roles.first { ByteName($0.role) == ByteName(role) } }

    /// The baseline as a person agreed to it.
    ///
    /// - Parameters:
    ///   - person: Who.
    ///   - time: When, in Unix microseconds.
    public func ratified(by person: String, at time: Int64) -> RatifiedBaseline {
        RatifiedBaseline(
            baseline: self, person: BehaviorLimits.shorten(person), time: BehaviorLimits.clamp(time))
    }
}

/// A baseline to which a person agreed: only such a one is enforced.
public struct RatifiedBaseline: Sendable, Equatable {
    /// What is usual.
    public let baseline: Baseline
    /// Who agreed.
    public let person: String
    /// When, in Unix microseconds.
    public let time: Int64

    init(baseline: Baseline, person: String, time: Int64) {
        self.baseline = baseline
        self.person = person
        self.time = time
    }

    /// Bytewise.
    public static func == (left: RatifiedBaseline, right: RatifiedBaseline) -> Bool {
        left.baseline == right.baseline && ByteName(left.person) == ByteName(right.person) && left.time == right.time
    }
}
