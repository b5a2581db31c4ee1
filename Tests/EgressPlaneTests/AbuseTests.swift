// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import EgressPlane
import GateSupport
import Testing
import Transport

@Suite("Bad input") struct AbuseTests {
    private static func options() throws -> GateOptions {
        var options = GateOptions(grants: [try Grant.test("allowed.test").openTunnel])
        options.unixIdentification = .process
        return options
    }

    private static func garbage(_ seed: UInt64, _ count: Int) -> [UInt8] {
        var state = seed &* 0x9e37_79b9_7f4a_7c15 | 1
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    @Test("garbage on every listener ends its own connection and nothing else")
    func garbage() async throws {
        try await withGate(Self.options()) { gate in
            for seed in 1...200 {
                let socket = seed % 2 == 0 ? try gate.connect() : try gate.connectUnix()
                var bytes = Self.garbage(UInt64(seed), 1 + seed * 37 % 5000)
                if seed % 5 == 0 { bytes = [5] + bytes }
                if seed % 7 == 0 { bytes = Array("GET ".utf8) + bytes }
                if seed % 11 == 0 { bytes = Array("CONNECT allowed.test:443 HTTP/1.1\r\n".utf8) + bytes }
                try? socket.write(bytes)
                socket.finishWriting()
                #expect(socket.readToEnd().ending != .stillOpen, "seed \(seed)")
                socket.close()
            }
            #expect(await gate.becomesIdle())
            #expect(gate.dials.dials.isEmpty)
            #expect(try gate.askForTunnel(to: "denied.test:443").answer.status == 403)
        }
    }

    @Test("100 MB of header bytes get a clear error while the memory stays bounded")
    func hugeHead() async throws {
        var options = try Self.options()
        options.isAlone = true
        try await withGate(options) { gate in
            let before = ResidentMemory.bytes
            let socket = try gate.connect()
            try socket.write("GET http://allowed.test/ HTTP/1.1\r\n")
            let line = Array(("X-Filler: " + String(repeating: "x", count: 8000) + "\r\n").utf8)
            var sent = 0
            while sent < 100 << 20, let count = try? socket.writeUntilStuck(line, within: 5), count > 0 {
                sent += count
            }
            let (bytes, ending) = socket.readToEnd()
            let answer = HTTPText.parseHead(bytes)
            #expect(answer.status == 431)
            #expect(answer["yett-reason"] == "protocol_violation")
            #expect(ending != .stillOpen)
            #expect(ResidentMemory.bytes - before < 64 << 20)
            #expect(await gate.becomesIdle())
        }
    }

    @Test("a client that sends its request byte by byte is served")
    func slowRequest() async throws {
        let upstream = UpstreamServer.http()
        var options = try Self.options()
        options.lead(to: upstream)
        try await withGate(options) { gate in
            let socket = try gate.connect()
            for byte in Array("GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n".utf8) {
                try socket.write([byte])
            }
            #expect(try HTTPText.readResponse(from: socket).text == "hello")
        }
    }

    @Test("clients that end their side before a request is complete are forgotten", arguments: [0, 1, 20, 60])
    func halfOpen(_ count: Int) async throws {
        try await withGate(Self.options()) { gate in
            let request = Array("GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\nX-Long: 12345\r\n\r\n".utf8)
            for _ in 0..<20 {
                let socket = try gate.connect()
                try socket.write(request.prefix(count))
                socket.finishWriting()
                #expect(socket.readToEnd().ending != .stillOpen)
            }
            #expect(await gate.becomesIdle())
            #expect(gate.dials.dials.isEmpty)
        }
    }

    @Test("10,000 connections that are opened and dropped leave nothing behind")
    func manyConnections() async throws {
        let upstream = UpstreamServer.echo()
        var options = try Self.options()
        options.lead(to: upstream)
        try await withGate(options) { gate in
            for round in 0..<10_000 {
                let socket = try gate.connect()
                switch round % 5 {
                case 0: break
                case 1: try socket.write("GET http://allo")
                case 2: try socket.write([5, 1])
                case 3: try socket.write("CONNECT denied.test:443 HTTP/1.1\r\nHost: denied.test:443\r\n\r\n")
                default:
                    if round % 100 == 4 {
                        let (_, answer) = try gate.askForTunnel(to: "allowed.test:443", on: socket)
                        #expect(answer.status == 200)
                    }
                }
                if round % 2 == 0 { socket.reset() } else { socket.close() }
            }
            #expect(await gate.becomesIdle())
            #expect(try gate.askForTunnel(to: "denied.test:443").answer.status == 403)
        }
    }

    @Test("a destination that resets while the request goes up becomes 502")
    func resettingDestination() async throws {
        let upstream = UpstreamServer { connection in
            _ = try connection.readSome()
            connection.reset()
        }
        var options = try Self.options()
        options.lead(to: upstream)
        try await withGate(options) { gate in
            let status = try gate.get("http://allowed.test/").status
            #expect(status == 502)
            #expect(await gate.becomesIdle())
        }
    }
}
