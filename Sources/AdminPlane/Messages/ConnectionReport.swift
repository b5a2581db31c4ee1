// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One live connection: an element of the answer of `GET /v1/connections`.
public struct ConnectionReport: Codable, Sendable, Hashable {
    /// Its id, as in `yett cut --connection`.
    public var connection: String
    /// The decision that allowed it.
    public var decision: String
    /// The agent's SPIFFE ID.
    public var agent: String
    /// How the agent is known.
    public var proof: String
    /// The task it belongs to.
    public var task: String?
    /// The named service it goes to.
    public var service: String?
    /// What is done, such as `tunnel`.
    public var operation: String
    /// Host and port it goes to.
    public var destination: String
    /// Where it comes from.
    public var source: String
    /// The grant it rests on.
    public var grant: String?
    /// Bytes that went up.
    public var bytesUp: Int
    /// Bytes that came back.
    public var bytesDown: Int
    /// Milliseconds since it was opened.
    public var ageMilliseconds: Int64
    /// Whether it waits for a person, and nothing has passed; absent where it does not.
    public var isHeld: Bool?

    /// Collects the parts.
    public init(
        connection: String, decision: String, agent: String, proof: String, task: String?, service: String?,
        operation: String, destination: String, source: String, grant: String?, bytesUp: Int, bytesDown: Int,
        ageMilliseconds: Int64
    ) {
        self.connection = connection
        self.decision = decision
        self.agent = agent
        self.proof = proof
        self.task = task
        self.service = service
        self.operation = operation
        self.destination = destination
        self.source = source
        self.grant = grant
        self.bytesUp = bytesUp
        self.bytesDown = bytesDown
        self.ageMilliseconds = ageMilliseconds
    }
}

/// The answer of `GET /v1/connections`.
public struct ConnectionList: Codable, Sendable, Hashable {
    /// The live connections, oldest first.
    public var connections: [ConnectionReport]

    /// Wraps connections.
    public init(connections: [ConnectionReport]) { self.connections = connections }
}
