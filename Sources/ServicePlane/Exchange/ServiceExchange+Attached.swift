// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import NIOCore
import Transport

/// Services whose clients bring the server along: there is no name to look up and no address to judge.
extension ServiceExchange {
    /// The server that the client of this connection brought along for the service.
    private var attached: AttachedServer? {
        guard let server = caller.caller.attached, let service,
            server.service.utf8.elementsEqual(service.name.utf8)
        else { return nil }
        return server
    }

    /// In the place of looking a name up and judging its addresses.
    func findAttached() {
        guard let service else { return }
        guard attached != nil else {
            return deny(
                .upstreamUnreachable,
                detail: "each client starts this server by itself: yett mcp stdio --service \(service.name) -- COMMAND")
        }
        addresses = []
        phase = .recording
        deadline = Int64.max
        recordDecision(isWaitedFor: true)
    }

    /// Connects to the server. The connection carries one exchange: nobody else could use it.
    func dialAttached() {
        guard let server = attached, let permit = permit.take() else { return }
        guard loop.pending < loop.settings.pendingDials else {
            return refuseLate(.limitReached, detail: "service_proxy.limits.pending_dials is reached")
        }
        loop.pending &+= 1
        phase = .dialing
        deadline = Int64.max
        let opened = UpstreamConnection(client: self, pool: loop.upstreams)
        upstream = .connection(opened)
        let handler = LoopBound(opened, on: loop.eventLoop)
        loop.shared.dialer.dial(permit, to: server, on: loop.eventLoop) { channel in
            channel.eventLoop.makeCompletedFuture { try handler.unwrapped.install(on: channel) }
        }.assumeIsolated().whenComplete { result in
            self.dialledAttached(result, opened)
        }
    }

    private func dialledAttached(_ result: Result<any Channel, any Error>, _ opened: UpstreamConnection) {
        loop.pending &-= 1
        guard phase == .dialing, case .connection(let connection)? = upstream, connection === opened else {
            if case .success(let channel) = result { channel.close(promise: nil) }
            return
        }
        switch result {
        case .success: sendRequest()
        case .failure(let error):
            upstream = nil
            refuseLate(.upstreamUnreachable, detail: "the server of the client cannot be reached: \(error)")
        }
    }
}
