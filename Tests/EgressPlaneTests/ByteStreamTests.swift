// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import Testing

@Suite("Tunnel bytes") struct ByteStreamTests {
    private static func options(_ upstream: UpstreamServer) throws -> GateOptions {
        var options = GateOptions(grants: [try Grant.test("allowed.test").openTunnel])
        options.lead(to: upstream)
        return options
    }

    private static let large = [UInt8](unsafeUninitializedCapacity: 8 << 20) { buffer, count in
        count = 8 << 20
        for index in 0..<count { buffer[index] = UInt8(truncatingIfNeeded: index &* 31 &+ index >> 9) }
    }

    @Test("passes on the client's end and still brings what the destination answers to it")
    func clientFinishesFirst() async throws {
        let upstream = UpstreamServer { connection in
            let (bytes, _) = connection.readToEnd()
            try connection.write("got \(bytes.count)")
        }
        try await withGate(Self.options(upstream)) { gate in
            let tunnel = try gate.openTunnel()
            try tunnel.write("12345")
            tunnel.finishWriting()
            let (bytes, ending) = tunnel.readToEnd()
            #expect(String(decoding: bytes, as: UTF8.self) == "got 5")
            #expect(ending == .closed)
            #expect(await gate.becomesIdle())
        }
    }

    @Test("passes on the destination's end and still takes what the client sends after it")
    func destinationFinishesFirst() async throws {
        let upstream = UpstreamServer { connection in
            try connection.write("bye")
            connection.finishWriting()
            _ = connection.readToEnd()
        }
        try await withGate(Self.options(upstream)) { gate in
            let tunnel = try gate.openTunnel()
            let (bytes, ending) = tunnel.readToEnd()
            #expect(String(decoding: bytes, as: UTF8.self) == "bye")
            #expect(ending == .closed)
            try tunnel.write("late")
            tunnel.close()
            #expect(await eventually { upstream.text == "late" })
            #expect(await gate.becomesIdle())
        }
    }

    @Test("delivers everything to a slow client although the destination closed long before", arguments: [true, false])
    func slowClient(_ finishesFirst: Bool) async throws {
        let upstream = UpstreamServer { try $0.write(Self.large, within: 60) }
        try await withGate(Self.options(upstream)) { gate in
            let socket = try gate.connect(receiveBuffer: 4096)
            let (tunnel, answer) = try gate.askForTunnel(to: "allowed.test:443", on: socket)
            #expect(answer.status == 200)
            if finishesFirst { tunnel.finishWriting() }
            let bytes = tunnel.readToEnd().bytes
            #expect(bytes.count == Self.large.count)
            #expect(bytes == Self.large)
            tunnel.close()
            #expect(await gate.becomesIdle())
        }
    }

    @Test("delivers everything to a slow destination although the client closed long before")
    func slowDestination() async throws {
        let upstream = UpstreamServer(receiveBuffer: 4096) { connection in
            connection.finishWriting()
            _ = connection.readToEnd()
        }
        try await withGate(Self.options(upstream)) { gate in
            let tunnel = try gate.openTunnel()
            try tunnel.write(Self.large, within: 60)
            tunnel.close()
            #expect(await eventually { upstream.transcripts.first?.count == Self.large.count })
            #expect(upstream.transcripts.first == Self.large)
            #expect(await gate.becomesIdle())
        }
    }

    @Test("stops reading from a destination whose client does not read")
    func backpressureDown() async throws {
        let pushed = Counter()
        let upstream = UpstreamServer { connection in
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            for _ in 0..<1024 {
                let sent = try connection.writeUntilStuck(piece, within: 1)
                pushed.add(sent)
                guard sent == piece.count else { break }
            }
            pushed.finish()
        }
        var options = try Self.options(upstream)
        options.isAlone = true
        try await withGate(options) { gate in
            let before = ResidentMemory.bytes
            let socket = try gate.connect(receiveBuffer: 65536)
            let (tunnel, _) = try gate.askForTunnel(to: "allowed.test:443", on: socket)
            #expect(await eventually { pushed.isFinished })
            #expect(pushed.value < 32 << 20)
            #expect(ResidentMemory.bytes - before < 64 << 20)
            tunnel.close()
            #expect(await gate.becomesIdle())
        }
    }

    @Test("stops reading from a client whose destination does not read")
    func backpressureUp() async throws {
        let end = Latch()
        defer { end.open() }
        let upstream = UpstreamServer { _ in end.wait(within: 120) }
        try await withGate(Self.options(upstream)) { gate in
            let tunnel = try gate.openTunnel()
            let piece = [UInt8](repeating: 7, count: 1 << 20)
            var pushed = 0
            for _ in 0..<1024 {
                let sent = try tunnel.writeUntilStuck(piece, within: 1)
                pushed += sent
                guard sent == piece.count else { break }
            }
            #expect(pushed < 32 << 20)
            tunnel.close()
            end.open()
            #expect(await gate.becomesIdle())
        }
    }

    @Test("a reset by one side ends the other")
    func reset() async throws {
        let upstream = UpstreamServer.echo()
        try await withGate(Self.options(upstream)) { gate in
            let tunnel = try gate.openTunnel()
            try tunnel.write("x")
            _ = try tunnel.read(exactly: 1)
            tunnel.reset()
            #expect(await gate.becomesIdle())
            #expect(try await gate.ends().count == 1)
        }
    }
}
