// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct HTTP1ResponseTests {
    static func written(
        _ text: String, method: HTTP1Method = .get, version: HTTP1Version = .http11, closes: Bool = false
    ) -> String? {
        let message = bytes(text)
        let (result, head) = parseResponse(message)
        guard case .complete = result else { return nil }
        let writer = HTTP1ResponseWriter(method: method, clientVersion: version, closes: closes, announcesVia: false)
        return message.withUnsafeBytes { message in
            var buffer = [UInt8](repeating: 0, count: writer.byteBound(head))
            let framing = head.framing(forRequest: method)
            return buffer.withUnsafeMutableBytes { writer.write(head, message: message, framing: framing, into: $0) }
                .map {
                    String(decoding: buffer[..<$0], as: UTF8.self)
                }
        }
    }

    @Test("writes the head anew without what was for one hop")
    func head() {
        #expect(
            Self.written(
                "HTTP/1.0 200 \r\nServer: s\r\nConnection: x\r\nX: 1\r\nYett-Reason: fake\r\nContent-Length:2\r\n\r\n")
                == "HTTP/1.1 200 \r\nServer: s\r\nContent-Length: 2\r\n\r\n")
        #expect(Self.written("HTTP/1.1 404\r\n\r\n") == "HTTP/1.1 404 \r\nTransfer-Encoding: chunked\r\n\r\n")
        #expect(
            Self.written("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", version: .http10)
                == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        #expect(
            Self.written("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", method: .head)
                == "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        #expect(Self.written("HTTP/1.1 204 N\r\nContent-Length: 9\r\n\r\n") == "HTTP/1.1 204 N\r\n\r\n")
        #expect(
            Self.written("HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: websocket\r\nA: b\r\n\r\n")
                == "HTTP/1.1 101 S\r\nA: b\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
        #expect(
            Self.written("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", closes: true)
                == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    }

    @Test(
        "refuses a malformed response with status 502",
        arguments: [
            ("HTTP/1.1 20 OK\r\n\r\n", HTTP1RefusalReason.badStatusLine), ("HTTP/1.1 600 OK\r\n\r\n", .badStatusLine),
            ("HTTP/1.1 2000\r\n\r\n", .badStatusLine), ("HTTP/1.1  200 OK\r\n\r\n", .badStatusLine),
            ("http/1.1 200 OK\r\n\r\n", .badStatusLine), ("HTTP/2.0 200 OK\r\n\r\n", .badStatusLine),
            ("ICY 200 OK\r\n\r\n", .badStatusLine), ("\r\nHTTP/1.1 200 OK\r\n\r\n", .badStatusLine),
            ("HTTP/1.1 200 O\u{1}K\r\n\r\n", .badStatusLine), ("HTTP/1.1 200 OK\n\r\n", .bareLineFeed),
            ("HTTP/1.1 200 O\rK\r\n\r\n", .bareCarriageReturn),
            ("HTTP/1.1 200 OK\r\nSet-Cookie: a\nX: b\r\n\r\n", .bareLineFeed),
            ("HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\r\n", .obsoleteFold),
            ("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .duplicateContentLength),
            ("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncodingInHTTP10),
            ("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n", .badTransferEncoding),
        ])
    func refusals(_ message: String, _ reason: HTTP1RefusalReason) {
        let result = parseResponse(bytes(message)).0
        #expect(result == .refused(HTTP1Refusal(reason, in: .response)))
        guard case .refused(let refusal) = result else { return }
        #expect(refusal.status == 502)
    }

    @Test("knows where a response ends from its status, fields and request")
    func framing() {
        func framing(_ text: String, _ method: HTTP1Method = .get) -> HTTP1Framing {
            parseResponse(bytes(text)).1.framing(forRequest: method)
        }
        #expect(framing("HTTP/1.1 200 OK\r\n\r\n") == .untilClose)
        #expect(framing("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n") == .contentLength(5))
        #expect(framing("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .head) == .none)
        #expect(framing("HTTP/1.1 304 OK\r\nContent-Length: 5\r\n\r\n") == .none)
        #expect(framing("HTTP/1.1 204 OK\r\nTransfer-Encoding: chunked\r\n\r\n") == .none)
        #expect(framing("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") == .chunked)
        #expect(framing("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", .connect) == .none)
        #expect(framing("HTTP/1.1 403 No\r\nContent-Length: 5\r\n\r\n", .connect) == .contentLength(5))
    }

    @Test("forwards a few informational responses and not to HTTP/1.0")
    func informational() {
        let head = parseResponse(bytes("HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n")).1
        var exchange = HTTP1Exchange(method: .get, clientVersion: .http11)
        for _ in 0..<8 { #expect(exchange.judge(head) == .informational(forward: true)) }
        #expect(exchange.judge(head) == .refused(HTTP1Refusal(.tooManyInformational, in: .response)))
        var old = HTTP1Exchange(method: .get, clientVersion: .http10)
        #expect(old.judge(head) == .informational(forward: false))
    }

    @Test("takes 101 only as an answer to an upgrade, and never reuses a connection that is in doubt")
    func verdicts() {
        let switching = parseResponse(bytes("HTTP/1.1 101 S\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")).1
        var asked = HTTP1Exchange(method: .get, clientVersion: .http11, asksForUpgrade: true)
        #expect(asked.judge(switching) == .switched)
        var exchange = HTTP1Exchange(method: .get, clientVersion: .http11)
        let empty = parseResponse(bytes("HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\n")).1
        #expect(exchange.judge(empty) == .final(framing: .none, reusable: false))
        let closing = parseResponse(bytes("HTTP/1.1 200 No\r\nConnection: close\r\nContent-Length: 5\r\n\r\n")).1
        #expect(exchange.judge(closing) == .final(framing: .contentLength(5), reusable: false))
    }

    @Test("says the same however a response is cut")
    func everySplit() {
        let message = bytes("HTTP/1.1 200 All right\r\nA:b\r\nContent-Length: 3\r\n\r\n")
        let whole = parseResponse(message)
        for cut in 0..<message.count {
            var parser = HTTP1ResponseParser()
            #expect(message[..<cut].withUnsafeBytes { parser.parse($0) } == .needMore)
            #expect(message.withUnsafeBytes { parser.parse($0) } == whole.0)
            #expect(parser.head.fields.all == whole.1.fields.all)
            #expect(parser.head.reasonPhrase == whole.1.reasonPhrase)
        }
    }
}
