// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Secrets in all their spellings, made ready to be found in streams: an automaton of Aho and Corasick, and a table that
/// skips what cannot begin any of them.
///
/// Made once and shared by all streams. It holds the secrets and shows nothing of them.
public struct SecretPatterns: Sendable {
    /// Bytes that a secret has at least.
    public static let minimumBytes = 8

    /// Secrets that are looked for.
    public let secretCount: Int

    /// Bytes of the longest spelling. One byte fewer is what a scanner may hold back.
    public let longest: Int

    let automaton: SecretAutomaton
    let skips: SecretSkipTable
    /// Other patterns that are looked for as well, each made on its own.
    private(set) var others: [SecretPatterns] = []

    /// States of the automaton, the root among them.
    public var stateCount: Int { automaton.states.count }

    /// Patterns of no secret.
    public init() {
        secretCount = 0
        longest = 0
        skips = SecretSkipTable()
        automaton = SecretAutomaton(SecretTrie(limit: 1))
    }

    /// Makes secrets ready to be found.
    ///
    /// - Parameter includesReversed: Whether a secret that is written backwards counts.
    public init(
        _ secrets: [[UInt8]], includesReversed: Bool = false, limits: SecretLimits = .standard
    ) throws(SecretPatternError) {
        guard secrets.count <= limits.secrets else { throw .tooManySecrets }
        for (index, secret) in secrets.enumerated() {
            guard secret.count >= Self.minimumBytes else { throw .tooShort(index: index) }
            guard secret.count <= limits.secretBytes else { throw .tooLong(index: index) }
        }
        var trie = SecretTrie(limit: limits.states)
        var skips = SecretSkipTable()
        var longest = 0
        for secret in secrets {
            for form in SecretForm.all(of: secret, includesReversed: includesReversed) {
                guard trie.insert(form) else { throw .tooManyStates }
                skips.insert(form)
                longest = max(longest, form.count)
            }
        }
        secretCount = secrets.count
        self.longest = longest
        self.skips = skips
        automaton = SecretAutomaton(trie)
    }

    /// These patterns and others, without making any anew: streams are looked through for one after the other.
    public func adding(_ more: SecretPatterns) -> SecretPatterns {
        var patterns = self
        patterns.others.append(more)
        return patterns
    }

    /// A header field's value, or another short text, with every secret in it replaced by as many `*`.
    public func redact(_ value: [UInt8]) -> (value: [UInt8], hits: Int) {
        var scanner = SecretScanner(self)
        let released = scanner.feed(value)
        return (released + scanner.end(), scanner.hits)
    }
}

extension SecretPatterns: Confidential {
    /// How many secrets, and nothing about them.
    public var description: String { "SecretPatterns(\(secretCount) secrets)" }
}
