// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What a grant says is done about what is found in a call and in its answer; about what it does not name, nothing is said.
public struct LeakTerms: Sendable, Hashable {
    /// What is found, in the words of a configuration.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// What was registered by name.
        case secrets
        /// Tokens, keys and passwords that are known by their form.
        case patterns
        /// Numbers of cards and accounts.
        case numbers
        /// Data that names a person.
        case personal
        /// What looks like encoded data where names belong.
        case opaque
        /// Texts that instruct a model.
        case instructions
        /// Command lines that destroy or hide, and paths of credentials.
        case commands
        /// A body in a content coding, which cannot be looked through.
        case encoded
    }

    /// What is done, from the mildest.
    public enum Action: Int, Sendable, Hashable, Comparable {
        /// Nothing but the record.
        case allow
        /// It is taken out.
        case redact
        /// A person is asked.
        case hold
        /// The exchange is refused, or ends.
        case deny

        /// Whether the first is milder.
        public static func < (left: Action, right: Action) -> Bool { left.rawValue < right.rawValue }
    }

    /// About what leaves the agent.
    public var requests: [Kind: Action] = [:]
    /// About what comes back.
    public var answers: [Kind: Action] = [:]

    /// Says nothing.
    public init() {}

    /// Whether nothing is said.
    public var isEmpty: Bool { requests.isEmpty && answers.isEmpty }

    /// Takes up what others say; of two actions for the same kind the stricter one stays.
    mutating func formStricter(_ other: LeakTerms) {
        requests.merge(other.requests, uniquingKeysWith: max)
        answers.merge(other.answers, uniquingKeysWith: max)
    }
}

/// What all grants together say about what is found in one call and in its answer.
public struct LeakRules: Sendable, Hashable {
    /// The strictest of the grants that cover the call.
    public private(set) var covering = LeakTerms()
    /// The strictest of the grants that only name it.
    public private(set) var naming = LeakTerms()

    /// Nothing is said.
    public init() {}

    /// What is done about one kind in a request: what grants say who cover the call, else what is usual; in either case
    /// no milder than what any grant says that names it.
    public func action(for kind: LeakTerms.Kind, usual: LeakTerms.Action) -> LeakTerms.Action {
        max(covering.requests[kind] ?? usual, naming.requests[kind] ?? .allow)
    }

    /// The same for an answer.
    public func answer(for kind: LeakTerms.Kind, usual: LeakTerms.Action) -> LeakTerms.Action {
        max(covering.answers[kind] ?? usual, naming.answers[kind] ?? .allow)
    }

    mutating func add(_ terms: LeakTerms, isCovered: Bool) {
        if isCovered { covering.formStricter(terms) } else { naming.formStricter(terms) }
    }
}
