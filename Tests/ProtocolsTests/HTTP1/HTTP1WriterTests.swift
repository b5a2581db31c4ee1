// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite struct HTTP1WriterTests {
    @Test("writes origin-form with the judged host and strips what is for one hop")
    func requestHead() {
        let head = forwarded(
            """
            POST http://A.test:80/x/./y?q=1 HTTP/1.1\r
            Host: evil.test\r
            Accept: */*\r
            Connection: close, X-Private\r
            Proxy-Connection: keep-alive\r
            Proxy-Authorization: Bearer secret\r
            Keep-Alive: 5\r
            TE: trailers\r
            Trailer: X\r
            Upgrade: h2c\r
            HTTP2-Settings: AA\r
            x-private: 1\r
            X-Kept:\ta b \r
            Yett-Identity: root\r
            yett_identity: root\r
            Transfer_Encoding: chunked\r
            Content-Length: 3\r
            User-Agent: u\r
            \r

            """)
        #expect(
            head == """
                POST /x/y?q=1 HTTP/1.1\r
                Host: judged.test\r
                Accept: */*\r
                X-Kept: a b\r
                User-Agent: u\r
                Content-Length: 3\r
                \r

                """)
    }

    @Test(
        "keeps claims that the client cannot make from the upstream",
        arguments: [
            "X-Forwarded-For", "x-forwarded-proto", "Forwarded", "X_Forwarded_For", "X-Real-IP", "True-Client-IP",
            "Remote-User", "remote_user", "X-Remote-User", "X-Agent-Id", "X_Agent_Id", "X-Forwarded-Client-Cert",
            "X-Auth-Request-User", "Client-Cert", "SSL-Client-Verify", "X-HTTP-Method-Override", "X-HTTP-Method",
            "X-Method-Override", "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Uri", "X-Host", "Proxy", "X-Yett-Task",
            "YETT-Identity", "Content_Length", "X-Envoy-Original-Path", "Proxy_Authorization",
        ])
    func spoofed(_ name: String) {
        let head = forwarded("GET /a HTTP/1.1\r\nHost: a\r\nA: b\r\n\(name): v\r\nC: d\r\n\r\n")
        #expect(head == "GET /a HTTP/1.1\r\nHost: judged.test\r\nA: b\r\nC: d\r\n\r\n")
    }

    @Test(
        "passes names that only resemble those",
        arguments: ["X-Hosted-By", "Yet", "Remote", "X", "Proxy-Foo", "Teller"])
    func similar(_ name: String) {
        let head = forwarded("GET /a HTTP/1.1\r\nHost: a\r\n\(name): v\r\n\r\n")
        #expect(head?.contains("\(name): v\r\n") == true)
    }

    @Test("keeps framing and Host when Connection nominates them")
    func nominatedFraming() {
        let head = forwarded(
            "POST / HTTP/1.1\r\nHost: a\r\nConnection: content-length, host, cookie\r\nCookie: x\r\nContent-Length: 5\r\n\r\n"
        )
        #expect(head == "POST / HTTP/1.1\r\nHost: judged.test\r\nContent-Length: 5\r\n\r\n")
    }

    @Test("passes a WebSocket offer only when told to and only when it is one")
    func webSocket() {
        let offer =
            "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: k\r\n\r\n"
        #expect(
            forwarded(offer, allowsWebSocket: true)
                == "GET /ws HTTP/1.1\r\nHost: judged.test\r\nSec-WebSocket-Key: k\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
        #expect(forwarded(offer)?.contains("Upgrade") == false)
        let other = "GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"
        #expect(forwarded(other, allowsWebSocket: true)?.contains("Upgrade") == false)
        let unnamed = "GET /ws HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n"
        #expect(forwarded(unnamed, allowsWebSocket: true)?.contains("Upgrade") == false)
    }

    @Test("forwards an expectation only with a body and HTTP/1.1")
    func expectation() {
        let expect = "Expect: 100-continue\r\n"
        #expect(
            forwarded("PUT / HTTP/1.1\r\nHost: a\r\n\(expect)Content-Length: 1\r\n\r\n")?.contains("Expect") == true)
        #expect(
            forwarded("PUT / HTTP/1.0\r\nHost: a\r\n\(expect)Content-Length: 1\r\n\r\n")?.contains("Expect") == false)
        #expect(forwarded("GET / HTTP/1.1\r\nHost: a\r\n\(expect)\r\n")?.contains("Expect") == false)
    }

    @Test("forwards OPTIONS of a whole server in asterisk-form")
    func asterisk() {
        #expect(forwarded("OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n")?.hasPrefix("OPTIONS * HTTP/1.1\r\n") == true)
        #expect(forwarded("GET http://a?b HTTP/1.1\r\nHost: a\r\n\r\n")?.hasPrefix("GET /?b HTTP/1.1\r\n") == true)
    }

    @Test("writes what it would read the same again")
    func fixedPoint() {
        let once = forwarded("GET http://a/%7eb//c?d HTTP/1.1\r\nHost: x\r\nA:b\r\nTransfer-Encoding: Chunked\r\n\r\n")
        #expect(once.flatMap { forwarded($0) } == once)
    }

    @Test("says nil when the buffer is too small, at every size")
    func smallBuffer() {
        let message = bytes("GET / HTTP/1.1\r\nHost: a\r\nA: b\r\nC:d\r\n\r\n")
        let head = parseRequest(message).1
        message.withUnsafeBytes { message in
            let writer = HTTP1RequestWriter(
                host: message[16..<17].isEmpty ? message : .init(rebasing: message[22..<23]))
            var buffer = [UInt8](repeating: 0, count: 200)
            let full = buffer.withUnsafeMutableBytes { writer.write(head, message: message, into: $0) } ?? 0
            #expect(full > 0)
            for size in 0..<full {
                var small = [UInt8](repeating: 0, count: size)
                #expect(small.withUnsafeMutableBytes { writer.write(head, message: message, into: $0) } == nil)
            }
        }
    }
}
