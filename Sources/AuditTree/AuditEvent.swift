// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One record of the audit tree before it is encoded. What is nil or empty does not appear in the record.
///
/// The record is a JSON object in canonical form (RFC 8785), its members named as in the comments. Its sequence number
/// is its index in the tree and not part of the bytes. Never put a secret, a query string or raw arguments in here.
public struct AuditEvent: Sendable, Equatable {
    /// `time_us`: when, in microseconds since 1970; below 2^53, so that every JSON reader sees it exactly.
    public var time: Int64
    /// `kind`: what the record is about.
    public var kind: AuditKind

    /// `decision`: the id of the decision, also returned to the client.
    public var decision: String?
    /// `connection`: the id of the connection.
    public var connection: String?
    /// `agent`: the SPIFFE ID of the agent.
    public var agent: String?
    /// `actors`: the agents that acted before this one, nearest first.
    public var actors: [String] = []
    /// `proof`: how the agent is known, such as `x509-svid` or `launched`.
    public var proof: String?
    /// What the agent is for, as the configuration names it.
    public var role: String?
    /// `strength`: how strongly the agent is known, 0 to 4.
    public var strength: Int?
    /// `person`: the person on whose behalf the agent acts, as issuer and subject.
    public var person: String?
    /// `task`: the id of the task.
    public var task: String?
    /// `source`: the address that the request came from.
    public var source: String?

    /// `plane`: the way in, such as `egress`.
    public var plane: String?
    /// `service`: the name of the service.
    public var service: String?
    /// `operation`: what was asked of the service.
    public var operation: String?
    /// `tool`: the tool, model or skill that was called.
    public var tool: String?
    /// `effect`: what the tool does to the world, such as `read` or `external`, where that is known.
    public var effect: String?
    /// What the data of the call is, and whether somebody named the destination; see ``DataLabel``.
    public var labels: [String] = []
    /// `method`: the HTTP method.
    public var method: String?
    /// `host`: the name that was asked for.
    public var host: String?
    /// `port`: the port that was asked for.
    public var port: Int?
    /// `path`: the canonical path, never with its query.
    public var path: String?
    /// `path_sha256`: the digest of the path where the path itself must not be kept.
    public var pathSHA256: String?
    /// `argument_sha256`: the digest of the canonical arguments.
    public var argumentSHA256: String?
    /// `provenance`: where the destination came from, such as `configuration` or `dns`.
    public var provenance: String?
    /// `address`: the address that was dialled; nil in a decision made before resolution.
    public var address: String?

    /// `verdict`: the outcome.
    public var verdict: AuditVerdict?
    /// `reasons`: the reason codes, the deciding one first.
    public var reasons: [String] = []
    /// `grant`: the grant that allowed it.
    public var grant: String?
    /// `revision`: the revision of policy and configuration that judged.
    public var revision: String?
    /// `obligations`: what the verdict demands of the plane.
    public var obligations: [String] = []
    /// `evidence`: the indices of the records that something follows from.
    public var evidence: [String] = []
    /// `risk_permille`: the risk score after an alarm, in thousandths of a point.
    public var riskPermille: Int?

    /// `bytes_up`: bytes sent to the service.
    public var bytesUp: Int64?
    /// `bytes_down`: bytes sent to the agent.
    public var bytesDown: Int64?
    /// What a target that nobody named can carry at most, in bits.
    public var outboundBits: Int64?
    /// `duration_us`: duration in microseconds.
    public var duration: Int64?
    /// `cause`: why a connection, a launch or the gate ended, or why something was done.
    public var cause: String?
    /// `durability`: what "recorded" means, `process` or `disk`.
    public var durability: String?
    /// `detail`: further text for people.
    public var detail: String?

    /// A record with nothing but what all records have.
    public init(kind: AuditKind, time: Int64) {
        self.kind = kind
        self.time = time
    }
}

extension AuditEvent {
    /// The most bytes of a text member before escaping; longer ones are cut and end in a marker with length and digest.
    public static let longestText = 4096
    /// The bytes kept of each text member when the record as a whole would exceed the size of an entry.
    public static let shortenedText = 128
    /// The most strings of a list member; a marker stands for the others.
    public static let longestList = 32
    /// The largest encoded record in bytes (an entry of C2SP tlog-tiles).
    public static let largestRecord = EntryBundle.largestEntry
}
