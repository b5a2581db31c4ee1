// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A call to which a person has to agree: the answer of `GET /v1/approvals/{id}` and an element of that of
/// `GET /v1/approvals`.
public struct ApprovalReport: Codable, Sendable, Hashable {
    /// Its name.
    public var id: String
    /// `waiting`, `approved`, `refused`, `expired`, `used` or `withdrawn`.
    public var state: String
    /// The gate at which the call waits, where that is another one.
    public var gate: String?
    /// The SPIFFE ID of the agent that calls.
    public var agent: String
    /// The service.
    public var service: String
    /// What is done, such as `tools/call`.
    public var operation: String
    /// The tool, model or skill.
    public var tool: String?
    /// The method of HTTP.
    public var method: String?
    /// The path.
    public var path: String?
    /// The query.
    public var query: String?
    /// The task.
    public var task: String?
    /// Why the task exists.
    public var purpose: String?
    /// The person on whose behalf: issuer, `#`, subject.
    public var person: String?
    /// SHA-256 of what the approval is bound to.
    public var digest: String
    /// Why a person is asked.
    public var why: String
    /// The arguments or the request, secrets left out; absent in lists and once it is over.
    public var arguments: String?
    /// The decision that held the call.
    public var decision: String
    /// Where the call came from.
    public var source: String
    /// When it was asked.
    public var askedAt: String
    /// Seconds since then.
    public var ageSeconds: Int64
    /// Seconds until it lapses; 0 when it is over.
    public var secondsLeft: Int64
    /// Connections that are held for it here.
    public var waiting: Int
    /// Who decided.
    public var decidedBy: String?
    /// Why, in the words of whoever decided.
    public var reason: String?

    /// Collects what is always known.
    public init(
        id: String, state: String, agent: String, service: String, operation: String, digest: String, why: String,
        decision: String, source: String, askedAt: String, ageSeconds: Int64, secondsLeft: Int64, waiting: Int
    ) {
        self.id = id
        self.state = state
        self.agent = agent
        self.service = service
        self.operation = operation
        self.digest = digest
        self.why = why
        self.decision = decision
        self.source = source
        self.askedAt = askedAt
        self.ageSeconds = ageSeconds
        self.secondsLeft = secondsLeft
        self.waiting = waiting
    }
}

/// The answer of `GET /v1/approvals`.
public struct ApprovalList: Codable, Sendable, Hashable {
    /// The questions, the newest first.
    public var approvals: [ApprovalReport]

    /// Wraps questions.
    public init(approvals: [ApprovalReport]) { self.approvals = approvals }
}

/// The body of `POST /v1/approvals/{id}/approve` and `/refuse`.
public struct ApprovalAnswerRequest: Codable, Sendable, Hashable {
    /// Why, for the record and for the agent.
    public var why: String?
    /// The session of the person who answers. A secret.
    public var session: String?

    /// Collects the parts.
    public init(why: String? = nil, session: String? = nil) {
        self.why = why
        self.session = session
    }
}

extension ApprovalAnswerRequest: CustomStringConvertible, CustomReflectable {
    /// The reason; the session is shown nowhere.
    public var description: String { why ?? "" }
    /// The reason.
    public var customMirror: Mirror { Mirror(self, children: ["why": why ?? ""]) }
}
