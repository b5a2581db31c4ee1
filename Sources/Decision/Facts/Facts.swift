// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Addresses
public import Identity

/// The input document of a decision: one schema for all planes.
///
/// A member that a plane cannot know yet is absent, never guessed. The value holds no reference to a connection, a
/// clock or a file, so it can be stored and judged again at any time.
public struct Facts: Sendable {
    /// Who is asking, or `nil` when nobody could be identified.
    public var identity: VerifiedIdentity?
    /// The agents that delegated to this one, nearest first.
    public var actorChain: [SPIFFEID] = []
    /// On whose behalf the agent acts.
    public var person: Person?
    /// The task the call belongs to.
    public var task: TaskFacts?
    /// The way in.
    public var plane: Plane
    /// The named upstream, where the configuration knows one for the destination.
    public var service: String?
    /// What whoever carries the request says of it besides, where that is not the gate.
    public var carried: CarriedFacts?
    /// What is done.
    public var operation: Operation
    /// The request line, where the plane sees HTTP.
    public var http: HTTPFacts?
    /// Where the bytes would go.
    public var destination: Destination
    /// The behaviour score.
    public var risk: Risk = .none
    /// When the decision is made, in Unix seconds.
    public var time: Int64
    /// Where the connection came from.
    public var source: Source
    /// Why a person has to agree whatever grants and policy say, such as what is known of the tool; `nil` for no reason.
    public var approvalDemand: String?
    /// A person's consent to this very call.
    public var approval: ApprovalEvidence?

    /// Collects what a plane knows at the least.
    public init(
        identity: VerifiedIdentity?, plane: Plane, operation: Operation, destination: Destination, time: Int64,
        source: Source
    ) {
        self.identity = identity
        self.plane = plane
        self.operation = operation
        self.destination = destination
        self.time = time
        self.source = source
    }
}

/// A way in: one folder, one service.
public enum Plane: String, Sendable, Hashable, CaseIterable {
    /// The forward proxy.
    case egress
    /// The identity-aware reverse proxy.
    case service
    /// The PostgreSQL proxy.
    case postgres
    /// Execution of generated code.
    case sandbox
    /// Envoy's external authorization.
    case mesh
    /// The Workload API and the token endpoint.
    case identity
    /// Operators.
    case admin
}

/// A human identity from OIDC on whose behalf an agent acts.
public struct Person: Hashable, Sendable {
    /// The `iss` claim.
    public var issuer: String
    /// The `sub` claim.
    public var subject: String
    /// Group names, as the issuer gives them.
    public var groups: [String]
    /// When the person last authenticated, in Unix seconds.
    public var authenticationTime: Int64
    /// What the issuer calls the person, such as a verified mail address; nothing is decided by them but what a person may
    /// mean.
    public var names: [String]

    /// Collects the claims.
    public init(
        issuer: String, subject: String, groups: [String] = [], authenticationTime: Int64, names: [String] = []
    ) {
        self.issuer = issuer
        self.subject = subject
        self.groups = groups
        self.authenticationTime = authenticationTime
        self.names = names
    }
}

/// The task a call belongs to.
public struct TaskFacts: Hashable, Sendable {
    /// The transaction id, for example `t-5f0c`.
    public var id: String
    /// Why the task exists, in the person's words.
    public var purpose: String
    /// When the task ends, in Unix seconds.
    public var expires: Int64

    /// Collects what is known of the task.
    public init(id: String, purpose: String, expires: Int64) {
        self.id = id
        self.purpose = purpose
        self.expires = expires
    }
}

/// The behaviour score of an agent or task.
public struct Risk: Hashable, Sendable {
    /// Parts per thousand, 0 (nothing seen) to 1000.
    public var permille: Int
    /// The detectors that raised it.
    public var signals: [String]
    /// What is done about it, whatever grants and policy allow.
    public var response = RiskResponse.none
    /// Whether calls go through only once a second.
    public var isThrottled = false

    /// Nothing was seen.
    public static let none = Risk(permille: 0, signals: [])

    /// Collects score and signals.
    public init(permille: Int, signals: [String]) {
        self.permille = permille
        self.signals = signals
    }
}

/// The transport address of the caller.
public enum Source: Hashable, Sendable {
    /// A TCP peer.
    case tcp(IPAddress, port: UInt16)
    /// A process on this machine, behind a Unix socket.
    case process(pid: Int32, uid: UInt32, gid: UInt32)
    /// The plane has no peer, as in a dry run.
    case unknown
}
