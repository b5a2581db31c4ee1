// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import GateSupport
import ServicePlane
import Testing

/// What services do that nobody may do, each against a gate that must go on serving.
@Suite("Services that break the rules of HTTP/2") struct HostileUpstreamTests {
    struct Attack: CustomTestStringConvertible, Sendable {
        let name: String
        let bytes: @Sendable (_ stream: UInt32) -> [UInt8]
        var testDescription: String { name }

        init(_ name: String, _ bytes: @escaping @Sendable (UInt32) -> [UInt8]) {
            self.name = name
            self.bytes = bytes
        }
    }

    private static func head(_ stream: UInt32, _ fields: [(String, String)], end: Bool = true) -> [UInt8] {
        RawFrames.headers(stream, fields, end: end)
    }

    static let attacks: [Attack] = [
        Attack("no status") { head($0, [("x", "y")]) },
        Attack("two statuses") { head($0, [(":status", "200"), (":status", "200")]) },
        Attack("a status behind a field") { head($0, [("x", "y"), (":status", "200")]) },
        Attack("a request's pseudo-header field") { head($0, [(":status", "200"), (":path", "/")]) },
        Attack("a status with four digits") { head($0, [(":status", "2000")]) },
        Attack("a status with a sign") { head($0, [(":status", "+20")]) },
        Attack("a status out of range") { head($0, [(":status", "999")]) },
        Attack("a line break in a value") { head($0, [(":status", "200"), ("x", "y\r\nset-cookie: a=b")]) },
        Attack("a line break in a name") { head($0, [(":status", "200"), ("x\r\ny", "z")]) },
        Attack("a name in upper case") { head($0, [(":status", "200"), ("Set-Cookie", "z")]) },
        Attack("a NUL") { head($0, [(":status", "200"), ("x", "a\0b")]) },
        Attack("a field of the connection") { head($0, [(":status", "200"), ("connection", "close")]) },
        Attack("a transfer coding") { head($0, [(":status", "200"), ("transfer-encoding", "chunked")]) },
        Attack("two lengths") {
            head($0, [(":status", "200"), ("content-length", "1"), ("content-length", "1")], end: false)
                + RawFrames.data($0, "x", end: true)
        },
        Attack("a length and nothing") { head($0, [(":status", "200"), ("content-length", "5")]) },
        Attack("a length with a sign") {
            head($0, [(":status", "200"), ("content-length", "+1")], end: false) + RawFrames.data($0, "x", end: true)
        },
        Attack("a body without a head") { RawFrames.data($0, "x", end: true) },
        Attack("an end without an answer") { RawFrames.reset($0, 0) },
        Attack("a reset") { RawFrames.reset($0, 2) },
        Attack("a switch of protocols") { head($0, [(":status", "101")], end: false) },
        Attack("an informational end") { head($0, [(":status", "103")]) },
        Attack("endless informational answers") { stream in
            (0..<100).flatMap { _ in head(stream, [(":status", "103"), ("link", "</x>")], end: false) }
        },
        Attack("a head that is too large") { stream in
            head(stream, [(":status", "200")] + (0..<50).map { ("x-\($0)", String(repeating: "y", count: 1_000)) })
        },
        Attack("too many fields") { stream in
            head(stream, [(":status", "200")] + (0..<500).map { ("x-\($0)", "y") })
        },
        Attack("an endless head") { stream in
            RawFrames.frame(1, stream: stream, RawFrames.block([(":status", "200")]))
                + (0..<200).flatMap { _ in RawFrames.frame(9, stream: stream, RawFrames.block([("x", "y")])) }
        },
        Attack("a head of nothing, many times") { stream in
            RawFrames.frame(1, stream: stream, []) + (0..<200).flatMap { _ in RawFrames.frame(9, stream: stream, []) }
        },
        Attack("a promise") { stream in
            RawFrames.frame(5, flags: 4, stream: stream, [0, 0, 0, 2] + RawFrames.block(RawFrames.request()))
        },
        Attack("a window that is too large") { _ in
            RawFrames.window(0, 0x7fff_ffff) + RawFrames.window(0, 0x7fff_ffff)
        },
        Attack("a window of nothing") { _ in RawFrames.window(0, 0) },
        Attack("windows byte by byte") { stream in (0..<30_000).flatMap { _ in RawFrames.window(stream, 1) } },
        Attack("settings without end") { _ in (0..<2_000).flatMap { _ in RawFrames.settings() } },
        Attack("pings without end") { _ in
            (0..<2_000).flatMap { _ in RawFrames.frame(6, [UInt8](repeating: 0, count: 8)) }
        },
        Attack("resets of what was never asked") { _ in
            (0..<2_000).flatMap { RawFrames.reset(UInt32($0) * 2 + 1001) }
        },
        Attack("a frame that is too large") { stream in
            [0xff, 0xff, 0xff, 0, 0] + [0, 0, 0, UInt8(stream)] + [UInt8](repeating: 0x61, count: 1_000)
        },
        Attack("an answer to nobody") { _ in head(7, [(":status", "200")]) },
        Attack("an initial window that overflows") { _ in RawFrames.settings([(4, 0xffff_ffff)]) },
        Attack("empty pieces without end") { stream in
            head(stream, [(":status", "200")], end: false) + (0..<2_000).flatMap { _ in RawFrames.data(stream, "") }
        },
        Attack("HTTP/1.1") { _ in Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8) },
    ]

    @Test("are refused, and what they sent reaches no agent", arguments: attacks)
    func refused(attack: Attack) async throws {
        let upstream = UpstreamServer { connection in
            let peer = try HTTP2Peer(serving: connection)
            while let request = try peer.message() {
                guard request.reset == nil else { continue }
                if request[":path"] == "/v1/good" {
                    try peer.answer(request.stream)
                } else {
                    try peer.send(attack.bytes(request.stream))
                }
            }
        }
        defer { upstream.stop() }
        try await withGate(try HTTP2UpstreamTests.options(upstream)) { gate in
            let socket = try gate.connectToServices()
            try socket.write("GET /s/tickets/v1/bad HTTP/1.1\r\nHost: gate.test\r\n\r\n")
            let outcome = Self.read(socket)
            #expect(outcome == nil || outcome?.status == 502, "\(attack.name): \(outcome?.startLine ?? "")")
            #expect(outcome?["set-cookie"] == nil)
            let next = try gate.ask("/s/tickets/v1/good")
            #expect(next.status == 200)
            #expect(next.text == "hello")
            #expect(await eventually { gate.registry.count == 0 })
        }
    }

    /// The answer, or nil when the connection broke in the middle of it.
    private static func read(_ socket: RawSocket) -> HTTPText? {
        var answer = try? HTTPText.readResponse(from: socket, toHead: true)
        while let status = answer?.status, status >= 100, status < 200 {
            answer = try? HTTPText.readResponse(from: socket, toHead: true)
        }
        guard let head = answer, head.status == 200 else { return answer }
        // A head that was sent before the rules were broken must not end well.
        let (bytes, ending) = socket.readToEnd()
        return ending == .closed && bytes.isEmpty || ending == .reset ? nil : head
    }

    @Test(
        "send more, or less, than they announced, and no agent takes it for a whole answer", arguments: [0, 4, 6, 40])
    func lengths(count: Int) async throws {
        let upstream = UpstreamServer.http2 { peer, request in
            try peer.answer(
                request.stream, [("content-length", "5")], body: String(repeating: "x", count: count))
        }
        defer { upstream.stop() }
        try await withGate(try HTTP2UpstreamTests.options(upstream)) { gate in
            let socket = try gate.connectToServices()
            try socket.write("GET /s/tickets/v1 HTTP/1.1\r\nHost: gate.test\r\n\r\n")
            let (bytes, ending) = socket.readToEnd()
            #expect(ending == .reset || ending == .closed)
            #expect(!String(decoding: bytes, as: UTF8.self).hasSuffix("xxxxx"))
        }
    }
}
