// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Synchronization

/// A destination on 127.0.0.1: runs a script for each connection, on a thread of its own, and keeps what it received.
package final class UpstreamServer: Sendable {
    /// Where it listens.
    package let port: UInt16
    private let listener: CInt
    private let state = Mutex(State())

    private struct State {
        var connections: [RawSocket] = []
        var isStopped = false
    }

    /// Starts to listen.
    ///
    /// - Parameter serve: What to do with a connection; it is closed when the script returns.
    package init(receiveBuffer: Int32? = nil, _ serve: @escaping @Sendable (RawSocket) throws -> Void) {
        let (descriptor, port) = SocketName.bindLoopback()
        if var receiveBuffer { setsockopt(descriptor, SOL_SOCKET, SO_RCVBUF, &receiveBuffer, 4) }
        listen(descriptor, 4096)
        listener = descriptor
        self.port = port
        Thread.detachNewThread { [self] in accept(serve) }
    }

    private func accept(_ serve: @escaping @Sendable (RawSocket) throws -> Void) {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            if descriptor < 0 {
                if errno == EINTR || errno == ECONNABORTED { continue }
                return
            }
            let connection = RawSocket.adopt(descriptor, keepsTranscript: true)
            let isStopped = state.withLock { state in
                state.connections.append(connection)
                return state.isStopped
            }
            guard !isStopped else { return }
            Thread.detachNewThread {
                // A script ends when its peer does; that is no failure of the test.
                try? serve(connection)
                connection.close()
            }
        }
    }

    /// What was received, for each connection in the order of their opening.
    package var transcripts: [[UInt8]] {
        state.withLock { $0.connections }.map(\.transcript)
    }

    /// Everything that was received, as text.
    package var text: String {
        String(decoding: transcripts.flatMap { $0 }, as: UTF8.self)
    }

    /// How many connections came so far.
    package var connectionCount: Int { state.withLock { $0.connections.count } }

    /// Stops listening and ends every connection.
    package func stop() {
        let connections = state.withLock { state -> [RawSocket]? in
            guard !state.isStopped else { return nil }
            state.isStopped = true
            return state.connections
        }
        guard let connections else { return }
        shutdown(listener, CInt(SHUT_RDWR))
        Glibc.close(listener)
        for connection in connections { connection.interrupt() }
    }

    deinit { stop() }
}

extension UpstreamServer {
    /// Sends back what it receives, and closes its side when the client does.
    package static func echo() -> UpstreamServer {
        UpstreamServer { connection in
            while true {
                let bytes = try connection.readSome(within: 60)
                guard !bytes.isEmpty else { return }
                try connection.write(bytes)
            }
        }
    }

    /// Answers every request head, and its body, with what `answer` makes of it.
    package static func http(
        _ answer: @escaping @Sendable (_ request: HTTPText) -> String = { _ in UpstreamServer.hello }
    ) -> UpstreamServer {
        UpstreamServer { connection in
            while let request = try HTTPText.readRequest(from: connection, within: 60) {
                try connection.write(answer(request))
            }
        }
    }

    /// A plain response.
    package static let hello = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello"
}
