// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Testing

/// What stands on the mesh socket of a gate, byte by byte, when HTTP/1.1 is spoken there.
@Suite(.timeLimit(.minutes(1))) struct MeshHTTP1Tests {
    private static let client = "x-forwarded-client-cert: URI=spiffe://gate.test/agent/coder\r\n"

    private static func question(_ path: String, _ more: String = "", method: String = "GET") -> String {
        "\(method) /yett/authorize/files\(path) HTTP/1.1\r\nHost: files.gate.test\r\n\(client)\(more)\r\n"
    }

    /// What is answered to some bytes until the connection ends, and how it ends.
    private static func answers(_ gate: RunningGate, to text: String, within seconds: Double = 5) throws
        -> (text: String, ending: RawSocket.Ending)
    {
        let socket = try RawSocket.connect(unix: gate.directory + "/mesh.sock")
        try socket.write(text)
        let (bytes, ending) = socket.readToEnd(within: seconds)
        return (String(decoding: bytes, as: UTF8.self), ending)
    }

    @Test func `Questions are answered in their order on one connection, and the last one ends it`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let text =
                Self.question("/open/a") + Self.question("/secret") + Self.question("/secret", method: "HEAD")
                + Self.question("/open/b", "Content-Length: 3\r\n", method: "POST") + "abc"
                + Self.question("/open/c", "Transfer-Encoding: chunked\r\n", method: "POST") + "1\r\nx\r\n0\r\n\r\n"
                + Self.question("/open/d", "Connection: close\r\n") + Self.question("/open/never")
            let (answers, ending) = try Self.answers(gate, to: text)
            let statuses = answers.components(separatedBy: "HTTP/1.1 ").dropFirst().map { $0.prefix(3) }
            #expect(statuses == ["200", "403", "403", "200", "200", "200"], "\(answers)")
            #expect(ending == .closed && answers.components(separatedBy: "connection: close").count == 2)
            let paths = try gate.records("kind=decision&limit=100").compactMap { $0.text("path") }
            #expect(Set(paths) == ["/open/a", "/secret", "/open/b", "/open/c", "/open/d"])
        }
    }

    @Test func `What cannot be read as one question is refused, recorded, and nothing behind it is read`() async throws
    {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let hidden = Self.question("/open/hidden")
            let texts = [
                Self.question("/open/a", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", method: "POST")
                    + "0\r\n\r\n" + hidden,
                Self.question("/open/a", "Content-Length: 5\r\nContent-Length: 0\r\n", method: "POST") + hidden,
                Self.question("/open/a", "Transfer-Encoding: chunked\r\n", method: "POST") + "0\n\n" + hidden,
                Self.question("/open/a").replacing("\r\n", with: "\n") + hidden,
                Self.question("/open/a", "Host: other.test\r\n") + hidden,
                Self.question("/open/a", "a: b\r\n c\r\n") + hidden,
                Self.question("/open/a", "a: " + String(repeating: "x", count: 40_000) + "\r\n") + hidden,
                Self.question("/open/a", "Content-Length: 5000000\r\n", method: "POST"),
                "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n" + hidden, "\u{16}\u{3}\u{1}\u{0}\u{5}hello" + hidden,
            ]
            for text in texts {
                let (answer, ending) = try Self.answers(gate, to: text)
                #expect(answer.hasPrefix("HTTP/1.1 400 ") && answer.contains("protocol_violation"), "\(answer)")
                #expect(answer.components(separatedBy: "yett-decision: ").count == 2 && ending == .closed, "\(answer)")
            }
            let records = try gate.records("kind=decision&limit=100")
            #expect(records.count { $0.list("reasons").first == "protocol_violation" } == texts.count)
            #expect(!records.contains { $0.text("verdict") == "allow" })

            // A path that could be read in two ways is refused, and the connection goes on.
            let path = try Self.answers(
                gate, to: Self.question("/open/%2e%2e/secret") + Self.question("/open/b", "Connection: close\r\n"))
            #expect(path.text.hasPrefix("HTTP/1.1 400 ") && path.text.contains("HTTP/1.1 200 "), "\(path.text)")

            let lost = try Self.answers(gate, to: "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(lost.text.hasPrefix("HTTP/1.1 404 ") && lost.text.contains("/yett/authorize/SERVICE"))
            let two = try Self.answers(
                gate, to: Self.question("/open/a", Self.client + "Connection: close\r\n"))
            #expect(two.text.hasPrefix("HTTP/1.1 400 ") && two.text.contains("SANITIZE_SET"), "\(two.text)")
        }
    }

    @Test func `Who says nothing, or half a question, is not waited for`() async throws {
        try await RunningGate.run(MeshSocket.text()) { gate throws in
            let silent = try RawSocket.connect(unix: gate.directory + "/mesh.sock")
            let slow = try RawSocket.connect(unix: gate.directory + "/mesh.sock")
            try slow.write("GET /yett/authorize/files/open/a HTTP/1.1\r\nHost:")
            let used = try RawSocket.connect(unix: gate.directory + "/mesh.sock")
            try used.write(Self.question("/open/a"))
            _ = try used.read(through: "\r\n\r\n")
            let answer = slow.readToEnd(within: 20)
            #expect(String(decoding: answer.bytes, as: UTF8.self).hasPrefix("HTTP/1.1 408 "))
            #expect(answer.ending == .closed && silent.readToEnd(within: 20).ending == .closed)
            // Between questions there is no hurry.
            try used.write(Self.question("/open/b"))
            #expect(String(decoding: try used.read(through: "\r\n\r\n"), as: UTF8.self).hasPrefix("HTTP/1.1 200 "))
        }
    }
}
