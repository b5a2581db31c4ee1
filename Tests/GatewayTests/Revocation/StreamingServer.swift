// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Glibc
import Synchronization

/// A destination that answers every request with a stream that goes on: events, or a WebSocket where one is asked for. One
/// thread serves a thousand connections.
final class StreamingServer: Sendable {
    let port: UInt16
    private let listener: CInt
    private let isStopped = Atomic<Bool>(false)

    init() throws {
        let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        port = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size)
                getsockname(descriptor, $0, &size)
            }
            return UInt16(bigEndian: pointer.pointee.sin_port)
        }
        guard listen(descriptor, 4096) == 0 else { throw POSIXError(.EADDRINUSE) }
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        listener = descriptor
        Thread.detachNewThread { [self] in serve() }
    }

    func stop() { isStopped.store(true, ordering: .relaxed) }

    private struct Connection {
        var head: [UInt8] = []
        var isAnswered = false
        var isWebSocket = false
    }

    private func serve() {
        var connections: [CInt: Connection] = [:]
        var lastTick = 0.0
        while !isStopped.load(ordering: .relaxed) {
            var entries = connections.keys.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            entries.append(pollfd(fd: listener, events: Int16(POLLIN), revents: 0))
            poll(&entries, nfds_t(entries.count), 100)
            while case let descriptor = accept(listener, nil, nil), descriptor >= 0 {
                _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
                connections[descriptor] = Connection()
            }
            for entry in entries where entry.fd != listener && entry.revents != 0 {
                read(entry.fd, &connections)
            }
            guard Deadline.now - lastTick > 0.2 else { continue }
            lastTick = Deadline.now
            for (descriptor, connection) in connections where connection.isAnswered {
                Self.send(connection.isWebSocket ? "\u{1}\u{1}." : "3\r\n:\n\n\r\n", to: descriptor)
            }
        }
        for descriptor in connections.keys { close(descriptor) }
        close(listener)
    }

    private func read(_ descriptor: CInt, _ connections: inout [CInt: Connection]) {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else {
            if count == 0 || errno != EAGAIN {
                close(descriptor)
                connections[descriptor] = nil
            }
            return
        }
        guard var connection = connections[descriptor], !connection.isAnswered else { return }
        connection.head += buffer[..<count]
        let text = String(decoding: connection.head, as: UTF8.self).lowercased()
        if text.contains("\r\n\r\n") {
            connection.isAnswered = true
            connection.isWebSocket = text.contains("\r\nupgrade: websocket")
            Self.send(
                connection.isWebSocket
                    ? "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
                    : "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
                to: descriptor)
        }
        connections[descriptor] = connection
    }

    private static func send(_ text: String, to descriptor: CInt) {
        let bytes = Array(text.utf8)
        _ = Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
    }
}
