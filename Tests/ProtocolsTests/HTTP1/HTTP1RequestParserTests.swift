// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct HTTP1RequestParserTests {
    @Test("reads a request for forwarding into its parts")
    func parts() {
        let message = bytes("GET http://Allowed.test:8080/a/b?c=d HTTP/1.1\r\nHost: x\r\nAccept:\t*/* \r\n\r\nrest")
        let (result, head) = parseRequest(message)
        #expect(result == .complete(byteCount: message.count - 4))
        message.withUnsafeBytes { raw in
            #expect(head.method == .get)
            #expect(head.target.form == .absolute)
            #expect(head.target.host.text(in: raw) == "Allowed.test")
            #expect(head.target.port == 8080)
            #expect(head.path.forwardText(in: raw) == "/a/b")
            #expect(head.target.query?.text(in: raw) == "c=d")
            #expect(head.fields.all.map { $0.name.text(in: raw) } == ["Host", "Accept"])
            #expect(head.fields.all.map { $0.value.text(in: raw) } == ["x", "*/*"])
            #expect(head.allowsKeepAlive)
            #expect(head.framing == .none)
        }
    }

    @Test(
        "refuses a malformed request with its own reason",
        arguments: [
            ("GET / HTTP/1.1\nHost: a\r\n\r\n", HTTP1RefusalReason.bareLineFeed),
            ("GET / HTTP/1.1\r\nHost: a\n\r\n", .bareLineFeed),
            ("GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
            ("\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", .bareCarriageReturn),
            ("GET / HTTP/1.1\r\nHost: a\r\n\rX", .bareCarriageReturn),
            ("\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .tooManyEmptyLines),
            ("G\u{1}T / HTTP/1.1\r\n", .badMethod),
            (" GET / HTTP/1.1\r\n", .badMethod),
            ("\u{16}\u{3}\u{1}", .badMethod),
            (String(repeating: "M", count: 33), .methodTooLong),
            ("GET  / HTTP/1.1\r\n", .badTarget),
            ("GET /\r\n", .badTarget),
            ("GET example.test HTTP/1.1\r\nHost: a\r\n\r\n", .badTarget),
            ("GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", .badPath),
            ("GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n", .badPath),
            ("GET /a?b=%zz HTTP/1.1\r\nHost: a\r\n\r\n", .badQuery),
            ("GET https://a/ HTTP/1.1\r\nHost: a\r\n\r\n", .badScheme),
            ("GET http://u@a/ HTTP/1.1\r\nHost: a\r\n\r\n", .userInformation),
            ("GET http:/// HTTP/1.1\r\nHost: a\r\n\r\n", .badAuthority),
            ("GET http://a\\b/ HTTP/1.1\r\nHost: a\r\n\r\n", .badAuthority),
            ("GET http://a:/ HTTP/1.1\r\nHost: a\r\n\r\n", .badPort),
            ("GET http://a:080/ HTTP/1.1\r\nHost: a\r\n\r\n", .badPort),
            ("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n", .badPort),
            ("CONNECT a:0 HTTP/1.1\r\nHost: a\r\n\r\n", .badPort),
            ("CONNECT a:+1 HTTP/1.1\r\nHost: a\r\n\r\n", .badPort),
            ("GET / HTTP/1.1 \r\n", .badVersion),
            ("GET / HTTP/1.\r\n", .badVersion),
            ("GET / HTTP/1.2\r\n", .unsupportedVersion),
            ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),
            ("GET / HTTP/1.1\r\nHost: a\r\n b\r\n\r\n", .obsoleteFold),
            ("GET / HTTP/1.1\r\n Host: a\r\n\r\n", .whitespaceBeforeFirstField),
            ("GET / HTTP/1.1\r\nHost : a\r\n\r\n", .whitespaceBeforeColon),
            ("GET / HTTP/1.1\r\nHost: a\r\n: b\r\n\r\n", .badFieldName),
            ("GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", .badFieldName),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{0}\r\n\r\n", .nulByte),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: \u{7f}\r\n\r\n", .badFieldValue),
            ("GET / HTTP/1.1\r\n\r\n", .missingHost),
            ("GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", .duplicateHost),
            ("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", .badHost),
            ("GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", .badHost),
            ("GET / HTTP/1.1\r\nHost: a:b\r\n\r\n", .badHost),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n", .duplicateContentLength),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n", .badContentLength),
            ("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n", .badContentLength),
            (
                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
                .duplicateTransferEncoding
            ),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", .badTransferEncoding),
            ("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", .unsupportedTransferEncoding),
            (
                "GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 0\r\n\r\n",
                .transferEncodingAndContentLength
            ),
            ("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", .transferEncodingInHTTP10),
            ("CONNECT a:1 HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", .connectBody),
            ("TRACE / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n", .traceBody),
            ("GET / HTTP/1.1\r\nHost: a\r\nConnection: a b\r\n\r\n", .badConnection),
            ("GET / HTTP/1.1\r\nHost: a\r\nProxy-Authorization: a\r\nProxy-Authorization: b\r\n\r\n", .duplicateField),
            ("GET / HTTP/1.1\r\nHost: a\r\nExpect: 200-ok\r\n\r\n", .unknownExpectation),
        ])
    func refusals(_ message: String, _ reason: HTTP1RefusalReason) {
        #expect(refusal(message) == reason)
    }

    @Test("refuses what is larger than a limit, at the limit and not before")
    func limits() {
        let limits = HTTP1Limits(requestLineBytes: 32, headBytes: 120, headerCount: 2, fieldLineBytes: 64)
        func reason(_ message: String) -> HTTP1RefusalReason? {
            guard case .refused(let refusal) = parseRequest(bytes(message), limits: limits).0 else { return nil }
            return refusal.reason
        }
        let line = "GET /" + String(repeating: "a", count: 16) + " HTTP/1.1\r\n"
        #expect(line.utf8.count == 32)
        #expect(reason(line + "Host: a\r\n\r\n") == nil)
        #expect(
            reason("GET /" + String(repeating: "a", count: 17) + " HTTP/1.1\r\nHost: a\r\n\r\n") == .requestLineTooLong)
        #expect(reason("GET /" + String(repeating: "a", count: 99)) == .requestLineTooLong)
        let field = "X: " + String(repeating: "a", count: 59) + "\r\n"
        #expect(reason("GET / HTTP/1.1\r\nHost: a\r\n" + field + "\r\n") == nil)
        #expect(reason("GET / HTTP/1.1\r\nHost: a\r\nb" + field + "\r\n") == .headTooLarge)
        #expect(reason("GET / HTTP/1.1\r\n" + field + field) == .headTooLarge)
        #expect(reason("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nC: d\r\n\r\n") == .tooManyFields)
    }

    @Test("sees garbage behind a request without body before it is forwarded")
    func garbageBehind() {
        func refuses(_ first: String, _ rest: String) -> Bool {
            let message = bytes(first + rest)
            let head = parseRequest(message).1
            return message.withUnsafeBytes { head.judgeRest(of: $0) } != nil
        }
        let get = "GET / HTTP/1.1\r\nHost: a\r\n"
        #expect(refuses(get + "\r\n", "\rZGET / HTTP/1.1\r\n"))
        #expect(refuses(get + "\r\n", "\n"))
        #expect(refuses(get + "\r\n", " "))
        for rest in ["", "\r", "\r\n", "GET /"] { #expect(!refuses(get + "\r\n", rest)) }
        #expect(!refuses(get + "Content-Length: 1\r\n\r\n", "\n"))
        #expect(!refuses(get + "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", "\u{1}"))
        #expect(!refuses("CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", "\u{16}"))
    }

    @Test("passes over up to two empty lines before the request line")
    func emptyLines() {
        #expect(refusal("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n") == nil)
    }

    @Test("keeps no connection open for HTTP/1.0 or after Connection: close")
    func keepAlive() {
        #expect(!parseRequest(bytes("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")).1.allowsKeepAlive)
        #expect(!parseRequest(bytes("GET / HTTP/1.1\r\nHost: a\r\nConnection: x, Close\r\n\r\n")).1.allowsKeepAlive)
        #expect(parseRequest(bytes("GET / HTTP/1.1\r\nHost: a\r\n\r\n")).1.allowsKeepAlive)
    }

    @Test("says the same however the bytes are cut, and reads on after reset")
    func everySplit() {
        let messages = [
            "\r\nPOST http://a.test:81/x;y/../z?q HTTP/1.1\r\nHost: a\r\nX_Y:  1 \t\r\nContent-Length: 12\r\nE:\r\n\r\n",
            "CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\nConnection: foo, close\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: a\rb\r\n\r\n", "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
            "GET / HTTP/3.0\r\n\r\n", "GET /\u{1} HTTP/1.1\r\n\r\n",
        ]
        var parser = HTTP1RequestParser()
        for message in messages.map(bytes) {
            let whole = parseRequest(message)
            for cut in 0...message.count {
                parser.reset()
                var result = message[..<cut].withUnsafeBytes { parser.parse($0) }
                if case .needMore = result { result = message.withUnsafeBytes { parser.parse($0) } }
                #expect(result == whole.0)
                #expect(parser.head.fields.all == whole.1.fields.all)
            }
            parser.reset()
            var result = HTTP1ParseResult.needMore
            for count in 1...message.count where result == .needMore {
                result = message[..<count].withUnsafeBytes { parser.parse($0) }
            }
            #expect(result == whole.0)
        }
    }
}
