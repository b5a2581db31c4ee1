// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Testing

/// What stands on the mesh socket of a gate, frame by frame, when HTTP/2 is spoken there.
@Suite(.timeLimit(.minutes(1))) struct MeshHTTP2Tests {
    // MARK: Whole questions

    /// Asks on one connection, all at once, and gives how many answers there were of each hundred.
    private static func ask(_ gate: RunningGate, _ count: Int, bytesEach: Int) throws -> [String: Int] {
        let body = gate.directory + "/body"
        try Data(count: bytesEach).write(to: URL(fileURLWithPath: body))
        let load = try Program(
            "h2load",
            [
                "--threads=1", "--clients=1", "--max-concurrent-streams=\(count)", "--requests=\(count)",
                "--connection-inactivity-timeout=20", "--data=\(body)", "--base-uri=unix:\(gate.directory)/mesh.sock",
                "--header=x-forwarded-client-cert: URI=spiffe://gate.test/agent/coder",
                "http://files.gate.test/yett/authorize/files/open/a",
            ])
        let line = load.outcome().text.split(separator: "\n").first { $0.hasPrefix("status codes: ") }
        var counts: [String: Int] = [:]
        for part in (line ?? "").dropFirst("status codes: ".count).split(separator: ", ") {
            let words = part.split(separator: " ")
            if words.count == 2, let count = Int(words[0]), count > 0 { counts[String(words[1])] = count }
        }
        return counts
    }

    @Test func `Questions that are larger than any window are answered side by side`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            #expect(try Self.ask(gate, 12, bytesEach: 4_000_000) == ["2xx": 12])
            #expect(try Self.ask(gate, 1, bytesEach: 5_000_000) == ["4xx": 1])
        }
    }

    @Test func `What is too much for one connection is refused, and the rest of it answered`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let answers = try Self.ask(gate, 40, bytesEach: 4_000_000)
            #expect((answers["2xx"] ?? 0) >= 10 && (answers["5xx"] ?? 0) >= 1, "\(answers)")
            #expect(answers.values.reduce(0, +) == 40)
        }
    }

    // MARK: Frames

    private static func frame(_ type: UInt8, flags: UInt8 = 0, stream: UInt8 = 0, _ payload: [UInt8] = []) -> [UInt8] {
        let count = payload.count
        var frame = [UInt8(count >> 16), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF), type, flags]
        frame += [0, 0, 0, stream]
        return frame + payload
    }

    /// A header list of literals, none of which is kept (RFC 7541 section 6.2.2).
    private static func list(_ fields: [(String, String)]) -> [UInt8] {
        var bytes: [UInt8] = []
        for (name, value) in fields {
            bytes += [0x00, UInt8(name.utf8.count)]
            bytes += Array(name.utf8)
            bytes.append(UInt8(value.utf8.count))
            bytes += Array(value.utf8)
        }
        return bytes
    }

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8) + frame(4)

    private static func head(_ fields: [(String, String)], method: String = "POST") -> [(String, String)] {
        [
            (":method", method), (":scheme", "http"), (":authority", "files.gate.test"),
            (":path", "/yett/authorize/files/open/a"),
            ("x-forwarded-client-cert", "URI=spiffe://gate.test/agent/coder"),
        ] + fields
    }

    /// The status on the first stream, read from the gate's frames: one of HPACK's static table, which is a single byte.
    private static func status(_ gate: RunningGate, _ frames: [UInt8]) throws -> Int? {
        let socket = try RawSocket.connect(unix: gate.directory + "/mesh.sock")
        try socket.write(preface + frames)
        let known: [UInt8: Int] = [0x88: 200, 0x8C: 400, 0x8D: 404]
        while true {
            let header = try socket.read(exactly: 9)
            let payload = try socket.read(exactly: Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2]))
            if header[3] == 1, header[8] == 1 { return payload.first.flatMap { known[$0] } }
            if header[3] == 7 { return nil }
        }
    }

    @Test func `A head that HTTP/1 would refuse is refused, whatever HTTP/2 could make of it`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let good = Self.frame(1, flags: 0x5, stream: 1, Self.list(Self.head([], method: "GET")))
            #expect(try Self.status(gate, good) == 200)
            let bad: [[(String, String)]] = [
                [("transfer-encoding", "chunked")], [("connection", "close")], [("A", "b")], [("a", "b\r\nc: d")],
                [(":path", "/yett/authorize/files/open/b")], [("host", "other.test")], [("a b", "c")],
                [("content-length", "1"), ("content-length", "2")], [("a", "\0")], [("", "a")],
            ]
            for fields in bad {
                let list = Self.list(Self.head(fields, method: "GET"))
                #expect(try Self.status(gate, Self.frame(1, flags: 0x5, stream: 1, list)) == 400, "\(fields)")
            }
            let refused = try gate.records("kind=decision&limit=100").count {
                $0.list("reasons").first == "protocol_violation"
            }
            #expect(refused == bad.count)
        }
    }

    @Test func `A body has the length that its head tells`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let head = Self.frame(1, flags: 0x4, stream: 1, Self.list(Self.head([("content-length", "3")])))
            for (body, status) in [("abc", 200), ("ab", 400), ("abcd", 400), ("", 400)] {
                let frames = head + Self.frame(0, flags: 0x1, stream: 1, Array(body.utf8))
                #expect(try Self.status(gate, frames) == status, "\(body)")
            }
        }
    }

    @Test func `Frames that belong to nothing end the connection, and the next one is served`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let noise: [[UInt8]] = [
                Self.frame(0, stream: 1, [1, 2, 3]), Self.frame(8, stream: 0, [0, 0, 0, 0]), Self.frame(3, stream: 1),
                Self.frame(1, flags: 0x4, stream: 2, [0x82]), Self.frame(1, flags: 0x4, stream: 1, [0xFF, 0xFF, 0xFF]),
                Self.frame(5, flags: 0x4, stream: 1, [0, 0, 0, 2]),
                Self.frame(3, stream: 1, [0, 0, 0, 8]), Self.frame(8, stream: 1, [0, 0, 0, 1]),
                Self.frame(1, stream: 1, [0x82]) + Self.frame(0, stream: 1),
                [UInt8](repeating: 0xFF, count: 64),
            ]
            for frames in noise {
                let socket = try RawSocket.connect(unix: gate.directory + "/mesh.sock")
                try socket.write(Self.preface + frames)
                #expect(socket.readToEnd(within: 5).ending == .closed, "\(frames)")
            }
            let good = Self.frame(1, flags: 0x5, stream: 1, Self.list(Self.head([], method: "GET")))
            #expect(try Self.status(gate, good) == 200)
        }
    }

    // MARK: Streams and windows

    /// The frames that come until one of the wanted ones, which is the last.
    private static func frames(
        _ gate: RunningGate, _ sent: [UInt8], until isLast: ([UInt8], [UInt8]) -> Bool
    ) throws -> [(head: [UInt8], payload: [UInt8])] {
        let socket = try RawSocket.connect(unix: gate.directory + "/mesh.sock")
        try socket.write(preface + sent)
        var frames: [(head: [UInt8], payload: [UInt8])] = []
        while true {
            let head = try socket.read(exactly: 9)
            let payload = try socket.read(exactly: Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2]))
            frames.append((head, payload))
            if isLast(head, payload) { return frames }
        }
    }

    /// The code of the GOAWAY or RST_STREAM frame with which it ends.
    private static func code(_ gate: RunningGate, _ sent: [UInt8], _ type: UInt8) throws -> UInt8? {
        try frames(gate, sent) { head, _ in head[3] == type }.last?.payload.last
    }

    /// A request for what is nowhere, which is answered with a sentence.
    private static func nowhere(_ stream: UInt8) -> [UInt8] {
        frame(
            1, flags: 0x5, stream: stream,
            list([(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/")]))
    }

    private static func question(_ stream: UInt8) -> [UInt8] {
        frame(1, flags: 0x5, stream: stream, list(head([], method: "GET")))
    }

    @Test func `What costs more to receive than to send is bounded`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let ping = Self.frame(6, [UInt8](repeating: 1, count: 8))
            #expect(try Self.code(gate, [[UInt8]](repeating: ping, count: 300).flatMap(\.self), 7) == 11)
            let empty =
                Self.frame(1, flags: 0x4, stream: 1, Self.list(Self.head([])))
                + [[UInt8]](repeating: Self.frame(0, stream: 1), count: 300).flatMap(\.self)
            #expect(try Self.code(gate, empty, 7) == 11)
            let resets =
                Self.question(1)
                + [[UInt8]](repeating: Self.frame(3, stream: 1, [0, 0, 0, 8]), count: 8200).flatMap(\.self)
            #expect(try Self.code(gate, resets, 7) == 11)
            let endless =
                Self.frame(1, stream: 1, [0x82])
                + [[UInt8]](repeating: Self.frame(9, stream: 1), count: 20).flatMap(\.self)
            #expect(try Self.code(gate, endless, 7) == 11)
            // An answer that is let out byte by byte.
            let narrow = Self.frame(4, [0, 4, 0, 0, 0, 0]) + Self.nowhere(1)
            let byte = Self.frame(8, stream: 1, [0, 0, 0, 1])
            let slow =
                narrow + Self.nowhere(3)
                + [[UInt8]](repeating: Self.frame(8, stream: 0, [0, 0, 0, 1]), count: 300).flatMap(\.self)
            #expect(try Self.code(gate, slow + byte, 7) == 11)
        }
    }

    @Test func `More than a window lets through ends the stream, and one after its end too`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let open = Self.frame(1, flags: 0x4, stream: 1, Self.list(Self.head([])))
            // One byte more than a stream takes ahead in frames that are no whole question for gRPC.
            let call = Self.frame(
                1, flags: 0x4, stream: 3,
                Self.list([
                    (":method", "POST"), (":scheme", "http"), (":path", "/grpc.health.v1.Health/Check"),
                    ("content-type", "application/grpc"),
                ]))
            let ended = open + Self.frame(0, flags: 0x1, stream: 1, [1]) + Self.frame(0, stream: 1, [1]) + call
            #expect(try Self.code(gate, ended, 3) == 5)
            let second = open + Self.frame(1, flags: 0x4, stream: 1, Self.list([("a", "b")]))
            #expect(try Self.code(gate, second, 3) == 1)
            let widened = open + Self.frame(8, stream: 1, [0x7F, 0xFF, 0xFF, 0xFF])
            #expect(try Self.code(gate, widened, 3) == 3)
            #expect(try Self.code(gate, Self.frame(8, stream: 0, [0x7F, 0xFF, 0xFF, 0xFF]), 7) == 3)
            // The connection of a stream that was ended goes on.
            let after = try Self.frames(gate, second + Self.question(3)) { head, _ in head[3] == 1 && head[8] == 3 }
            #expect(after.last?.payload.first == 0x88)
        }
    }

    @Test func `An answer waits for the windows of who asks`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            // The window lets ten bytes of the sentence through.
            let small = Self.frame(4, [0, 4, 0, 0, 0, 10])
            let socket = try RawSocket.connect(unix: gate.directory + "/mesh.sock")
            try socket.write(Self.preface + small + Self.nowhere(1))
            var (body, hasEnded) = ([UInt8](), false)
            while !hasEnded {
                let head = try socket.read(exactly: 9)
                let payload = try socket.read(exactly: Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2]))
                guard head[3] == 0 else { continue }
                body += payload
                hasEnded = head[4] & 1 == 1
                #expect(payload.count <= 10)
                if !hasEnded { try socket.write(Self.frame(8, stream: 1, [0, 0, 0, 10])) }
            }
            let text = String(decoding: body, as: UTF8.self)
            #expect(text == "neither gRPC nor below /yett/authorize/\n")
        }
    }

    @Test func `A head in pieces is one, and one that is too large ends nothing but its stream`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let list = Self.list(Self.head([], method: "GET"))
            let pieces =
                Self.frame(1, flags: 0x1, stream: 1, Array(list.prefix(7)))
                + Self.frame(9, stream: 1, Array(list.dropFirst(7).prefix(20)))
                + Self.frame(9, flags: 0x4, stream: 1, Array(list.dropFirst(27)))
            #expect(try Self.status(gate, pieces) == 200)
            let many = Self.list(Self.head((0..<600).map { ("a\($0)", "b") }, method: "GET"))
            #expect(many.count < 16_384)
            let frames = Self.frame(1, flags: 0x5, stream: 1, many) + Self.question(3)
            let answers = try Self.frames(gate, frames) { head, _ in head[3] == 1 && head[8] == 3 }
            let first = answers.first { $0.head[3] == 1 && $0.head[8] == 1 }
            // 400, from the table of HPACK.
            #expect(first?.payload.first == 0x8C)
            #expect(answers.last?.payload.first == 0x88)
        }
    }

    @Test func `A smaller table of header compression is agreed to before it is used`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let frames = Self.frame(4, [0, 1, 0, 0, 0, 0]) + Self.question(1) + Self.question(3)
            let answers = try Self.frames(gate, frames) { head, _ in head[3] == 1 && head[8] == 3 }
            let heads = answers.filter { $0.head[3] == 1 }
            #expect(heads.map { Array($0.payload.prefix(2)) }.first == [0x20, 0x88])
            #expect(heads.last?.payload.first == 0x88)
        }
    }
}
