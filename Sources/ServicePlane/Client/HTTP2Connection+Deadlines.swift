// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import NIOHTTP2
import Transport

extension HTTP2Connection: DeadlineWatched {
    func sweep(now: Int64) {
        self.now = now
        resets.refill(now: now)
        windowFrames.refill(now: now)
        if context?.channel.isWritable != false {
            blockedSince = 0
        } else if blockedSince == 0 {
            blockedSince = now
        } else if now &- blockedSince > limits.sendStall {
            return close()
        }
        switch phase {
        case .open:
            if lastStream == .rootStream {
                if now &- openedAt > limits.firstRequest { drain() }
            } else if streams.isEmpty, now &- idleSince > limits.idle {
                drain()
            }
        case .draining: break
        case .closing:
            if now &- closingSince > limits.closing { close() }
        }
        guard streams.streams.contains(where: isOverdue) else { return }
        for stream in streams.streams where isOverdue(stream) {
            let exchange = stream.exchange
            stream.reset(stream.lingeringSince == nil ? .cancel : .noError)
            exchange?.clientClosed()
        }
    }

    private func isOverdue(_ stream: HTTP2Stream) -> Bool {
        // Nobody waits for the rest of a body that is dropped.
        if phase == .draining, stream.lingeringSince != nil, stream.outbox.unsent == 0 { return true }
        return stream.isOverdue(now: now, limits)
    }
}
