// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What holds for calls to which a person has to agree, `approvals`.
public struct ApprovalConfiguration: Sendable, Hashable {
    /// `expiry`.
    public var expiry: Duration = .seconds(300)
    /// `wait`.
    public var wait: Duration = .seconds(300)
    /// `keep_alive`.
    public var keepAlive: Duration = .seconds(15)
    /// `per_agent`.
    public var perAgent = 20
    /// `total`.
    public var total = 1_000
    /// `arguments`.
    public var arguments = 64 << 10
    /// `webhook`: whom the gate tells of questions.
    public var webhook: Webhook?

    /// The defaults.
    public init() {}

    /// Every limit with its name, its range and what it bounds.
    public static let fields: [LimitField<ApprovalConfiguration>] = [
        .time(
            "expiry", \.expiry, 1_000...86_400_000, "how long a question waits, and how long an answer can be used"),
        .time("wait", \.wait, 1_000...86_400_000, "how long a connection is held for an answer"),
        .time(
            "keep_alive", \.keepAlive, 500...3_600_000,
            "how often a client of MCP that is held gets a sign of life"),
        .count(
            "per_agent", \.perAgent, 1...10_000,
            "questions of one agent that are open, or came to nothing within the expiry"),
        .count("total", \.total, 1...100_000, "questions of all agents that are open"),
        .size("arguments", \.arguments, 256...1 << 20, "the arguments or the body that a person can be shown"),
    ]

    /// A server that is told that there is a question; it cannot answer.
    public struct Webhook: Sendable, Hashable {
        /// `url`: `https`.
        public var url: String
        /// `secret`: signs what is sent.
        public var secret: SecretReference
        /// `ca`: authorities of the server's certificate in the place of the web's.
        public var authority: SecretReference?
        /// `allow_private`: whether it may have an address of a private network, or of this machine.
        public var isPrivateAllowed = false

        /// Describes a webhook.
        public init(url: String, secret: SecretReference) {
            self.url = url
            self.secret = secret
        }
    }
}
