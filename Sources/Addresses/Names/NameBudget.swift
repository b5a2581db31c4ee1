// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// How much information the labels under a wildcard may carry.
///
/// A grant for `*.example.com` lets the asker choose the labels, and a name server of that zone sees them: a channel out
/// of the gate. The budget bounds what one name can carry. It is an estimate, in bits, by the cheapest of four
/// explanations per stretch of characters, found by dynamic programming (Viterbi):
///
/// - *chosen* characters, as in names that people make up: a letter costs `s = -log2 P(letter | previous letter)`
///   (`LetterPairs`) and carries `max(1, s - 3)` bits, at the start of a word `max(2, s - 2)`; a digit costs 5 bits, 4 behind
///   another digit, 7 behind a letter, and carries 27/8, about `log2 10`;
/// - *hexadecimal* characters cost and carry 4 bits;
/// - *arbitrary* letters and digits cost and carry 41/8 bits, about `log2 36`;
/// - *repeated* characters cost and carry 1/4 bit, and 3 bits where a repetition begins.
///
/// Changing the explanation costs 5 bits, so a short acronym inside an ordinary name stays ordinary. Dots, hyphens and
/// underscores carry nothing and end a word, so data split over many labels adds up. The default of 78 bits passes 15
/// arbitrary characters or 19 hexadecimal digits (shard names, short hashes, load balancers) and refuses a 16-byte key in
/// any encoding. A UUID carries 122 bits and is refused: grant such a name exactly, or widen the budget of the grant. What
/// many small names carry together, and data spelled in words, is bounded elsewhere, by counting distinct names.
public struct NameBudget: Hashable, Sendable {
    /// Labels permitted under the wildcard.
    public var maximumLabels: Int

    /// Bytes permitted under the wildcard, dots included.
    public var maximumBytes: Int

    /// Bits of carried information permitted under the wildcard.
    public var maximumBits: Int

    /// Makes a budget; the defaults are those explained above.
    public init(maximumLabels: Int = 8, maximumBytes: Int = 128, maximumBits: Int = 78) {
        self.maximumLabels = maximumLabels
        self.maximumBytes = maximumBytes
        self.maximumBits = maximumBits
    }

    /// Judges a name that was granted by `*.suffix`. A name that is not below the suffix is within any budget, because
    /// it was not the wildcard that granted it.
    public func judge(_ name: HostName, under suffix: HostName) -> NameBudgetVerdict {
        guard let prefix = name.prefix(under: suffix) else { return .within(bits: 0) }
        return judge(labels: prefix.utf8)
    }

    /// Judges a name against the pattern that granted it; only a wildcard spends the budget.
    public func judge(_ host: Host, grantedBy pattern: HostPattern) -> NameBudgetVerdict {
        guard case .subdomains(let suffix) = pattern.kind, case .name(let name) = host else { return .within(bits: 0) }
        return judge(name, under: suffix)
    }

    /// Judges the labels that a wildcard stands for.
    public func judge(labels: some Collection<UInt8>) -> NameBudgetVerdict {
        var meter = NameMeter()
        var labelCount = 1
        var bytes = 0
        for byte in labels {
            bytes += 1
            if bytes > maximumBytes { return .exceeded(.bytes(limit: maximumBytes)) }
            if byte == UInt8(ascii: ".") { labelCount += 1 }
            if labelCount > maximumLabels { return .exceeded(.labels(limit: maximumLabels)) }
            meter.read(lowered(byte))
        }
        let bits = meter.carriedBits
        return bits <= maximumBits ? .within(bits: bits) : .exceeded(.bits(bits, limit: maximumBits))
    }
}

/// Whether a name stays within its budget.
public enum NameBudgetVerdict: Hashable, Sendable {
    /// It does, and carries about this many bits.
    case within(bits: Int)

    /// It does not.
    case exceeded(NameBudgetExcess)

    /// Whether the name stays within its budget.
    public var isWithin: Bool {
        if case .within = self { true } else { false }
    }
}

/// Which limit of a budget a name exceeds.
public enum NameBudgetExcess: Hashable, Sendable, CustomStringConvertible {
    /// More labels than the limit.
    case labels(limit: Int)
    /// More bytes than the limit.
    case bytes(limit: Int)
    /// More carried bits than the limit.
    case bits(Int, limit: Int)

    /// A sentence for a person.
    public var description: String {
        switch self {
        case .labels(let limit): "more than \(limit) labels stand under the wildcard"
        case .bytes(let limit): "more than \(limit) bytes stand under the wildcard"
        case .bits(let bits, let limit):
            "the labels under the wildcard could carry about \(bits) bits of encoded data; \(limit) are permitted"
        }
    }
}
