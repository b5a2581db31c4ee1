// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/launches`.
public struct LaunchRequest: Codable, Sendable, Hashable {
    /// The agent's short name.
    public var agent: String
    /// The user the agent will run as.
    public var uid: UInt32
    /// The program and its arguments, for the record: only the program's name is kept.
    public var program: String?
    /// The task within which the agent does everything, if there is one.
    public var task: String?
    /// Whether the caller's own process uses the socket, as the caller's user, in the place of a program that it starts.
    public var isOwn: Bool?

    /// Collects the parts.
    public init(
        agent: String, uid: UInt32, program: String? = nil, task: String? = nil, isOwn: Bool? = nil
    ) {
        self.isOwn = isOwn
        self.task = task
        self.agent = agent
        self.uid = uid
        self.program = program
    }
}

/// The answer of `POST /v1/launches`.
public struct LaunchReport: Codable, Sendable, Hashable {
    /// Names the launch.
    public var launchId: String
    /// The socket over which the launched agent, and nobody else, is served.
    public var socketPath: String
    /// The agent's SPIFFE ID.
    public var identity: String
    /// Paths of the host that must not be shown to the agent: the gate's own files and secrets.
    public var protectedPaths: [String]
    /// Sockets of the host that the agent must not reach.
    public var forbiddenSockets: [String]
    /// The socket at which the agent gets an identity of its own; absent where there is none.
    public var workloadSocket: String?
    /// Variables that lead to services: a value that begins with a slash is a path at the gate.
    public var serviceVariables: [String: String]
    /// Variables with credentials that open nothing, for intruders to find.
    public var plantedVariables: [String: String]?
    /// Files with such credentials, by their paths below the home directory.
    public var plantedFiles: [String: String]?

    /// Collects the parts.
    public init(
        launchId: String, socketPath: String, identity: String, protectedPaths: [String], forbiddenSockets: [String],
        workloadSocket: String? = nil, serviceVariables: [String: String] = [:]
    ) {
        self.launchId = launchId
        self.socketPath = socketPath
        self.identity = identity
        self.protectedPaths = protectedPaths
        self.forbiddenSockets = forbiddenSockets
        self.workloadSocket = workloadSocket
        self.serviceVariables = serviceVariables
    }
}
