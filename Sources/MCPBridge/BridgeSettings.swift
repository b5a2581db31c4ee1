// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Where a local MCP server and its client meet the gate, and what bounds their messages.
public struct BridgeSettings: Sendable {
    /// The name of the service, for messages to people.
    public var service: String
    /// The gate's socket for this client alone.
    public var clientSocket: String
    /// The process that may ask the server; no other one.
    public var gatePid: Int32
    /// The most bytes of one message.
    public var lineBytes: Int
    /// How long requests under way, a server without input, and one that is told to end are waited for, each.
    public var grace: Duration
    /// The token that says who the client is; `nil` when its process says it.
    public var token: String?

    /// The most requests of the client under way at one time.
    static let requests = 256
    /// The most messages of a server that are kept until its client listens.
    static let heldMessages = 64
    /// The most lines of a server that are no message, before it is ended.
    static let strayLines = 1000
    /// How long to wait before a stream that ended is opened again.
    static let pause: Duration = .seconds(1)

    /// Collects the parts.
    public init(
        service: String, clientSocket: String, gatePid: Int32, lineBytes: Int, grace: Duration, token: String? = nil
    ) {
        self.service = service
        self.clientSocket = clientSocket
        self.gatePid = gatePid
        self.lineBytes = lineBytes
        self.grace = grace
        self.token = token
    }
}
