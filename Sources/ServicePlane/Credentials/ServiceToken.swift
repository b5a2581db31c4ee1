// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Credentials
public import Decision

/// A token for one service, and what it is found by in answers.
public struct ServiceToken: CacheableToken, Confidential {
    /// Seconds for which it is good.
    public let lifetime: Int64
    /// Finds the token where the service repeats it; `nil` when answers are not looked through.
    public let patterns: SecretPatterns?
    let text: [UInt8]

    /// A token.
    ///
    /// - Parameter isSearched: Whether answers are looked through for it.
    /// - Returns: `nil` when it cannot stand in a field, or cannot be looked for.
    public init?(_ text: [UInt8], lifetime: Int64, isSearched: Bool) {
        guard !text.isEmpty, text.count <= 16_384, text.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), lifetime > 0 else {
            return nil
        }
        self.text = text
        self.lifetime = lifetime
        guard isSearched else {
            patterns = nil
            return
        }
        guard let patterns = try? SecretPatterns([Self.essence(of: text)]) else { return nil }
        self.patterns = patterns
    }

    /// What is kept.
    public var cached: ServiceToken { self }

    /// Whether the text is the same.
    public func isSame(as other: ServiceToken) -> Bool { text == other.text }

    /// The part without which the token is worth nothing. That of a signed token is its signature, behind the last dot.
    static func essence(of text: [UInt8]) -> [UInt8] {
        guard let dot = text.lastIndex(of: UInt8(ascii: ".")) else { return Array(text.prefix(longestEssence)) }
        let tail = text[(dot &+ 1)...]
        return Array((tail.count >= 43 ? tail : text[...]).prefix(longestEssence))
    }

    /// Of longer texts the beginning is looked for: what it takes to find one costs memory for as long as it is good.
    private static let longestEssence = 96
}

/// For which request something is obtained.
public struct CredentialRequest: Sendable {
    /// Who asks for what, as it was judged.
    public let facts: Facts
    /// The decision that allowed it.
    public let decision: DecisionID

    /// A request that was allowed.
    public init(facts: Facts, decision: DecisionID) {
        self.facts = facts
        self.decision = decision
    }
}

/// Why a request is not given what the service needs. The text goes to agents, records and logs: it says what happened,
/// whose fault it is and what to do, and nothing that anybody could use.
public struct CredentialFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What happened.
    public let description: String

    /// A failure, in words.
    public init(_ description: String) { self.description = description }
}
