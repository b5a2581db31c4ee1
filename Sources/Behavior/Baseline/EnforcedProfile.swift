// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What was ratified for a role, in the form in which detectors ask for it.
final class EnforcedProfile: Sendable {
    /// What was ratified.
    let profile: RoleProfile
    /// Contacts by registrable domain.
    let domains: [ByteName: Int64]
    /// All contacts.
    let destinationTotal: Int64
    /// The tools by their position in the profile.
    let tools: [ToolName: Int]
    /// Counts of one tool after another, by both positions.
    private let transitions: [Int64: Int64]
    /// Counts of any tool after one; the first is that of a session's start.
    private let totals: [Int64]

    init(_ profile: RoleProfile) {
        self.profile = profile
        var domains: [ByteName: Int64] = [:]
        for domain in profile.domains { domains[ByteName(domain.name)] = domain.sessions }
        var tools: [ToolName: Int] = [:]
        for (position, tool) in profile.tools.enumerated() { tools[tool.name] = position }
        var transitions: [Int64: Int64] = [:]
        var totals = [Int64](repeating: 0, count: profile.tools.count + 1)
        for transition in profile.transitions where totals.indices.contains(Int(transition.from + 1)) {
            transitions[Self.key(transition.from, transition.to), default: 0] += transition.count
            totals[Int(transition.from + 1)] += transition.count
        }
        self.domains = domains
        destinationTotal = profile.domains.reduce(0) { $0 + $1.sessions }
        self.tools = tools
        self.transitions = transitions
        self.totals = totals
    }

    /// How surprising a domain is that was never seen: -log2((c + 0.5) / (N + 0.5 V)) for c = 0, in Q16, of N contacts
    /// with V domains. That is log2(2 N + V).
    var surprise: Int64 { Binary.log2(UInt64(max(1, 2 * destinationTotal + Int64(domains.count)))) }

    /// How surprising tool `to` is after `from`, in Q16 bits; -1 is the start, and any other number that is no position
    /// is a tool that the profile lacks.
    func surprise(of to: Int, after from: Int) -> Int64 {
        let isKnown = totals.indices.contains(from + 1)
        return MarkovSurprise.bits(
            pair: transitions[Self.key(Int64(from), Int64(to))] ?? 0, total: isKnown ? totals[from + 1] : 0,
            tools: Int64(profile.tools.count))
    }

    private static func key(_ from: Int64, _ to: Int64) -> Int64 { (from + 1) << 32 | to }
}

/// The surprise of one tool after another, by counts with half a count added to each: -log2((c + 0.5) / (C + 0.5 V)),
/// which is log2(2 C + V) - log2(2 c + 1), of V tools and one for all that are unknown.
enum MarkovSurprise {
    /// In Q16 bits.
    ///
    /// - Parameters:
    ///   - pair: How often the one followed the other, c.
    ///   - total: How often anything followed the other, C.
    ///   - tools: Known tools.
    static func bits(pair: Int64, total: Int64, tools: Int64) -> Int64 {
        Binary.log2(UInt64(max(1, 2 * total + tools + 1))) - Binary.log2(UInt64(max(1, 2 * pair + 1)))
    }
}
