// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
package import NIOCore

/// Closes the output of a connection behind everything that was written, and tells when that is delivered.
///
/// NIO turns this into a full close, which waits for nothing, once the input has ended; then an empty write takes the
/// place at the end of the queue.
package func endOutput(of context: ChannelHandlerContext, isInputClosed: Bool, then done: @escaping () -> Void) {
    guard isInputClosed else {
        context.close(mode: .output).assumeIsolated().whenComplete { _ in done() }
        return
    }
    let promise = context.eventLoop.makePromise(of: Void.self)
    context.writeAndFlush(NIOAny(ByteBuffer()), promise: promise)
    promise.futureResult.assumeIsolated().whenComplete { _ in done() }
}

/// Closes a TCP connection with a reset, so that nothing that was queued is delivered any more.
package func closeWithReset(_ channel: any Channel) {
    resetOnClose(channel)
    channel.close(promise: nil)
}

/// Has a connection reset when it is closed.
package func resetOnClose(_ channel: any Channel) {
    guard let provider = channel as? any SocketOptionProvider else { return }
    _ = provider.setSoLinger(linger(l_onoff: 1, l_linger: 0))
}
