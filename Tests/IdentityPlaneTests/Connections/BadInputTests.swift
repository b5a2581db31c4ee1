// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import NIOCore
import Protobufs
import Testing

@testable import IdentityPlane

@Suite("Wrong input on the identity socket", .serialized, .timeLimit(.minutes(2)))
struct BadInputTests {
    private static let fetch = "/SpiffeWorkloadAPI/FetchX509SVID"

    private static func expectAlive(_ harness: PlaneHarness) async throws {
        let client = try await harness.client()
        let call = try await client.call(fetch, WorkloadX509SVIDRequest())
        #expect(try await call.next(WorkloadX509SVIDResponse.self).svids.count == 1)
        await client.close()
    }

    /// Bytes that are not HTTP/2.
    enum Garbage: String, CaseIterable, Sendable {
        case http1, zeros, ones, tls, frames

        var bytes: [UInt8] {
            switch self {
            case .http1: Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8)
            case .zeros: Array(repeating: 0, count: 4096)
            case .ones: Array(repeating: 0xff, count: 100_000)
            case .tls: [0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3] + Array(repeating: 0x41, count: 200)
            case .frames: Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + Array(repeating: 0xee, count: 9000)
            }
        }
    }

    @Test("closes a connection that does not speak HTTP/2", arguments: Garbage.allCases)
    func closesGarbage(garbage: Garbage) async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let socket = try RawSocket.connect(unix: harness.socket)
            try? socket.write(garbage.bytes)
            #expect(await eventually { harness.plane.counts.connections == 0 })
            try await Self.expectAlive(harness)
        }
    }

    @Test("refuses metadata that is too long, and goes on")
    func refusesLongMetadata() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let client = try await harness.client()
            let metadata = CallClient.security + [("x-long", String(repeating: "x", count: 20_000))]
            let call = try? await client.call(Self.fetch, WorkloadX509SVIDRequest(), metadata: metadata)
            let code = await call?.code()
            #expect(code != 0)
            try await Self.expectAlive(harness)
        }
    }

    @Test("refuses bodies that are no request", arguments: [(0, 600_000, 8), (1, 4, 12), (7, 4, 13), (0, 40, 3)])
    func refusesBodies(flag: UInt8, count: Int, code: Int) async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let call = try await harness.client().open(Self.fetch)
            try? await call.send(bytes: Array(repeating: 0xff, count: count), flag: flag)
            #expect(await call.code() == code)
            try await Self.expectAlive(harness)
        }
    }

    @Test("refuses what is not gRPC, and calls without a request")
    func refusesOthers() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let client = try await harness.client()
            let json = try await client.open(Self.fetch, type: "application/json")
            #expect(await json.code() == nil)
            let empty = try await client.open(Self.fetch)
            try await empty.send(raw: ByteBuffer(), isLast: true)
            #expect(await empty.code() == 3)
            let half = try await client.open(Self.fetch)
            try await half.send(raw: ByteBuffer(bytes: [0, 0, 0]), isLast: true)
            #expect(await half.code() == 13)
            try await Self.expectAlive(harness)
        }
    }

    @Test("ends a call whose request does not come, and a connection without calls")
    func endsIdle() async throws {
        var limits = IdentityPlaneLimits()
        limits.request = .milliseconds(200)
        limits.idle = .milliseconds(500)
        try await PlaneHarness.run(limits: limits) { harness in
            try await harness.grant("/agent/a")
            let client = try await harness.client()
            let call = try await client.open(Self.fetch)
            #expect(await call.code() == 4)
            await client.isClosed()
            // A connection with a stream is not idle.
            let second = try await harness.client().call(Self.fetch, WorkloadX509SVIDRequest())
            _ = try await second.next(WorkloadX509SVIDResponse.self)
            try await Task.sleep(for: .milliseconds(700))
            try await harness.grant("/agent/b")
            #expect(try await second.next(WorkloadX509SVIDResponse.self).svids.count == 2)
        }
    }

    private static func raiseOpenFileLimit() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }

    @Test("holds no more connections of one user than it may, whatever that user opens")
    func boundsConnections() async throws {
        var limits = IdentityPlaneLimits()
        limits.connectionsOfUser = 50
        Self.raiseOpenFileLimit()
        try await PlaneHarness.run(limits: limits) { harness in
            try await harness.grant("/agent/a")
            do {
                var sockets: [RawSocket] = []
                for _ in 0..<2000 { sockets.append(try RawSocket.connect(unix: harness.socket)) }
                #expect(await eventually { harness.plane.counts.connections == 50 })
                #expect(sockets.count == 2000)
                for socket in sockets { try? socket.write([0]) }
            }
            #expect(await eventually { harness.plane.counts.connections == 0 })
            try await Self.expectAlive(harness)
        }
    }

    @Test("answers UNAVAILABLE to more calls of one user than it takes")
    func boundsCalls() async throws {
        var limits = IdentityPlaneLimits()
        limits.callsOfUser = 3
        try await PlaneHarness.run(limits: limits) { harness in
            try await harness.grant("/agent/a")
            let client = try await harness.client()
            var calls: [ClientCall] = []
            for _ in 0..<3 {
                let call = try await client.call(Self.fetch, WorkloadX509SVIDRequest())
                _ = try await call.next(WorkloadX509SVIDResponse.self)
                calls.append(call)
            }
            let code = try await client.call(Self.fetch, WorkloadX509SVIDRequest()).code()
            #expect(code == 14)
            try await calls[0].cancel()
            #expect(await eventually { harness.plane.counts.calls == 2 })
            try await Self.expectAlive(harness)
        }
    }

    @Test("ends a stream when its process dies, though another process has the connection too")
    func endsWithProcess() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            // The child keeps the connection open after its parent, which made it, has gone.
            let script = """
                import os, socket, sys, time
                s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1])
                if os.fork() == 0:
                    s.settimeout(30)
                    while s.recv(4096): pass
                    print("closed", flush=True); os._exit(0)
                time.sleep(0.5); os._exit(0)
                """
            let outcome = try await onOwnThread {
                let program = try Program("python3", ["-c", script, harness.socket])
                return try program.output(until: { $0.contains("closed") }, within: 20)
            }
            #expect(outcome.text.contains("closed"))
        }
    }

    @Test("leaves no descriptor behind after a storm of cancelled streams")
    func survivesStorm() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            try await Self.expectAlive(harness)
            #expect(await eventually { harness.plane.counts.calls == 0 })
            let before = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
            for round in 0..<10 {
                let client = try await harness.client()
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for number in 0..<40 {
                        group.addTask {
                            let call = try await client.call(Self.fetch, WorkloadX509SVIDRequest())
                            if (number + round) % 2 == 0 { _ = try await call.next(WorkloadX509SVIDResponse.self) }
                            try await call.cancel()
                        }
                    }
                    try await group.waitForAll()
                }
                await client.close()
            }
            #expect(await eventually { harness.plane.counts == (0, 0) })
            #expect(
                try await eventually {
                    try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count <= before + 2
                })
        }
    }
}
