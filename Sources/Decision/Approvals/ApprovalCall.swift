// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// The exact call that a person is asked about. What differs in any part is another call.
public struct ApprovalCall: Hashable, Sendable {
    /// Who calls.
    public let agent: SPIFFEID
    /// The service, or the destination where it has no name.
    public let service: String
    /// The kind of operation.
    public let operation: String
    /// The tool, model or skill.
    public let tool: String?
    /// The method of HTTP.
    public let method: String?
    /// The canonical path that is judged and sent.
    public let path: String?
    /// The query as sent.
    public let query: String?
    /// The task that the call belongs to.
    public let task: String?
    /// The person on whose behalf: issuer, `#`, subject.
    public let person: String?
    /// SHA-256 of the arguments or the body, exactly as they are sent.
    public let digest: [UInt8]

    /// All parts, each with its length, so that no two calls have the same bytes. Texts are compared by these, never by
    /// Unicode's equivalence.
    private let bytes: [UInt8]

    /// Describes the call that facts tell of.
    ///
    /// - Parameter digest: SHA-256 of the arguments or the body.
    /// - Returns: `nil` when nobody is asking.
    public init?(_ facts: borrowing Facts, digest: [UInt8]) {
        guard let agent = facts.identity?.id else { return nil }
        self.agent = agent
        service = facts.service ?? "\(facts.destination.host):\(facts.destination.port)"
        operation = facts.operation.name.rawValue
        tool = facts.operation.tool
        method = facts.http?.method
        path = facts.http?.path
        query = facts.http?.query
        task = facts.task?.id
        person = facts.person.map { "\($0.issuer)#\($0.subject)" }
        self.digest = digest
        var bytes: [UInt8] = []
        let parts: [String?] = [agent.description, service, operation, tool, method, path, query, task, person]
        for part in parts {
            bytes.append(part == nil ? 0 : 1)
            Self.append(Array((part ?? "").utf8), to: &bytes)
        }
        Self.append(digest, to: &bytes)
        self.bytes = bytes
    }

    private static func append(_ part: [UInt8], to bytes: inout [UInt8]) {
        for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: part.count >> (56 &- shift &* 8))) }
        bytes += part
    }

    /// Equal when every byte of every part is.
    public static func == (left: ApprovalCall, right: ApprovalCall) -> Bool { left.bytes == right.bytes }

    /// Hashes all parts.
    public func hash(into hasher: inout Hasher) { hasher.combine(bytes) }
}

/// Evidence that a person agreed to one call; made only by ``Approvals``, and good for that call alone.
public struct ApprovalEvidence: Sendable, Hashable {
    /// The approval that was used up for it.
    public let id: ApprovalID
    /// What was agreed to.
    public let call: ApprovalCall
    /// Who agreed.
    public let person: String

    init(id: ApprovalID, call: ApprovalCall, person: String) {
        self.id = id
        self.call = call
        self.person = person
    }

    /// Whether facts tell of the call that was agreed to.
    func covers(_ facts: borrowing Facts) -> Bool { ApprovalCall(facts, digest: call.digest) == call }
}
