// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The rules of one directive such as `http_access`, asked one after the other.
struct AccessRules {
    /// A region that is allowed, and the line that allows it; for Squid's default, that of the last rule.
    struct Allowed {
        var region: Region
        var line: Int
        var isDefault = false
    }

    /// The requests that no rule has decided so far.
    private var remaining: [Region] = [.all]
    private(set) var allowed: [Allowed] = []
    private var last: (allows: Bool, line: Int)?
    private(set) var isTooComplex = false

    /// The most regions; more make the rest undecided, that is, denied.
    static let maximumRegions = 500
    /// The most names that are looked at in all, each time counted.
    private static let maximumWork = 2_000_000
    private var work = 0

    /// Applies a rule.
    ///
    /// - Parameters:
    ///   - certain: What the rule certainly matches.
    ///   - possible: What it may match.
    /// - Returns: Whether an allowing rule added something.
    mutating func apply(allows: Bool, certain: Region, possible: Region, line: Int) -> Bool {
        last = (allows, line)
        guard allows else {
            subtract(possible)
            return false
        }
        let added = remaining.map { $0.intersection(certain) }.filter { !$0.isEmpty }
        guard allowed.count + added.count <= Self.maximumRegions else {
            giveUp()
            return false
        }
        allowed += added.map { Allowed(region: $0, line: line) }
        subtract(certain)
        return !added.isEmpty
    }

    /// Nothing that follows allows.
    mutating func denyTheRest() { remaining = [] }

    /// Squid's default: the opposite of the last rule, and a denial without rules.
    mutating func applyDefault() {
        guard let last, !last.allows else { return }
        allowed += remaining.map { Allowed(region: $0, line: last.line, isDefault: true) }
    }

    private mutating func subtract(_ region: Region) {
        let names = region.hosts.names.nodes.count
        work += remaining.reduce(0) { $0 + $1.hosts.names.nodes.count + names + 1 }
        guard work <= Self.maximumWork else { return giveUp() }
        remaining = remaining.flatMap { $0.subtracting(region) }
        if remaining.count > Self.maximumRegions { giveUp() }
    }

    private mutating func giveUp() {
        isTooComplex = true
        remaining = []
    }
}
