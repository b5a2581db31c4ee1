// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import Testing

@Suite("Responses of hostile destinations") struct ResponseTests {
    private static func options(_ upstream: UpstreamServer) throws -> GateOptions {
        var options = GateOptions(grants: [try Grant.test("allowed.test")])
        options.lead(to: upstream)
        return options
    }

    @Test(
        "that break the protocol become 502",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
            "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello!",
            "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nBad Name: x\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\nContent-Length: 0\n\n",
            "HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/3.0 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            "SSH-2.0-OpenSSH_9.2\r\n\r\n", "", "HTTP/1.1 200",
        ])
    func violations(_ response: String) async throws {
        let upstream = UpstreamServer { connection in
            _ = try connection.read(through: "\r\n\r\n")
            try connection.write(response)
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            let answer = try gate.get("http://allowed.test/", on: socket)
            #expect(answer.status == 502)
            #expect(["upstream_invalid", "upstream_unreachable"].contains(answer["yett-reason"]))
            #expect(socket.readToEnd().bytes.isEmpty)
            socket.close()
            #expect(try await gate.decisions().map { $0.list("reasons") } == [["granted"]])
            #expect(await gate.becomesIdle())
            #expect(try await gate.ends().count == 1)
        }
    }

    @Test(
        "that break off or break the framing in the middle break the client's connection as well",
        arguments: [
            "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhello",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nzz\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhelloXX0\r\n\r\n",
        ])
    func truncated(_ response: String) async throws {
        let upstream = UpstreamServer { connection in
            _ = try connection.read(through: "\r\n\r\n")
            try connection.write(response)
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write("GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n")
            let (bytes, ending) = socket.readToEnd()
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.hasSuffix("\r\n0\r\n\r\n"))
            #expect(ending == .reset || !text.contains("200") || text.contains("Content-Length: 50"))
            #expect(await gate.becomesIdle())
        }
    }

    @Test("bytes behind a response are not taken for the answer to the next request")
    func surplus() async throws {
        let upstream = UpstreamServer { connection in
            while try HTTPText.readRequest(from: connection, within: 60) != nil {
                try connection.write(
                    UpstreamServer.hello + "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison")
            }
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            for _ in 0..<5 { #expect(try gate.get("http://allowed.test/", on: socket).text == "hello") }
            #expect(upstream.connectionCount == 5)
        }
    }

    @Test("bytes that come while a connection waits in the pool end it")
    func lateSurplus() async throws {
        let isAnswered = Latch()
        let closed = Counter()
        let upstream = UpstreamServer { connection in
            _ = try HTTPText.readRequest(from: connection, within: 60)
            try connection.write(UpstreamServer.hello)
            isAnswered.wait()
            try connection.write("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\npoison")
            _ = connection.readToEnd()
            closed.finish()
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            #expect(try gate.get("http://allowed.test/1", on: socket).text == "hello")
            isAnswered.open()
            #expect(await eventually { closed.isFinished })
            #expect(try gate.get("http://allowed.test/2", on: socket).text == "hello")
            #expect(upstream.connectionCount == 2)
        }
    }

    @Test("an endless head is refused with bounded memory")
    func endlessHead() async throws {
        let upstream = UpstreamServer { connection in
            _ = try connection.read(through: "\r\n\r\n")
            try connection.write("HTTP/1.1 200 OK\r\n")
            let line = Array(("X-Filler: " + String(repeating: "x", count: 1000) + "\r\n").utf8)
            for _ in 0..<100_000 { try connection.write(line) }
        }
        var options = try Self.options(upstream)
        options.isAlone = true
        try await withGate(options) { gate in
            let before = ResidentMemory.bytes
            let status = try gate.get("http://allowed.test/").status
            #expect(status == 502)
            #expect(ResidentMemory.bytes - before < 64 << 20)
        }
    }

    @Test("an endless row of interim responses is refused")
    func endlessInterim() async throws {
        let upstream = UpstreamServer { connection in
            _ = try connection.read(through: "\r\n\r\n")
            for _ in 0..<100_000 { try connection.write("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n") }
        }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect()
            try socket.write("GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n")
            let (bytes, ending) = socket.readToEnd()
            #expect(ending != .stillOpen)
            #expect(bytes.count < 100_000)
        }
    }
}
