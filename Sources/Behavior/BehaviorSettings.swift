// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Every threshold of the detectors and the ladder. Times are in microseconds, weights in thousandths of a point.
public struct BehaviorSettings: Sendable, Hashable {
    /// From score to level.
    public var ladder = RiskLadder()
    /// What all statistical signals together count at most: high, so that being unusual ends nobody's work without a
    /// strong refusal or the like.
    public var statisticalCeiling: Int64 = 10_000
    /// How long a throttled agent stays so after the last alarm that asks for it.
    public var throttleTime: Int64 = 300_000_000
    /// See ``CallRate``.
    public var callRate = CallRate()
    /// See ``HardRate``.
    public var hardRate = HardRate()
    /// See ``Burst``.
    public var burst = Burst()
    /// See ``NewDestination``.
    public var newDestination = NewDestination()
    /// See ``NewTool``.
    public var newTool = NewTool()
    /// See ``Sequence``.
    public var sequence = Sequence()
    /// See ``OutboundVolume``.
    public var outboundVolume = OutboundVolume()
    /// See ``OutboundEntropy``.
    public var outboundEntropy = OutboundEntropy()
    /// See ``Denials``.
    public var denials = Denials()
    /// See ``Beacon``.
    public var beacon = Beacon()
    /// See ``DataFlow``.
    public var dataFlow = DataFlow()
    /// See ``Canary``.
    public var canary = Canary()
    /// See ``Loop``.
    public var loop = Loop()
    /// See ``Length``.
    public var length = Length()
    /// See ``Learning``.
    public var learning = Learning()
    /// See ``Capacity``.
    public var capacity = Capacity()

    /// The defaults.
    public init() {}

    /// More calls than the agent is used to.
    public struct CallRate: Sendable, Hashable {
        /// Length of a window.
        public var window: Int64 = 10_000_000
        /// Windows n of which the mean remembers about so many: a = 2 / (n + 1).
        public var windows: Int64 = 30
        /// How many standard deviations above the mean are too many.
        public var z: Int64 = 6
        /// A window with no more calls than this is never too many.
        public var floor: Int64 = 20
        /// Weight of each window from the second in a row.
        public var millipoints: Int64 = 2_000
    }

    /// Domains that are new for the role.
    public struct NewDestination: Sendable, Hashable {
        /// Weight of a first sight.
        public var millipoints: Int64 = 1_000
        /// New domains of one agent in an hour that are not yet many.
        public var perHour = 5
        /// Further weight when there are more.
        public var manyMillipoints: Int64 = 5_000
    }

    /// Refused calls.
    public struct Denials: Sendable, Hashable {
        /// Weight of a tool outside the grant, a link, a secret, a budget, a sensitive read.
        public var strong: Int64 = 5_000
        /// Weight of a destination.
        public var destination: Int64 = 2_000
        /// Weight of broken syntax and other reasons.
        public var weak: Int64 = 1_000
        /// Time within which a sentence counts refused calls.
        public var window: Int64 = 300_000_000

        /// The weight of a kind.
        func weight(of kind: BehaviorEvent.DenialClass) -> Int64 {
            switch kind {
            case .tool, .link, .secret, .budget, .sensitiveRead: strong
            case .destination: destination
            case .syntax, .other: weak
            case .unrelated: 0
            }
        }
    }

    /// Touched canaries, which make the level critical whatever they weigh.
    public struct Canary: Sendable, Hashable {
        /// Weight of a touch.
        public var millipoints: Int64 = 15_000
    }

    /// The same call again and again.
    public struct Loop: Sendable, Hashable {
        /// Calls that are too many.
        public var repeats = 5
        /// Time within which they are.
        public var window: Int64 = 600_000_000
        /// Weight of each time that the number is reached.
        public var millipoints: Int64 = 2_000
    }

    /// How much is remembered at most.
    public struct Capacity: Sendable, Hashable {
        /// Agents.
        public var agents = 4096
        /// Tasks.
        public var tasks = 8192
        /// Roles.
        public var roles = 256
        /// Alarms of each agent that are kept to be shown.
        public var alarms = 64
    }
}
