// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import Logging
import Testing

@testable import IdentityPlane

/// The people's listener over TCP, and those who would hold it for themselves.
@Suite struct PeopleListenerTests {
    private static func with(
        _ change: (inout PeopleSettings) -> Void, _ body: @escaping @Sendable (UInt16) throws -> Void
    ) async throws {
        let bench = try PeopleBench(settings: change)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let listener = PeopleListener(
            bench.service, host: "127.0.0.1", port: 0, tls: nil, logger: Logger(label: "people")
        ) { continuation.yield($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await listener.run() }
            var found = ports.makeAsyncIterator()
            let port = try #require(await found.next().flatMap { UInt16(exactly: $0) })
            try await onOwnThread { try body(port) }
            group.cancelAll()
        }
    }

    private static func ask(_ socket: RawSocket, _ head: String, _ body: String = "") throws {
        try socket.write("\(head) HTTP/1.1\r\nHost: gate.example.org:8443\r\n\(body)")
    }

    @Test("a body that does not come is not waited for, and its connection ends", .timeLimit(.minutes(1)))
    func slowBody() async throws {
        try await Self.with {
            $0.body = .milliseconds(200)
        } _: { port in
            let slow = try RawSocket.connect(port: port)
            try Self.ask(
                slow, "POST /token",
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nclient_id=")
            let (bytes, ending) = slow.readToEnd()
            #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
            #expect(ending != .stillOpen)
            let quick = try RawSocket.connect(port: port)
            try Self.ask(
                quick, "POST /token",
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\nclient_id=x")
            #expect(try String(decoding: quick.read(through: "}"), as: UTF8.self).contains("invalid_client"))
        }
    }

    @Test("one network has its share of the connections and no more", .timeLimit(.minutes(1)))
    func share() async throws {
        try await Self.with {
            $0.connectionsOfNetwork = 3
        } _: { port in
            var held = try (0..<3).map { _ in try RawSocket.connect(port: port) }
            for socket in held {
                try Self.ask(socket, "GET /", "\r\n")
                #expect(try String(decoding: socket.read(through: "</html>"), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
            }
            let further = try RawSocket.connect(port: port)
            try? Self.ask(further, "GET /", "\r\n")
            let (bytes, ending) = further.readToEnd()
            #expect(bytes.isEmpty && ending != .stillOpen)
            held.removeFirst().close()
            #expect(
                comesTrue {
                    guard let next = try? RawSocket.connect(port: port), (try? Self.ask(next, "GET /", "\r\n")) != nil
                    else { return false }
                    return (try? next.read(through: "</html>")) != nil
                })
        }
    }

    @Test(
        "networks are those that one owner easily has all addresses of",
        arguments: [
            ("192.0.2.7", "192.0.2.200", true), ("192.0.2.7", "192.0.3.7", false),
            ("2001:db8::1", "2001:db8::ffff:1", true), ("2001:db8::1", "2001:db8:0:1::1", false),
            ("::ffff:192.0.2.7", "192.0.2.9", true), ("::ffff:192.0.2.7", "::ffff:198.51.100.7", false),
            ("192.0.2.7", "2001:db8::1", false), ("", "x", true), ("", "0.0.0.0", false),
        ])
    func networks(first: String, second: String, isSame: Bool) {
        #expect((SourceNetwork(first) == SourceNetwork(second)) == isSame)
    }
}
