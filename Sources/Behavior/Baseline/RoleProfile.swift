// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is usual for a role.
public struct RoleProfile: Sendable, Equatable {
    /// The role.
    public var role: String
    /// Sessions that it rests on.
    public var sessions: Int64 = 0
    /// Days on which they were.
    public var days: Int64 = 0
    /// The tools it uses, in order of service and name.
    public var tools: [Tool] = []
    /// The registrable domains it reaches, in order.
    public var domains: [Domain] = []
    /// Which tool follows which, by position in ``tools``; `from` is -1 at a session's start.
    public var transitions: [Transition] = []
    /// The surprise per call above which a session is unusual, in Q16 bits; nil where too few sessions were seen.
    public var surpriseLimit: Int64?
    /// Calls in a session, in thousandths.
    public var sessionCalls: Spread?
    /// The natural logarithm of a session's bytes out, in Q16.
    public var sessionBytes: Spread?
    /// The same of a session's bytes to one domain.
    public var destinationBytes: Spread?
    /// Calls of an agent in a busy minute, in thousandths: 19 of 20 minutes with a call have no more.
    public var minuteCalls: Int64?

    /// A role of which nothing is known.
    public init(role: String) { self.role = role }

    /// A tool.
    public struct Tool: Sendable, Equatable {
        /// Its service, empty where it has none.
        public var service: String
        /// Its name.
        public var tool: String
        /// Whether calls of it were all reads.
        public var isRead: Bool
        /// Sessions that used it.
        public var sessions: Int64

        /// Describes a tool.
        public init(service: String, tool: String, isRead: Bool, sessions: Int64) {
            self.service = service
            self.tool = tool
            self.isRead = isRead
            self.sessions = sessions
        }

        var name: ToolName { ToolName(service: service, tool: tool) }

        /// Bytewise.
        public static func == (left: Tool, right: Tool) -> Bool {
            left.name == right.name && left.isRead == right.isRead && left.sessions == right.sessions
        }
    }

    /// A domain.
    public struct Domain: Sendable, Equatable {
        /// Its name.
        public var name: String
        /// Sessions that reached it.
        public var sessions: Int64

        /// Describes a domain.
        public init(name: String, sessions: Int64) {
            self.name = name
            self.sessions = sessions
        }

        /// Bytewise.
        public static func == (left: Domain, right: Domain) -> Bool {
            ByteName(left.name) == ByteName(right.name) && left.sessions == right.sessions
        }
    }

    /// One tool after another.
    public struct Transition: Sendable, Hashable {
        /// The first, -1 for the start.
        public var from: Int64
        /// The one after it.
        public var to: Int64
        /// How often, as far as it counts.
        public var count: Int64

        /// Describes a transition.
        public init(from: Int64, to: Int64, count: Int64) {
            self.from = from
            self.to = to
            self.count = count
        }
    }

    /// Bytewise.
    public static func == (left: RoleProfile, right: RoleProfile) -> Bool {
        ByteName(left.role) == ByteName(right.role) && left.sessions == right.sessions && left.days == right.days
            && left.tools == right.tools && left.domains == right.domains && left.transitions == right.transitions
            && left.surpriseLimit == right.surpriseLimit && left.sessionCalls == right.sessionCalls
            && left.sessionBytes == right.sessionBytes && left.destinationBytes == right.destinationBytes
            && left.minuteCalls == right.minuteCalls
    }
}
