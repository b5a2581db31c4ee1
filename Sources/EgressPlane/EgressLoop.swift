// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Transport

/// What the egress connections of one event loop share: upstream pool, parsers for reuse, counters. Used on that loop
/// only.
final class EgressLoop {
    let context: LoopContext
    let shared: PlaneShared
    /// The limits in force; replaced by a reload.
    var settings: EgressSettings
    /// Look-ups and dials under way.
    var pending = 0
    private(set) var upstreams: UpstreamPool

    /// Chains of clients that were verified again in the present sweep.
    var verifications = 0
    private var sweepTime: Int64 = 0
    private static let verificationsInSweep = 200

    var parsers: ParserPool

    init(context: LoopContext, shared: PlaneShared, settings: EgressSettings) {
        self.context = context
        self.shared = shared
        self.settings = settings
        parsers = ParserPool(limits: settings.http)
        self.upstreams = UpstreamPool(
            context: context, limit: settings.idleUpstreams, idleTime: settings.idleUpstreamTime)
    }

    var eventLoop: any EventLoop { context.eventLoop }

    /// Nanoseconds of the monotonic clock.
    var now: Int64 { context.clock.monotonic() }

    /// Whether a sweep may verify another chain: a few tenths of a millisecond each, on the loop that serves requests.
    func mayVerify(inSweepAt now: Int64) -> Bool {
        if sweepTime != now {
            sweepTime = now
            verifications = 0
        }
        return verifications < Self.verificationsInSweep
    }

    func apply(_ settings: EgressSettings) {
        self.settings = settings
        parsers = ParserPool(limits: settings.http)
        upstreams.limit = settings.idleUpstreams
        upstreams.idleTime = settings.idleUpstreamTime
        upstreams.closeIdle()
    }
}
