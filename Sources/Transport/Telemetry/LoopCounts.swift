// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Telemetry

/// What the connections of one event loop, or of all, have done since the start.
public struct LoopCounts: Sendable, Hashable {
    /// The forward proxy.
    public package(set) var egress = PlaneCounts()
    /// The proxy in front of services.
    public package(set) var service = PlaneCounts()
    /// Spans for which there was no room.
    public package(set) var droppedSpans: UInt64 = 0

    /// Nothing yet.
    public init() {}

    /// Adds what another loop has counted.
    mutating func add(_ other: LoopCounts) {
        egress.add(other.egress)
        service.add(other.service)
        droppedSpans &+= other.droppedSpans
    }

    /// The counts as metrics.
    public var families: [MetricFamily] {
        var exchanges = MetricFamily(.exchanges)
        var durations = MetricFamily(.exchangeDuration)
        var upstream = MetricFamily(.upstreamDuration)
        var bytes = MetricFamily(.carriedBytes)
        for (plane, counts) in [("egress", egress), ("service", service)] {
            for (status, count) in zip(PlaneCounts.statusNames, counts.statuses) {
                exchanges.add([plane, status], count)
            }
            durations.add([plane], counts.durations)
            upstream.add([plane], counts.upstream)
            bytes.add([plane, "up"], counts.bytesUp)
            bytes.add([plane, "down"], counts.bytesDown)
        }
        return [exchanges, durations, upstream, bytes]
    }
}

/// What the exchanges of one plane have come to.
public struct PlaneCounts: Sendable, Hashable {
    /// Exchanges by the first digit of the answer's status; the first one is for those without an answer.
    public private(set) var statuses: [UInt64] = Array(repeating: 0, count: statusNames.count)
    /// From the permit to the end.
    public private(set) var durations = DurationHistogram()
    /// From the request to the head of the answer.
    public private(set) var upstream = DurationHistogram()
    /// Bytes to services.
    public private(set) var bytesUp: UInt64 = 0
    /// Bytes to agents.
    public private(set) var bytesDown: UInt64 = 0

    static let statusNames = ["none", "1xx", "2xx", "3xx", "4xx", "5xx"]

    /// Counts an exchange or a tunnel that is over.
    ///
    /// - Parameters:
    ///   - duration: From the permit on, in nanoseconds.
    package mutating func add(_ timing: ExchangeTiming, duration: Int64, up: Int, down: Int) {
        let digit = Int(timing.status) / 100
        statuses[digit < statuses.count ? digit : 0] &+= 1
        durations.record(duration)
        if timing.sentAt > 0, timing.answeredAt >= timing.sentAt {
            upstream.record(timing.answeredAt &- timing.sentAt)
        }
        bytesUp &+= UInt64(max(0, up))
        bytesDown &+= UInt64(max(0, down))
    }

    mutating func add(_ other: PlaneCounts) {
        for index in statuses.indices { statuses[index] &+= other.statuses[index] }
        durations.add(other.durations)
        upstream.add(other.upstream)
        bytesUp &+= other.bytesUp
        bytesDown &+= other.bytesDown
    }
}

/// When the steps of an exchange were, in nanoseconds of the monotonic clock; zero for those that did not come.
package struct ExchangeTiming: Sendable, Hashable {
    /// When the decision was recorded.
    package var decidedAt: Int64 = 0
    /// When the request went to the service.
    package var sentAt: Int64 = 0
    /// When the head of the answer was there.
    package var answeredAt: Int64 = 0
    /// The status of the answer.
    package var status: UInt16 = 0

    /// Nothing has happened.
    package init() {}
}
