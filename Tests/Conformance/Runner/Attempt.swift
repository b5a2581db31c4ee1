// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport

/// One try of a client, and what it saw.
struct Attempt {
    /// What the gate answered before anything else: a status, a SOCKS5 reply, or nil when it just closed.
    var status: Int?
    /// Whether the destination's own bytes came back.
    var reachedDestination = false
    /// What the client received.
    var received: [UInt8] = []
    /// How the connection stands in the end.
    var ending = RawSocket.Ending.stillOpen

    /// Whether the gate refused: an error status or a closed connection, and nothing from the destination.
    var isRefused: Bool {
        guard !reachedDestination else { return false }
        if let status, (400...599).contains(status) { return ending != .stillOpen }
        return ending != .stillOpen
    }

    /// A request that must never be seen by anybody.
    static let smuggled = "GET http://allowed.test/SMUGGLED HTTP/1.1\r\nHost: allowed.test\r\n\r\n"

    private static let patience = RawSocket.patience

    /// Writes a request head in any form, goes on with `hello` when a tunnel is opened, and with a request that must not
    /// be taken for one when it is refused.
    static func http(
        _ request: [UInt8], hello: [UInt8], writeSizes: [Int], on socket: RawSocket
    ) -> Attempt {
        var attempt = Attempt()
        try? socket.write(request)
        guard let head = try? socket.read(through: "\r\n\r\n", within: patience) else {
            return attempt.finished(on: socket)
        }
        attempt.received = head
        let message = HTTPText.parseHead(head)
        attempt.status = message.status
        if message[CaseUpstream.mark] != nil {
            attempt.reachedDestination = true
            return attempt
        }
        if message.status == 200, message["yett-reason"] == nil {
            return attempt.throughTunnel(hello, writeSizes, on: socket)
        }
        if message["yett-reason"] == nil { attempt.reachedDestination = true }
        try? socket.write(smuggled)
        return attempt.finished(on: socket)
    }

    /// Asks for a tunnel by SOCKS5 with the host as a domain name.
    static func socks(
        host: [UInt8], port: UInt16, hello: [UInt8], writeSizes: [Int], on socket: RawSocket
    ) -> Attempt {
        var attempt = Attempt()
        try? socket.write([5, 1, 0])
        guard let selection = try? socket.read(exactly: 2, within: patience), selection == [5, 0] else {
            return attempt.finished(on: socket)
        }
        try? socket.write(
            [5, 1, 0, 3, UInt8(truncatingIfNeeded: host.count)] + host + [UInt8(port >> 8), UInt8(port & 255)])
        guard let reply = try? socket.read(exactly: 10, within: patience) else { return attempt.finished(on: socket) }
        guard reply[1] == 0 else {
            attempt.status = 403
            try? socket.write(smuggled)
            return attempt.finished(on: socket)
        }
        return attempt.throughTunnel(hello, writeSizes, on: socket)
    }

    private func throughTunnel(_ hello: [UInt8], _ writeSizes: [Int], on socket: RawSocket) -> Attempt {
        var attempt = self
        var rest = hello[...]
        for size in writeSizes where !rest.isEmpty {
            try? socket.write(rest.prefix(size))
            rest = rest.dropFirst(size)
        }
        try? socket.write(rest)
        guard let echo = try? socket.read(exactly: min(8, hello.count), within: Self.patience) else {
            try? socket.write(Self.smuggled)
            return attempt.finished(on: socket)
        }
        // A TLS alert is the gate's, an echo the destination's.
        attempt.reachedDestination = echo.elementsEqual(hello.prefix(echo.count))
        if attempt.reachedDestination {
            attempt.ending = .stillOpen
            return attempt
        }
        return attempt.finished(on: socket)
    }

    private func finished(on socket: RawSocket) -> Attempt {
        var attempt = self
        let (bytes, ending) = socket.readToEnd(within: Self.patience)
        attempt.received += bytes
        attempt.ending = ending
        return attempt
    }
}
