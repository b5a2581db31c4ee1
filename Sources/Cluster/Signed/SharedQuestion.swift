// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
internal import Identity
internal import Protocols

/// A call that waits for a person at one gate, as people at the other gates are shown it: a statement that the gate signs.
public struct SharedQuestion: Sendable, Hashable {
    /// The gate at which it waits.
    public let gate: String
    /// Its name there.
    public let id: ApprovalID
    /// What is asked, in the words in which people are shown it.
    public var texts: [Text: String] = [:]
    /// When it was asked, in Unix seconds.
    public var askedAt: Int64
    /// When it lapses, in Unix seconds.
    public var expires: Int64
    /// The user as whom the agent runs, where it is known by that.
    public var user: UInt32?

    /// A part of a question.
    public enum Text: String, Sendable, Hashable, CaseIterable {
        /// What is always there.
        case agent, service, operation, digest, why, decision, source
        /// What is there where it applies. The arguments are left out where they are too long for an entry.
        case tool, method, path, query, task, purpose, person, arguments

        var isRequired: Bool {
            switch self {
            case .agent, .service, .operation, .digest, .why, .decision, .source: true
            case .tool, .method, .path, .query, .task, .purpose, .person, .arguments: false
            }
        }
    }

    private static let members = Set(Text.allCases.map(\.rawValue) + ["asked_at", "expires", "user"])
    /// The most bytes of the arguments; escapes may double them twice, and an entry has 64 KiB.
    public static let longestArguments = 12 * 1_024
    /// The most open questions of other gates that are shown.
    public static let most = 4_096

    /// Describes a question.
    public init(gate: String, id: ApprovalID, askedAt: Int64, expires: Int64) {
        self.gate = gate
        self.id = id
        self.askedAt = askedAt
        self.expires = expires
    }

    /// Where a question is kept.
    public var key: ClusterKey { Self.keys(gate, id).question }

    /// Where its answer is kept.
    public var answerKey: ClusterKey { Self.keys(gate, id).answer }

    /// Where a question of a gate and its answer are kept.
    public static func keys(_ gate: String, _ id: ApprovalID) -> (question: ClusterKey, answer: ClusterKey) {
        (ClusterKey(.question, gate, id.description), ClusterKey(.answer, gate, id.description))
    }

    /// Which question of which gate a key is about.
    public static func names(_ key: ClusterKey) throws(EntryFault) -> (gate: String, id: ApprovalID) {
        guard key.names.count == 2, let gate = key.names.first, let id = key.names.last.flatMap({ ApprovalID($0) })
        else { throw .malformed("it names no call") }
        return (gate, id)
    }

    /// The statement.
    public var payload: [UInt8] {
        EntryDocument.text(
            Text.allCases.map { name in (name.rawValue, texts[name].map { .string($0) }) } + [
                ("asked_at", .integer(askedAt)), ("expires", .integer(expires)),
                ("user", user.map { .integer(Int64($0)) }),
            ])
    }

    /// Reads a statement.
    public init(_ key: ClusterKey, _ payload: [UInt8]) throws(EntryFault) {
        let document = try EntryDocument(payload, members: Self.members)
        (gate, id) = try Self.names(key)
        for name in Text.allCases {
            let text =
                name.isRequired
                ? try document.required(name.rawValue) { $0.string }
                : try document.optional(name.rawValue) { $0.string }
            texts[name] = text
        }
        askedAt = try document.required("asked_at") { $0.integer }
        expires = try document.required("expires") { $0.integer }
        user = try document.optional("user") { json in json.integer.flatMap { UInt32(exactly: $0) } }
    }
}

/// What a person at another gate answered: a statement that this other gate signs.
public struct SharedAnswer: Sendable, Hashable {
    /// Whether the call may be made.
    public let agrees: Bool
    /// Who answered, in the words of the gate that asked.
    public let person: String
    /// Why.
    public let why: String?
    /// The person who is signed in there, as revocations name people, and since when, in microseconds since 1970.
    public let signedIn: SignedIn?

    /// A person with a session.
    public struct SignedIn: Sendable, Hashable {
        /// Issuer, `#`, subject.
        public let name: String
        /// When the person's identity was established.
        public let since: Int64

        /// Names a person.
        public init(name: String, since: Int64) {
            self.name = name
            self.since = since
        }
    }

    /// Describes an answer.
    public init(agrees: Bool, person: String, why: String?, signedIn: SignedIn?) {
        self.agrees = agrees
        self.person = person
        self.why = why
        self.signedIn = signedIn
    }

    /// The statement.
    public var payload: [UInt8] {
        EntryDocument.text([
            ("agrees", .bool(agrees)), ("person", .string(person)), ("why", why.map { .string($0) }),
            ("signed_in", signedIn.map { .string($0.name) }), ("since", signedIn.map { .integer($0.since) }),
        ])
    }

    /// Reads a statement.
    public init(_ payload: [UInt8]) throws(EntryFault) {
        let document = try EntryDocument(payload, members: ["agrees", "person", "why", "signed_in", "since"])
        agrees = try document.required("agrees") { $0.bool }
        person = try document.required("person") { $0.string }
        why = try document.optional("why") { $0.string }
        let name = try document.optional("signed_in") { $0.string }
        let since = try document.optional("since") { $0.integer }
        guard (name == nil) == (since == nil) else { throw .malformed("'signed_in' and 'since' stand together") }
        signedIn = name.flatMap { name in since.map { SignedIn(name: name, since: $0) } }
    }
}
