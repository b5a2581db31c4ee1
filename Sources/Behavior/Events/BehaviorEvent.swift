// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// One thing that an agent did or tried, as every plane can tell it.
///
/// It is all that the monitor sees: an event that is encoded, kept and decoded raises the same alarms again. Names that
/// are too long are shortened when the event is made; see ``BehaviorLimits``.
public struct BehaviorEvent: Sendable, Equatable {
    /// The decision or record that tells of it, by which an alarm names its evidence.
    public var id: UInt64
    /// When it happened, in Unix microseconds, from 0 to 2^53 - 1.
    public let time: Int64
    /// The agent's SPIFFE ID.
    public let agent: String
    /// What the agent is for: its role, or the name of the kind of task. Baselines are kept by role.
    public let role: String
    /// The task's id.
    public var task: String? { didSet { task = task.map(BehaviorLimits.shorten) } }
    /// What tells the agent's sessions apart where there is no task, such as an MCP session or a connection.
    public var session: String? { didSet { session = session.map(BehaviorLimits.shorten) } }
    /// The way in, as decisions name it.
    public var plane = "" { didSet { plane = BehaviorLimits.shorten(plane) } }
    /// The named service.
    public var service: String? { didSet { service = service.map(BehaviorLimits.shorten) } }
    /// The tool, or the operation where there is none.
    public var tool: String? { didSet { tool = tool.map(BehaviorLimits.shorten) } }
    /// Whether it tells more of a call that was told before, such as its bytes or a canary in them, and is none itself.
    public var isContinuation = false
    /// What the call does to the world.
    public var effect = Effect.unknown
    /// Where the bytes go.
    public var destination: Destination?
    /// 64 bits of a hash over the call's canonical arguments.
    public var arguments: UInt64?
    /// What the gate made of it.
    public var outcome = Outcome.allowed
    /// Bytes from the agent.
    public var bytesUp: Int64 = 0 { didSet { bytesUp = BehaviorLimits.clamp(bytesUp) } }
    /// Bytes towards the agent.
    public var bytesDown: Int64 = 0 { didSet { bytesDown = BehaviorLimits.clamp(bytesDown) } }
    /// What the bytes from the agent can carry at most, in bits: length times Shannon entropy.
    public var outboundBits: Int64 = 0 { didSet { outboundBits = BehaviorLimits.clamp(outboundBits) } }
    /// What the data is, for the flow of data through a session.
    public var labels: Labels = []
    /// Whether something planted was touched: a fake secret, a decoy.
    public var touchesCanary = false

    /// Describes an event by what every plane knows; the rest is set where it is known.
    public init(id: UInt64, time: Int64, agent: String, role: String) {
        self.id = id
        self.time = BehaviorLimits.clamp(time)
        self.agent = BehaviorLimits.agentName(agent)
        self.role = BehaviorLimits.shorten(role)
    }

    /// What a call does to the world.
    public enum Effect: String, Sendable, CaseIterable {
        /// Nothing.
        case read
        /// It changes something, or somebody learns something.
        case write
        /// Nobody said; judged as a write.
        case unknown

        /// Whether the call counts as one that changes something.
        public var isEffectful: Bool { self != .read }
    }

    /// Where the bytes go.
    public struct Destination: Sendable, Equatable {
        /// The host, in canonical form.
        public let host: String
        /// Its registrable domain, such as `example.co.uk` for `www.example.co.uk`; the host itself where it is an
        /// address.
        public let domain: String
        /// Whether a configured service or a grant names exactly this host.
        public let isNamed: Bool

        /// Describes a destination. Without a domain the one of ``RegistrableDomain`` is taken.
        public init(host: String, domain: String? = nil, isNamed: Bool = false) {
            self.host = BehaviorLimits.shorten(host)
            self.domain = BehaviorLimits.shorten(domain ?? RegistrableDomain.of(host))
            self.isNamed = isNamed
        }

        /// Two destinations are the same when their bytes are.
        public static func == (left: Destination, right: Destination) -> Bool {
            ByteName(left.host) == ByteName(right.host) && ByteName(left.domain) == ByteName(right.domain)
                && left.isNamed == right.isNamed
        }
    }

    /// What the data of a call is. The three together in one session can carry private data out on a stranger's order.
    public struct Labels: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: UInt8
        /// Wraps bits.
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        /// Text was read that a stranger may have written.
        public static let untrustedRead = Labels(rawValue: 1)
        /// Private data was read.
        public static let privateRead = Labels(rawValue: 2)
        /// The call tells somebody outside, or changes what they can see.
        public static let externalWrite = Labels(rawValue: 4)
        /// The three of them.
        public static let all: Labels = [.untrustedRead, .privateRead, .externalWrite]
    }

    /// Two events are the same when their encodings are.
    public static func == (left: BehaviorEvent, right: BehaviorEvent) -> Bool { left.encoded == right.encoded }
}
