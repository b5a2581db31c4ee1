// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Glibc
import Testing

@testable import Sandbox

extension FirecrackerSuites {
    /// Whatever Firecracker, its jailer or the guest do wrong, the run does not begin, in bounded time, and nothing stays.
    struct FirecrackerFaultTests {
        static let times = FirecrackerTimes(answerMilliseconds: 700, bootMilliseconds: 1500, resumeMilliseconds: 1500)

        /// The error that a plan leads to.
        static func error(
            _ plan: String, _ code: String = "print(1)", times: FirecrackerTimes = times
        ) async throws -> SandboxError? {
            let fake = try FakeFirecracker(plan, times: times)
            let start = ContinuousClock.now
            let error = await #expect(throws: SandboxError.self, "\(plan)") { try await fake.run(code) }
            #expect(start.duration(to: .now) < .seconds(14), "\(plan)")
            #expect(error?.description.utf8.allSatisfy { $0 >= 0x20 } == true, "\(plan)")
            let left = await fake.settled()
            #expect(left == [], "\(plan)")
            return error
        }

        private static let everyCall = [
            "GET /version", "GET /", "PUT /machine-config", "PUT /boot-source", "PUT /drives/root", "PUT /vsock",
            "PUT /entropy", "GET /vm/config", "PUT /actions",
        ]
        /// What every call meets, and what those of a kind do.
        private static let commonFaults = ["refuse", "garbage", "half", "close", "die", "slow"]
        private static let moreFaults = [
            "error", "wrong reason", "redirect", "continue", "other success", "text", "no json", "old", "twice",
            "half body", "chunked", "two lengths", "no length", "huge length", "negative length", "deep", "drip",
            "endless head", "endless line",
        ]

        @Test("a call that is answered otherwise than it should be", arguments: everyCall, commonFaults)
        func calls(call: String, fault: String) async throws {
            let error = try await Self.error("{\"faults\": {\"\(call)\": \"\(fault)\"}}")
            #expect(error?.kind == .setUp && error?.description.contains(call) == true, "\(error?.description ?? "")")
        }

        @Test("every other way to answer", arguments: ["GET /", "PUT /vsock"], moreFaults)
        func answers(call: String, fault: String) async throws {
            let error = try await Self.error("{\"faults\": {\"\(call)\": \"\(fault)\"}}")
            #expect(error?.kind == .setUp && error?.description.contains(call) == true, "\(error?.description ?? "")")
        }

