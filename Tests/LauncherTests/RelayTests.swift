// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// The relay under slow, half-closed, idle and unfinished connections.
@Suite(.serialized) struct RelayTests {
    private static let connect = "import socket, sys, time\nc = socket.create_connection(('127.0.0.1', 3128))\n"

    @Test("a reader that stops reading stops the sender, not the memory", arguments: Account.available)
    func backpressure(account: Account) async throws {
        let bench = try await Workbench(account)
        let big = bench.gate + "/www/big-\(account.user)"
        try #require(FileManager.default.createFile(atPath: big, contents: nil) && truncate(big, 256 << 20) == 0)
        defer { unlink(big) }
        let program = try bench.start([
            "/usr/bin/python3", "-c",
            Self.connect
                + """
                c.sendall(b"GET http://web.test/big-\(account.user) HTTP/1.1\\r\\nHost: web.test\\r\\n\\r\\n")
                c.recv(1)
                # Full when nothing more has arrived for a while.
                import fcntl, struct, termios
                waiting = lambda: struct.unpack("i", fcntl.ioctl(c, termios.FIONREAD, b"\\0" * 4))[0]
                same, last = 0, -1
                while same < 20:
                    now = waiting()
                    same, last = (same + 1, last) if now == last else (0, now)
                    time.sleep(0.02)
                print("full", flush=True)
                count = 1
                while True:
                    part = c.recv(1 << 20)
                    if not part: break
                    count += len(part)
                print("all" if count > 256 << 20 else count, flush=True)
                """,
        ])
        try await program.waitForOutput("full")
        let relay = try #require(
            Processes.descendants(of: program.identifier).first { Processes.commandLine($0).contains("relay") })
        let memory = try #require(Processes.residentKibibytes(relay))
        #expect(memory < 4096, "the relay holds \(memory) KiB")
        let outcome = await program.outcome()
        #expect(outcome.output.hasSuffix("all\n"), "\(outcome)")
    }

    @Test("half-close is kept in both directions", arguments: Account.available)
    func halfClose(account: Account) async throws {
        let bench = try await Workbench(account)
        // The origin answers a request without keep-alive only to its end; the request's end is told by shutdown alone.
        let outcome = try await bench.launch([
            "/usr/bin/python3", "-c",
            Self.connect
                + """
                c.sendall(b"GET http://web.test/hello.txt HTTP/1.0\\r\\nHost: web.test\\r\\n\\r\\n")
                c.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: c.recv(7), b""))
                print(answer.endswith(b"hello through the gate\\n"))
                """,
        ])
        #expect(outcome.output == "True\n", "\(outcome)")
    }

    @Test("idle and reset connections do not wear the relay down", arguments: Account.available)
    func churn(account: Account) async throws {
        let bench = try await Workbench(account)
        let outcome = try await bench.launch([
            "/usr/bin/python3", "-c",
            Self.connect
                + """
                import struct
                for turn in range(10):
                    batch = [socket.create_connection(("127.0.0.1", 3128)) for _ in range(300)]
                    for index, item in enumerate(batch):
                        if index % 3 == 0:
                            item.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                        if index % 3 == 1:
                            item.sendall(b"GET http://denied.example/ HTTP/1.1\\r\\n")
                        item.close()
                c.sendall(b"GET http://web.test/hello.txt HTTP/1.1\\r\\nHost: web.test\\r\\n\\r\\n")
                print(b"".join(iter(lambda: c.recv(65536), b"")).endswith(b"hello through the gate\\n"))
                """,
        ])
        #expect(outcome.output == "True\n", "\(outcome)")
    }

    @Test("more connections than the limit wait for a free place", arguments: Account.available)
    func limit(account: Account) async throws {
        let bench = try await Workbench(account)
        let outcome = try await bench.launch([
            "/usr/bin/python3", "-c",
            """
            import socket
            request = b"GET http://web.test/hello.txt HTTP/1.1\\r\\nHost: web.test\\r\\n\\r\\n"
            idle = [socket.create_connection(("127.0.0.1", 3128)) for _ in range(1200)]
            last = socket.create_connection(("127.0.0.1", 3128))
            last.sendall(request)
            last.settimeout(0.3)
            try:
                last.recv(1)
                print("served above the limit")
            except TimeoutError:
                print("waits")
            for item in idle: item.close()
            last.settimeout(100)
            print(b"".join(iter(lambda: last.recv(65536), b"")).endswith(b"hello through the gate\\n"))
            """,
        ])
        #expect(outcome.output == "waits\nTrue\n", "\(outcome)")
    }
}
