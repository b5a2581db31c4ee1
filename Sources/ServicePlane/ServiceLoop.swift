// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Transport

/// What the service connections of one event loop share. Used on that loop only.
final class ServiceLoop {
    let context: LoopContext
    /// Its place among all loops.
    let index: Int
    let shared: PlaneShared
    let core: ServiceCore
    /// The limits in force; replaced by a reload.
    var settings: ServiceSettings
    /// Look-ups and dials under way.
    var pending = 0
    let upstreams: UpstreamPool
    let sessions: UpstreamSessions
    /// Services that chose HTTP/2 when they were dialled last.
    var multiplexedServices: Set<String> = []
    /// HTTP/2 connections, to be told when the gate stops.
    var multiplexed: [ObjectIdentifier: HTTP2Connection] = [:]

    var parsers: ParserPool

    init(context: LoopContext, index: Int, shared: PlaneShared, core: ServiceCore, settings: ServiceSettings) {
        self.context = context
        self.index = index
        self.shared = shared
        self.core = core
        self.settings = settings
        parsers = ParserPool(limits: settings.http)
        upstreams = UpstreamPool(
            context: context, limit: settings.idleUpstreams, idleTime: settings.idleUpstreamTime)
        sessions = UpstreamSessions(limit: settings.idleUpstreams, idleTime: settings.idleUpstreamTime)
    }

    var eventLoop: any EventLoop { context.eventLoop }

    /// Nanoseconds of the monotonic clock.
    var now: Int64 { context.clock.monotonic() }

    /// Unix seconds.
    var time: Int64 { context.clock.wall() / 1_000_000 }

    func apply(_ settings: ServiceSettings) {
        self.settings = settings
        parsers = ParserPool(limits: settings.http)
        upstreams.limit = settings.idleUpstreams
        upstreams.idleTime = settings.idleUpstreamTime
        sessions.limit = settings.idleUpstreams
        sessions.idleTime = settings.idleUpstreamTime
        closeIdle()
    }

    /// Closes every upstream connection that is not used, and the others behind their last request.
    func closeIdle() {
        upstreams.closeIdle()
        sessions.retireAll()
        multiplexedServices.removeAll()
    }
}
