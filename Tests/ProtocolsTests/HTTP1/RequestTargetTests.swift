// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@testable import Protocols

@Suite struct RequestTargetTests {
    static func endpoint(_ request: String) -> Endpoint? {
        let message = bytes(request)
        let (result, head) = parseRequest(message)
        guard case .complete = result else { return nil }
        return message.withUnsafeBytes { try? head.target.endpoint(in: $0) }
    }

    @Test(
        "names the destination of a request",
        arguments: [
            ("GET http://Allowed.test/ HTTP/1.1", "allowed.test:80"), ("GET HTTP://a.test:81?x HTTP/1.1", "a.test:81"),
            ("CONNECT a.test:443 HTTP/1.1", "a.test:443"), ("CONNECT [2001:db8::1]:443 HTTP/1.1", "[2001:db8::1]:443"),
            ("GET http://192.0.2.1:8080/ HTTP/1.1", "192.0.2.1:8080"), ("GET http://a.test./ HTTP/1.1", "a.test:80"),
        ])
    func destinations(_ line: String, _ expected: String) {
        #expect(Self.endpoint(line + "\r\nHost: x\r\n\r\n")?.description == expected)
    }

    @Test(
        "names none where the host is none",
        arguments: [
            "GET / HTTP/1.1", "OPTIONS * HTTP/1.1", "GET http://0x7f.1/ HTTP/1.1", "GET http://2130706433/ HTTP/1.1",
            "GET http://127.1/ HTTP/1.1", "GET http://0177.0.0.1/ HTTP/1.1", "GET http://a..b/ HTTP/1.1",
            "GET http://[::1/ HTTP/1.1", "GET http://[::1]x/ HTTP/1.1", "GET http://[::1%25eth0]/ HTTP/1.1",
            "GET http://a%2eb/ HTTP/1.1", "GET http://a:80:80/ HTTP/1.1", "GET http://a@b/ HTTP/1.1",
            "GET http://a#@b/ HTTP/1.1", "GET http://a\\@b/ HTTP/1.1", "GET http:a HTTP/1.1", "GET http:/a HTTP/1.1",
            "GET //a HTTP/1.1", "CONNECT /a:1 HTTP/1.1", "CONNECT a:1/ HTTP/1.1", "CONNECT a:65536 HTTP/1.1",
            "CONNECT a: HTTP/1.1", "CONNECT :1 HTTP/1.1", "CONNECT * HTTP/1.1", "GET javascript:a HTTP/1.1",
        ])
    func nowhere(_ line: String) {
        #expect(Self.endpoint(line + "\r\nHost: x\r\n\r\n") == nil)
    }

    @Test(
        "passes every target that the shared corpus calls good",
        arguments: Corpus.cases("ssrf/ssrf.json").filter {
            $0.verdict == "ok" && ["absolute-form", "connect"].contains($0.via) && $0.target != nil
        })
    func corpus(_ testCase: CorpusCase) throws {
        let target = try #require(testCase.target)
        let method = testCase.via == "connect" ? "CONNECT" : "GET"
        #expect(Self.endpoint("\(method) \(target) HTTP/1.1\r\nHost: x\r\n\r\n") != nil, "\(target)")
    }
}
