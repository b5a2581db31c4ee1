// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Decision
public import Identity

/// A request of an agent that is judged and not made: nothing is sent, spent, counted or recorded.
public struct ServiceTrial: Sendable {
    /// What is asked of the service.
    public enum Request: Sendable {
        /// A call of a tool of an MCP server, with its arguments as JSON.
        case tool(name: String, arguments: String)
        /// An HTTP request; the path is what stands behind `/s/<service>`.
        case http(method: String, path: String, body: String?)
    }

    /// The service.
    public var service: String
    /// Who would ask.
    public var identity: VerifiedIdentity
    /// The task in which it would be asked.
    public var task: TaskID?
    /// What would be asked.
    public var request: Request
    /// When, in Unix seconds.
    public var time: Int64

    /// Describes a request.
    public init(
        of service: String, by identity: VerifiedIdentity, in task: TaskID? = nil, _ request: Request, at time: Int64
    ) {
        self.service = service
        self.identity = identity
        self.task = task
        self.request = request
        self.time = time
    }

    /// What the request would come to.
    public struct Outcome: Sendable {
        /// The verdict.
        public var verdict: Verdict
        /// What was judged; absent when the request was refused before.
        public var facts: Facts?
        /// Where the values of the call came from, one line for each argument.
        public var provenance: [String] = []
        /// What the agent would read of a refusal, where the protocol words it.
        public var message: String?
    }

    /// Why there is nothing to judge.
    public enum Failure: Error, Sendable, Hashable {
        /// No service has the name.
        case unknownService
        /// The service speaks MCP, so that a tool must be named.
        case isToolServer
        /// The service has no tools.
        case hasNoTools
        /// The arguments are no JSON object.
        case arguments(String)
        /// The method, the path or the body cannot be sent.
        case request(String)
    }
}
