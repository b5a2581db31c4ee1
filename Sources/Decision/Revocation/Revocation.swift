// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// Something that counts no more: what was issued or established for somebody before a moment, or one token, task or key.
///
/// For agents and people there is one moment each and no list: what comes after it is good again.
public struct Revocation: Sendable, Hashable {
    /// What it is about.
    public let target: Target
    /// The moment: what an agent or a person had by then is void. In microseconds since 1970.
    public var time: Int64
    /// Certificates of the agent that hold from this time on or earlier are void, in Unix seconds.
    public var certificatesFrom: Int64
    /// SHA-256 of the tokens that were configured for the agent then. They have no time of their own.
    public var tokenDigests: Set<[UInt8]>
    /// When nothing can be good any more that it voids, in Unix seconds; `nil` when that cannot be known.
    public var expires: Int64?
    /// Why, in the words of whoever revoked.
    public var why: String?
    /// Who revoked: `uid:` and a user, or the gate itself.
    public var origin: String

    /// Revokes.
    public init(
        _ target: Target, time: Int64, certificatesFrom: Int64? = nil, tokenDigests: Set<[UInt8]> = [],
        expires: Int64? = nil, why: String? = nil, origin: String
    ) {
        self.target = target
        self.time = time
        self.certificatesFrom = certificatesFrom ?? time / 1_000_000
        self.tokenDigests = tokenDigests
        self.expires = expires
        self.why = why
        self.origin = origin
    }

    /// What is revoked.
    public enum Target: Sendable, Hashable {
        /// What an agent had, wherever it stands in a chain.
        case agent(SPIFFEID)
        /// What was given on behalf of a person.
        case person(PersonName)
        /// A task and those below it.
        case task(TaskID)
        /// A token, by its `jti`.
        case token(ExactText)
        /// Everything that a key signed, by its name.
        case key(ExactText)
    }

    /// A person, byte by byte.
    public struct PersonName: Sendable, Hashable {
        let issuer: ExactText
        let subject: ExactText

        /// Names a person.
        public init(issuer: String, subject: String) {
            self.issuer = ExactText(issuer)
            self.subject = ExactText(subject)
        }

        /// The person as `sub` of the gate's own tokens.
        var tokenSubject: ExactText {
            ExactText(PersonSubject.text(issuer: issuer.description, subject: subject.description))
        }
    }

    /// A text that is the same when every byte is: Unicode's equivalence would make two names one.
    public struct ExactText: Sendable, Hashable, CustomStringConvertible {
        private let bytes: [UInt8]

        /// Takes a text.
        public init(_ text: String) { bytes = Array(text.utf8) }

        /// The text.
        public var description: String { String(decoding: bytes, as: UTF8.self) }
    }
}

extension Revocation.Target {
    /// The kinds; the raw value is what they are called in requests, records and the gate's state.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// See ``Revocation/Target/agent(_:)``.
        case agent
        /// See ``Revocation/Target/person(_:)``.
        case person
        /// See ``Revocation/Target/task(_:)``.
        case task
        /// See ``Revocation/Target/token(_:)``.
        case token
        /// See ``Revocation/Target/key(_:)``.
        case key
    }

    /// Reads what ``kind`` and ``text`` write.
    public init?(_ kind: Kind, _ text: String) {
        switch kind {
        case .agent:
            guard let id = try? SPIFFEID(parsing: text) else { return nil }
            self = .agent(id)
        case .person:
            guard let person = Revocation.PersonName(text) else { return nil }
            self = .person(person)
        case .task:
            guard let id = TaskID(text) else { return nil }
            self = .task(id)
        case .token: self = .token(Revocation.ExactText(text))
        case .key: self = .key(Revocation.ExactText(text))
        }
    }

    /// What kind it is.
    public var kind: Kind {
        switch self {
        case .agent: .agent
        case .person: .person
        case .task: .task
        case .token: .token
        case .key: .key
        }
    }

    /// Its name.
    public var text: String {
        switch self {
        case .agent(let id): id.description
        case .person(let person): person.description
        case .task(let id): id.description
        case .token(let text), .key(let text): text.description
        }
    }
}

extension Revocation.PersonName: CustomStringConvertible {
    /// Parses issuer, `#` and subject. The issuer is a URL without fragment, so that the first `#` parts them.
    public init?(_ text: String) {
        let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let issuer = parts.first, let subject = parts.last, !issuer.isEmpty, !subject.isEmpty
        else { return nil }
        self.init(issuer: String(issuer), subject: String(subject))
    }

    /// Issuer, `#`, subject.
    public var description: String { "\(issuer)#\(subject)" }
}
