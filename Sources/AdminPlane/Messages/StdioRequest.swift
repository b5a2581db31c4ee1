// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The body of `POST /v1/stdio`.
public struct StdioRequest: Codable, Sendable, Hashable {
    /// The service that the server is.
    public var service: String
    /// The user the server will run as.
    public var uid: UInt32
    /// The program, for the record.
    public var program: String?
    /// The abstract Unix socket on which the asking process will answer for the server.
    public var socketName: String
    /// Whether the client says by a token who it is.
    public var bringsToken: Bool

    /// Collects the parts.
    public init(service: String, uid: UInt32, program: String?, socketName: String, bringsToken: Bool) {
        self.service = service
        self.uid = uid
        self.program = program
        self.socketName = socketName
        self.bringsToken = bringsToken
    }
}

/// The answer of `POST /v1/stdio`.
public struct StdioReport: Codable, Sendable, Hashable {
    /// The launch of the server.
    public var launch: LaunchReport
    /// The socket at which the client's messages are taken, from the asking process only.
    public var clientSocket: String
    /// The process that will connect to the server's socket, and no other one may.
    public var gatePid: Int32
    /// The most bytes of one message.
    public var lineBytes: Int
    /// How long a server has to end by itself, in milliseconds.
    public var graceMilliseconds: Int64

    /// Collects the parts.
    public init(launch: LaunchReport, clientSocket: String, gatePid: Int32, lineBytes: Int, grace: Duration) {
        self.launch = launch
        self.clientSocket = clientSocket
        self.gatePid = gatePid
        self.lineBytes = lineBytes
        let (seconds, attoseconds) = grace.components
        graceMilliseconds = seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000
    }
}