        @Test("the reason that Firecracker gives is told, as far as it can be shown")
        func reason() async throws {
            let error = try await Self.error(#"{"faults": {"PUT /entropy": "refuse"}}"#)
            #expect(error?.description == "Firecracker refused PUT /entropy with 400: the plan says? no?[31m")
        }

        @Test(
            "what is not what was asked for",
            arguments: [
                (#"{"version": "1.9.1"}"#, SandboxError.Kind.unavailable, "1.10 or newer"),
                (#"{"version": "0.25.0"}"#, .unavailable, "1.10 or newer"),
                (#"{"version": "2.0.0"}"#, .unavailable, "1.10"),
                (#"{"version": 1}"#, .unavailable, "1.10"), (#"{"version": "\u001b[2J\u0000"}"#, .unavailable, "1.10"),
                (#"{"states": {"Not started": "Running"}}"#, .setUp, "'Not started'"),
                (#"{"states": {"Running": "Paused"}}"#, .setUp, "'Running'"),
                (#"{"states": {"Running": null}}"#, .setUp, "'Running'"),
                (#"{"has": "interface"}"#, .setUp, "network-interfaces"), (#"{"has": "mmds"}"#, .setUp, "mmds-config"),
                (#"{"has": "writable disk"}"#, .setUp, "another disk"), (#"{"filters": false}"#, .setUp, "filter"),
            ])
        func otherwise(plan: String, kind: SandboxError.Kind, words: String) async throws {
            let error = try await Self.error(plan)
            #expect(error?.kind == kind && error?.description.contains(words) == true, "\(error?.description ?? "")")
        }

        @Test(
            "a jailer that does not do its part",
            arguments: [
                (#"{"jailer": "fails"}"#, "the code 1: Error: CgroupHierarchyMissing"),
                (#"{"jailer": "leaves nothing running"}"#, "ended at once"),
                (#"{"jailer": "keeps the user"}"#, "no socket of its own"), (#"{"start": "ends"}"#, ""),
                (#"{"start": "hangs"}"#, "does not listen"), (#"{"start": "floods"}"#, "does not listen: ?[2J??[2J?"),
            ])
        func jailer(plan: String, words: String) async throws {
            let error = try await Self.error(plan)
            #expect(error?.kind == .setUp, "\(error?.description ?? "")")
            #expect(words.isEmpty || error?.description.contains(words) == true, "\(error?.description ?? "")")
        }

        @Test("a jailer that hangs is ended")
        func hangingJailer() async throws {
            let error = try await Self.error(#"{"jailer": "hangs"}"#)
            #expect(
                error?.kind == .setUp && error?.description.contains("in time") == true, "\(error?.description ?? "")")
        }

        @Test(
            "a jailer that sets no limits", .enabled(if: FirecrackerGroups.found() != nil, "takes control groups"))
        func groups() async throws {
            let error = try await Self.error(#"{"jailer": "forgets groups"}"#)
            #expect(error?.kind == .setUp && error?.description.contains("did not set") == true)
        }

        @Test(
            "something else than a socket of Firecracker's own under its name",
            arguments: ["control", "bind"], ["link", "file", "pipe", "directory", "nothing"])
        func sockets(place: String, what: String) async throws {
            // Somebody else's socket, to which the gate must not be led.
            let other = "/var/tmp/yett-other-\(UInt64.random(in: 0...UInt64.max))"
            let listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            defer {
                close(listener)
                unlink(other)
            }
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(other.utf8)) }
            let isBound = withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
                }
            }
            try #require(isBound && listen(listener, 4) == 0)
            let code = [
                "link": "os.symlink('\(other)', path)", "file": "open(path, 'w').close()", "pipe": "os.mkfifo(path)",
                "directory": "os.mkdir(path)", "nothing": "pass",
            ]
            let error = try await Self.error("{\"\(place)\": \"\(code[what] ?? "")\"}")
            #expect(error?.kind == (place == "bind" && what == "nothing" ? .unavailable : .setUp))
            if what != "nothing" { #expect(error?.description.contains("no socket of its own") == true) }
            var watched = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
            #expect(poll(&watched, 1, 0) == 0, "somebody connected")
        }

        @Test(
            "a handshake that is none",
            arguments: [
                ("connection.sendall(b'NO 5\\\\n')", SandboxError.Kind.setUp),
                ("connection.sendall(b'OK\\\\n')", .setUp), ("connection.sendall(b'OK x\\\\n')", .setUp),
                ("connection.sendall(b'OK 5')\\nconnection.close()", .setUp),
                ("connection.sendall(b'OK 99999999999\\\\n')", .setUp), ("connection.sendall(b'OK -1\\\\n')", .setUp),
                ("connection.sendall(b'O' * 100000)", .setUp), ("connection.sendall(b'\\\\n')", .setUp),
                ("connection.close()", .unavailable), ("time.sleep(3600)", .unavailable), ("os._exit(3)", .unavailable),
                ("connection.sendall(b'OK 5\\\\n')\\nconnection.close()", .unavailable),
            ])
        func handshakes(code: String, kind: SandboxError.Kind) async throws {
            let error = try await Self.error("{\"vsock\": \"\(code)\"}")
            #expect(error?.kind == kind, "\(error?.description ?? "")")
        }

        @Test(
            "a guest that is never ready",
            arguments: [
                "time.sleep(3600)", "connection.sendall(b'Q' * 8)",
                "connection.sendall(b'R\\\\0\\\\0\\\\0\\\\xff\\\\xff\\\\xff\\\\xff')",
                "connection.sendall(b'S' + bytes(7))",
                "connection.sendall(b'R' + bytes(3) + struct.pack('<I', 12) + b'yett-guest 2')",
                "[connection.sendall(os.urandom(65536)) for _ in range(100000)]",
                "[(connection.sendall(b'R'), time.sleep(0.1)) for _ in range(1000)]", "connection.close()",
                "os._exit(0)",
            ])
        func guests(code: String) async throws {
            let error = try await Self.error("{\"hello\": \"\(code)\"}")
            #expect(error?.kind == .unavailable, "\(error?.description ?? "")")
        }
    }

    /// Copies that do not come up: machines boot instead, as strong as they were, and the driver says why.
    struct FirecrackerCopyFaultTests {
        @Test(
            "a machine that cannot be saved",
            arguments: [
                #"{"faults": {"PATCH /vm": "refuse"}}"#, #"{"faults": {"PUT /snapshot/create": "refuse"}}"#,
                #"{"faults": {"PUT /snapshot/create": "die"}}"#, #"{"saves": "a link"}"#, #"{"saves": "less"}"#,
                #"{"saves": "nothing"}"#, #"{"saves": "a pipe"}"#,
            ])
        func saving(plan: String) async throws {
            let fake = try FakeFirecracker(plan, warm: 1)
            await #expect(throws: SandboxError.self) { try await fake.driver.warm(.standard) }
            #expect(fake.driver.idleCount == 0)
            #expect(await fake.settled() == [])
            let result = try await fake.run()
            #expect(result.text == "42\n" && result.receipt.isolation.strength == .vm)
            #expect(result.receipt.isolation.acceleration == .hardware)
            fake.driver.stop()
            #expect(await fake.settled(\.remains) == [])
        }

        @Test(
            "a copy that does not come up",
            arguments: [
                #"{"only": 1, "faults": {"PUT /snapshot/load": "refuse"}}"#,
                #"{"only": 1, "faults": {"PUT /snapshot/load": "die"}}"#,
                #"{"only": 1, "faults": {"PUT /snapshot/load": "slow"}}"#,
                #"{"only": 1, "states": {"Running": "Paused"}}"#,
                #"{"only": 1, "vsock": "connection.close()"}"#, #"{"only": 1, "filters": false}"#,
                #"{"only": 1, "hello": "time.sleep(3600)"}"#, #"{"only": 1, "has": "interface"}"#,
            ])
        func copying(plan: String) async throws {
            let fake = try FakeFirecracker(plan, warm: 1)
            await #expect(throws: SandboxError.self) { try await fake.driver.warm(.standard) }
            #expect(fake.driver.idleCount == 0)
            let result = try await fake.run()
            #expect(result.text == "42\n" && result.receipt.isolation.strength == .vm)
            fake.driver.stop()
            #expect(await fake.settled(\.remains) == [])
        }
    }
}
