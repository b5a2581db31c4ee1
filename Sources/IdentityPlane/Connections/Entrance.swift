// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import NIOCore
internal import NIOHTTP2
internal import Transport

/// What happens to a connection before anything is read from it: the kernel says who it is, it is counted, and it gets
/// HTTP/2.
struct Entrance: Sendable {
    let limits: IdentityPlaneLimits
    let admission: Admission
    /// Takes the calls of all connections. Their number is limited by ``Admission``.
    let calls: AsyncStream<Call>.Continuation

    /// Builds the pipeline of an accepted connection, on its loop.
    func open(_ channel: any Channel) -> EventLoopFuture<Void> {
        let loop = channel.eventLoop
        guard let process = PeerProcess(of: channel), admission.enter(channel, user: process.uid) else {
            channel.close(promise: nil)
            return loop.makeSucceededVoidFuture()
        }
        channel.closeFuture.whenComplete { [admission] _ in admission.leave(channel, user: process.uid) }
        // A connection lives no longer than the process that opened it, whoever else has a copy of its descriptor.
        if let stop = process.watch(ended: { channel.close(promise: nil) }) {
            channel.closeFuture.whenComplete { _ in stop() }
        }
        do {
            // A caller that sends nothing more has gone.
            try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: false)
            let idle = IdleGuard(idle: limits.idle)
            try channel.pipeline.syncOperations.addHandler(http2(channel, process, NIOLoopBound(idle, eventLoop: loop)))
            try channel.pipeline.syncOperations.addHandler(idle)
            return loop.makeSucceededVoidFuture()
        } catch {
            return loop.makeFailedFuture(error)
        }
    }

    private func http2(
        _ channel: any Channel, _ process: PeerProcess, _ idle: NIOLoopBound<IdleGuard>
    ) -> NIOHTTP2Handler {
        var connection = NIOHTTP2Handler.ConnectionConfiguration()
        connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: limits.callsOfConnection),
            HTTP2Setting(parameter: .maxHeaderListSize, value: limits.metadataBytes),
            HTTP2Setting(parameter: .enablePush, value: 0),
        ]
        connection.maximumBufferedControlFrames = 1000
        // gRPC clients measure the way with a PING for much of what they receive, and abort streams to end them.
        connection.controlFrameRateLimit.maximumCount = limits.framesInWindow
        var stream = NIOHTTP2Handler.StreamConfiguration()
        stream.streamResetFrameRateLimit.maximumCount = limits.framesInWindow
        return NIOHTTP2Handler(
            mode: .server, eventLoop: channel.eventLoop, connectionConfiguration: connection,
            streamConfiguration: stream
        ) { stream in
            idle.value.begin()
            stream.closeFuture.whenComplete { _ in idle.value.end() }
            return stream.eventLoop.makeCompletedFuture {
                let handler = CallHandler(process: process, limits: limits) { take($0) }
                try stream.pipeline.syncOperations.addHandler(handler)
            }
        }
    }

    private func take(_ call: Call) { calls.yield(call) }
}
