// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension BehaviorSettings {
    /// Fixed rates; none is set by default, because grants have budgets of their own.
    public struct HardRate: Sendable, Hashable {
        /// A token bucket.
        public struct Rate: Sendable, Hashable {
            /// Calls that it gains in each period.
            public var calls: Int64
            /// The period.
            public var period: Int64
            /// Calls that it holds.
            public var burst: Int64

            /// So many calls in a period, and at most so many at once.
            public init(calls: Int64, period: Int64, burst: Int64) {
                self.calls = calls
                self.period = period
                self.burst = burst
            }
        }

        /// Of an agent.
        public var agent: Rate?
        /// Of each of its tools.
        public var tool: Rate?
        /// Of each domain that it reaches.
        public var destination: Rate?
        /// Weight of an alarm.
        public var millipoints: Int64 = 5_000
        /// Time after an alarm in which no other is raised.
        public var silence: Int64 = 10_000_000

        var isSet: Bool { agent != nil || tool != nil || destination != nil }
    }

    /// More calls in a minute than the baseline expects.
    public struct Burst: Sendable, Hashable {
        /// A stage.
        public struct Stage: Sendable, Hashable {
            /// From which ratio to what is expected, in thousandths.
            public var ratio: Int64
            /// What it weighs in all.
            public var millipoints: Int64

            /// A stage from a ratio on.
            public init(ratio: Int64, millipoints: Int64) {
                self.ratio = ratio
                self.millipoints = millipoints
            }
        }

        /// The stages, in order: low, medium, high, critical.
        public var stages = [
            Stage(ratio: 2_000, millipoints: 1_000), Stage(ratio: 5_000, millipoints: 3_000),
            Stage(ratio: 10_000, millipoints: 10_000), Stage(ratio: 20_000, millipoints: 14_000),
        ]
        /// A minute with no more calls than this is never a burst.
        public var floor: Int64 = 20
    }

    /// Tools that are new for the role.
    public struct NewTool: Sendable, Hashable {
        /// Weight of a read.
        public var readMillipoints: Int64 = 1_000
        /// Weight of a tool with an effect.
        public var effectfulMillipoints: Int64 = 3_000
        /// How long a tool is remembered: thirty days.
        public var memory: Int64 = 30 * 86_400_000_000
    }

    /// Tools in a rare order.
    public struct Sequence: Sendable, Hashable {
        /// Calls of a session before its mean is looked at.
        public var leastCalls: Int64 = 5
        /// Weight of a session.
        public var millipoints: Int64 = 2_000
    }

    /// Bytes out.
    public struct OutboundVolume: Sendable, Hashable {
        /// Deviations above which a person is asked.
        public var z: Int64 = 5
        /// Deviations above which the call is refused.
        public var denyZ: Int64 = 8
        /// The smallest deviation, in Q16 of the natural logarithm: 0.25.
        public var smallestScale: Int64 = 16_384
        /// Weight of each stage.
        public var millipoints: Int64 = 5_000
    }

    /// Information to hosts that nobody named.
    public struct OutboundEntropy: Sendable, Hashable {
        /// The budget, in bits.
        public var bits: Int64 = 4096
        /// The time for which it is.
        public var window: Int64 = 300_000_000
        /// Weight of each budget that is overspent.
        public var millipoints: Int64 = 5_000
    }

    /// Regular contacts.
    public struct Beacon: Sendable, Hashable {
        /// Intervals before a score is computed.
        public var leastIntervals = 20
        /// The score above which contacts are regular, in Q16: 0.85.
        public var limit: Int64 = 55_705
        /// Weight of an alarm.
        public var millipoints: Int64 = 5_000
        /// Time after an alarm in which no other is raised for the host.
        public var silence: Int64 = 3_600_000_000
    }

    /// Untrusted text, private data and a write to the outside.
    public struct DataFlow: Sendable, Hashable {
        /// Weight of each write that went through.
        public var millipoints: Int64 = 5_000
    }

    /// Long sessions.
    public struct Length: Sendable, Hashable {
        /// Deviations above the median.
        public var k: Int64 = 8
        /// The smallest deviation, in thousandths of a call.
        public var smallestScale: Int64 = 1_000
        /// Weight of a session.
        public var millipoints: Int64 = 1_000
    }

    /// How baselines are learnt.
    public struct Learning: Sendable, Hashable {
        /// Sessions of a day that count for a role: of more, as many are drawn.
        public var sessionsPerDay = 128
        /// Days that are remembered.
        public var days = 30
        /// Calls of a session that count for the order of tools.
        public var callsPerSession = 64
        /// How often one session counts for the same two tools in a row.
        public var transitionsPerSession: Int64 = 4
        /// Sessions that must have used a tool or domain before it is proposed.
        public var leastSessions: Int64 = 3
        /// Days on which that must have been.
        public var leastDays: Int64 = 2
        /// Sessions before a limit for the order of tools is proposed.
        public var sequenceSessions: Int64 = 200
        /// Time without an event after which a session is over.
        public var sessionIdle: Int64 = 1_800_000_000
        /// Sessions that can be open at once.
        public var openSessions = 4096
    }
}
