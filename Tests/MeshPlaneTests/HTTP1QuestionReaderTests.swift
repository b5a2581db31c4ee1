// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Testing

@testable import MeshPlane

@Suite("Questions over HTTP/1.1") struct HTTP1QuestionReaderTests {
    private static let start = "GET /yett/authorize/files/a?b=c HTTP/1.1\r\nHost: a.test\r\n"
    private static let post = "POST /yett/authorize/files/a HTTP/1.1\r\nHost: a.test\r\n"

    private static func reader(_ text: String) -> HTTP1QuestionReader {
        var reader = HTTP1QuestionReader()
        var bytes = ByteBuffer(string: text)
        reader.append(&bytes)
        return reader
    }

    /// What a refusal says; `nil` where there is none.
    private static func refusal(_ text: String) -> String? {
        var reader = reader(text)
        guard case .refused(let detail) = reader.next() else { return nil }
        return detail
    }

    @Test("have the request line and the fields that are not the connection's")
    func read() throws {
        var reader = Self.reader(
            Self.start + "Yett-Task: yth_x\r\nConnection: keep-alive\r\nKeep-Alive: timeout=5\r\n"
                + "content-length: 0\r\nX-Forwarded-Client-Cert: URI=spiffe://a/b\r\n\r\n")
        guard case .question(let head, let body, let isLast) = reader.next() else {
            Issue.record("no question")
            return
        }
        #expect(head.method == "GET" && head.path == "/yett/authorize/files/a?b=c" && head.host == "a.test")
        #expect(head.fields.map(\.name) == ["yett-task", "x-forwarded-client-cert"])
        #expect(body.isEmpty && !isLast && head.isQuestion && !head.isHead)
        let question = try MeshQuestion(http: head, body: body)
        #expect(question.principal == "spiffe://a/b" && question.target == "/a?b=c")
    }

    @Test("come one after the other, with bodies in both framings")
    func pipeline() {
        var reader = Self.reader(
            Self.post + "Content-Length: 3\r\n\r\nabc" + Self.post
                + "Transfer-Encoding: chunked\r\n\r\n2\r\nde\r\n1\r\nf\r\n0\r\n\r\n" + Self.start
                + "Connection: close\r\n\r\n")
        var bodies: [String] = []
        var last: [Bool] = []
        while case .question(_, let body, let isLast) = reader.next() {
            bodies.append(String(decoding: body, as: UTF8.self))
            last.append(isLast)
        }
        #expect(bodies == ["abc", "def", ""] && last == [false, false, true] && reader.isEmpty)
    }

    @Test(
        "are none where two readers could see two requests, or one with another end",
        arguments: [
            post + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            post + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            post + "Content-Length: +3\r\n\r\nabc", post + "Content-Length: 3, 3\r\n\r\nabc",
            post + "Transfer-Encoding: chunked, identity\r\n\r\n", post + "Transfer-Encoding: \u{b}chunked\r\n\r\n",
            post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", post + "Transfer-Encoding: gzip, chunked\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
            post + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
            "GET /yett/authorize/files/a HTTP/1.1\nHost: a.test\n\n", start + "a: b\nc: d\r\n\r\n",
            start + "a: b\rc: d\r\n\r\n", start + " a: b\r\n\r\n", start + "a: b\r\n c\r\n\r\n",
            start + "a: b\0\r\n\r\n",
            start + "Host: b.test\r\n\r\n", "GET /yett/authorize/files/a HTTP/1.1\r\n\r\n",
            "GET /yett/authorize/files/a HTTP/2.0\r\n\r\n", "GET  /yett/authorize/files/a HTTP/1.1\r\n\r\n",
            "GET /yett/authorize/files/%2e%2e%2fsecret HTTP/1.1\r\nHost: a.test\r\n\r\n",
            "POST /yett/authorize/files/a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            start + "Connection: x-forwarded-client-cert\r\nX-Forwarded-Client-Cert: URI=spiffe://a/b\r\n\r\n",
            start + "\r\n\u{0}\u{1}\u{2}", "\u{16}\u{3}\u{1}\u{2}\u{0}",
            "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        ])
    func ambiguous(text: String) {
        #expect(Self.refusal(text) != nil)
    }

    @Test("have limits, which are known before anything is kept")
    func limits() {
        let long = String(repeating: "a", count: 16 << 10)
        #expect(
            Self.refusal("GET /yett/authorize/files/\(long) HTTP/1.1\r\n")?.contains("request_line_too_long") == true)
        #expect(Self.refusal(Self.start + "a: \(long)\(long)")?.contains("header_too_large") == true)
        #expect(
            Self.refusal(Self.start + "a: \(long)\r\nb: \(long)\r\n\r\n")?.contains("header_too_large") == true)
        #expect(
            Self.refusal(Self.start + String(repeating: "a: b\r\n", count: 200) + "\r\n")?.contains("too_many_headers")
                == true)
        #expect(
            Self.refusal(Self.post + "Content-Length: \(MeshLimits.requestBytes + 1)\r\n\r\n")?.contains("at most")
                == true)
        #expect(Self.refusal(Self.post + "Content-Length: 99999999999999999999\r\n\r\n") != nil)
        var reader = Self.reader(Self.post + "Transfer-Encoding: chunked\r\n\r\n")
        let chunk = "100000\r\n" + String(repeating: "x", count: 1 << 20) + "\r\n"
        for _ in 0..<4 {
            var bytes = ByteBuffer(string: chunk)
            reader.append(&bytes)
            guard case .needMore = reader.next() else {
                Issue.record("refused too early")
                return
            }
        }
        var bytes = ByteBuffer(string: "1\r\nx\r\n")
        reader.append(&bytes)
        guard case .refused(let detail) = reader.next() else {
            Issue.record("not refused")
            return
        }
        #expect(detail.contains("at most"))
    }

    @Test("need all of their bytes")
    func pieces() {
        let text = Self.post + "Content-Length: 3\r\n\r\nabc"
        var reader = HTTP1QuestionReader()
        for (index, byte) in text.utf8.enumerated() {
            var bytes = ByteBuffer(bytes: [byte])
            reader.append(&bytes)
            let isQuestion = if case .question = reader.next() { true } else { false }
            #expect(isQuestion == (index == text.utf8.count - 1))
        }
        #expect(reader.isEmpty)
    }
}
