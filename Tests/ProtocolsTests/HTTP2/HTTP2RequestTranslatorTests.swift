// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

/// A header list in its order.
typealias HeaderList = [(String, String)]

/// What a header list becomes: the bytes of an HTTP/1.1 head that passes the parser, or why it is refused.
func translated(
    _ list: [(name: [UInt8], value: [UInt8])], endStream: Bool = true, limits: HTTP1Limits = .standard,
    schemes: HTTP2Schemes = .all
) -> Result<String, HTTP1RefusalReason> {
    var translator = HTTP2RequestTranslator(limits: limits, schemes: schemes)
    // What an earlier request left behind must not show.
    for (name, value) in [(":method", "PUT"), (":path", "/earlier"), ("cookie", "a=b"), ("content-length", "1")] {
        translator.add(name: Array(name.utf8), value: Array(value.utf8))
    }
    translator.reset()
    for (name, value) in list { translator.add(name: name, value: value) }
    if let reason = translator.finish(endStream: endStream) { return .failure(reason) }
    switch parseRequest(translator.message, limits: limits).0 {
    case .complete(translator.message.count): return .success(String(decoding: translator.message, as: UTF8.self))
    case .refused(let refusal): return .failure(refusal.reason)
    default: return .failure(.truncated)
    }
}

func translated(
    _ list: HeaderList, endStream: Bool = true, limits: HTTP1Limits = .standard, schemes: HTTP2Schemes = .all
) -> Result<String, HTTP1RefusalReason> {
    translated(
        list.map { (Array($0.0.utf8), Array($0.1.utf8)) }, endStream: endStream, limits: limits, schemes: schemes)
}

extension HTTP2RequestTranslator {
    mutating func add(name: [UInt8], value: [UInt8]) {
        name.withUnsafeBytes { name in value.withUnsafeBytes { add(name: name, value: $0) } }
    }
}

@Suite("Requests of HTTP/2 as heads of HTTP/1") struct HTTP2RequestTranslatorTests {
    static let pseudo: HeaderList = [
        (":method", "GET"), (":scheme", "https"), (":path", "/a?b=c"), (":authority", "app.test:8443"),
    ]
    static let line = "GET /a?b=c HTTP/1.1\r\nhost: app.test:8443\r\n"

    /// The request of ``pseudo`` with one of its fields replaced, or left out.
    static func replacing(_ name: String, _ value: String?) -> HeaderList {
        pseudo.compactMap { field in field.0 == name ? value.map { (name, $0) } : field }
    }

    @Test("writes a head that means the same")
    func heads() {
        #expect(translated(Self.pseudo) == .success(Self.line + "\r\n"))
        #expect(
            translated(Self.pseudo + [("accept", "*/*"), ("x-empty", ""), ("te", "trailers")])
                == .success(Self.line + "accept: */*\r\nx-empty: \r\nte: trailers\r\n\r\n"))
        #expect(
            translated([(":authority", "app.test"), (":path", "/"), (":scheme", "http"), (":method", "GET")])
                == .success("GET / HTTP/1.1\r\nhost: app.test\r\n\r\n"))
        #expect(
            translated([(":method", "OPTIONS"), (":scheme", "https"), (":path", "*"), ("host", "app.test")])
                == .success("OPTIONS * HTTP/1.1\r\nhost: app.test\r\n\r\n"))
        #expect(
            translated(Self.pseudo + [("x", "caf\u{e9}"), ("y", "a\tb")])
                == .success(Self.line + "x: caf\u{e9}\r\ny: a\tb\r\n\r\n"))
    }

    @Test("frames a body that follows")
    func bodies() {
        let post = Self.replacing(":method", "POST")
        let line = "POST /a?b=c HTTP/1.1\r\nhost: app.test:8443\r\n"
        #expect(translated(post, endStream: false) == .success(line + "transfer-encoding: chunked\r\n\r\n"))
        #expect(
            translated(post + [("content-length", "5")], endStream: false)
                == .success(line + "content-length: 5\r\n\r\n"))
        #expect(
            translated(post + [("content-length", "0")], endStream: true)
                == .success(line + "content-length: 0\r\n\r\n"))
        #expect(translated(post + [("content-length", "5")], endStream: true) == .failure(.badContentLength))
    }

    @Test("joins the crumbs of cookies")
    func cookies() {
        let list = Self.pseudo + [("cookie", "a=b"), ("accept", "*/*"), ("cookie", ""), ("cookie", "c=d; e=f")]
        #expect(translated(list) == .success(Self.line + "accept: */*\r\ncookie: a=b; c=d; e=f\r\n\r\n"))
    }

    @Test("takes a host field that says what the authority says")
    func sameHost() {
        #expect(translated(Self.pseudo + [("host", "APP.test:8443")]) == .success(Self.line + "\r\n"))
        #expect(translated(Self.pseudo + [("host", "app.test")]) == .failure(.authorityMismatch))
        #expect(translated(Self.pseudo + [("host", "app.test:8443."), ("a", "b")]) == .failure(.authorityMismatch))
        let twice: HeaderList = [("host", "app.test:8443"), ("host", "app.test:8443")]
        #expect(translated(Self.pseudo + twice) == .failure(.duplicateHost))
        #expect(translated(Self.replacing(":authority", nil) + twice) == .failure(.duplicateHost))
        #expect(translated(Self.replacing(":authority", nil)) == .failure(.missingHost))
    }

    @Test(
        "refuses pseudo-header fields that are missing, repeated, unknown or out of place",
        arguments: [
            replacing(":method", nil), replacing(":scheme", nil), replacing(":path", nil), [],
            pseudo + [(":method", "GET")], pseudo + [(":authority", "app.test:8443")], pseudo + [(":path", "/")],
            pseudo + [(":scheme", "https")], pseudo + [(":status", "200")], pseudo + [(":test", "x")],
            pseudo + [(":protocol", "websocket")], pseudo + [("", "x"), (":path", "/")], pseudo + [(":", "x")],
            [("accept", "*/*")] + pseudo, replacing(":path", nil) + [("a", "b"), (":path", "/")],
            [(":Method", "GET")] + pseudo,
        ] as [HeaderList])
    func pseudoFields(_ list: HeaderList) {
        guard case .failure(let reason) = translated(list) else {
            Issue.record("passed")
            return
        }
        #expect([.badPseudoField, .badFieldName].contains(reason))
    }

    @Test(
        "refuses what would be another request line",
        arguments: [
            (":method", "", .badMethod), (":method", "GET /SMUGGLED HTTP/1.1\r\nHost: x\r\n\r\nGET", .badMethod),
            (":method", "GET ", .badMethod), (":method", "G\u{0}T", .badMethod), (":method", "GÉT", .badMethod),
            (":method", "CONNECT", .connectNotOffered), (":scheme", "", .badScheme), (":scheme", "HTTPS", .badScheme),
            (":scheme", "ftp", .badScheme), (":scheme", "http://evil.test/x?", .badScheme), (":path", "", .badTarget),
            (":path", "a", .badTarget), (":path", "*", .badTarget), (":path", "http://evil.test/", .badTarget),
            (":path", "/ HTTP/1.1\r\nx: y", .badTarget), (":path", "/a b", .badTarget), (":path", "/\u{0}", .badTarget),
            (":path", "/a#b", .badPath), (":path", "/%zz", .badPath), (":path", "/a\\b", .badPath),
            (":path", "/é", .badTarget), (":authority", "", .badAuthority),
            (":authority", "user@app.test", .userInformation), (":authority", "app.test\r\nx: y", .badAuthority),
            (":authority", "app.test/x", .badHost), (":authority", "app test", .badAuthority),
            (":authority", "app.test:0", .badHost), (":authority", "app.test:99999", .badHost),
        ] as [(String, String, HTTP1RefusalReason)])
    func requestLine(_ name: String, _ value: String, _ reason: HTTP1RefusalReason) {
        #expect(translated(Self.replacing(name, value)) == .failure(reason))
    }

    @Test("takes the scheme of the connection only, if told so")
    func schemes() {
        #expect(translated(Self.pseudo, schemes: .http) == .failure(.badScheme))
        #expect(translated(Self.pseudo, schemes: .https) == .success(Self.line + "\r\n"))
        #expect(translated(Self.replacing(":scheme", "http"), schemes: .http) == .success(Self.line + "\r\n"))
        #expect(translated(Self.pseudo, schemes: []) == .failure(.badScheme))
    }

    @Test(
        "refuses fields that HTTP/2 must not have, and bytes that HTTP/1 cannot carry",
        arguments: [
            ("connection", "close", .connectionField), ("connection", "x-a", .connectionField),
            ("keep-alive", "timeout=5", .connectionField), ("proxy-connection", "keep-alive", .connectionField),
            ("transfer-encoding", "chunked", .connectionField), ("transfer-encoding", "", .connectionField),
            ("upgrade", "h2c", .connectionField), ("te", "trailers, deflate", .connectionField),
            ("te", "Trailers", .connectionField), ("te", "", .connectionField),
            ("Accept", "a", .badFieldName), ("x y", "a", .badFieldName), ("x\r\ny", "a", .badFieldName),
            ("x:", "a", .badFieldName), ("é", "a", .badFieldName), ("x\u{0}", "a", .badFieldName),
            ("x", "a\r\nb: c", .bareCarriageReturn), ("x", "a\nb: c", .bareLineFeed), ("x", "a\u{0}b", .nulByte),
            ("x", "\r", .bareCarriageReturn), ("x", "a\u{7f}", .badFieldValue), ("x", "\u{1b}[0m", .badFieldValue),
            ("x", " a", .badFieldValue), ("x", "a ", .badFieldValue), ("x", "\ta", .badFieldValue),
            ("x", "a\t", .badFieldValue), ("x", " ", .badFieldValue), ("x", "a\u{fffd}", .badFieldValue),
            ("content-length", "5x", .badContentLength), ("content-length", "+5", .badContentLength),
            ("content-length", "-0", .badContentLength), ("content-length", "05", .badContentLength),
            ("content-length", "", .badContentLength), ("content-length", "5,5", .badContentLength),
            ("content-length", "99999999999999999999", .badContentLength), ("expect", "miracles", .unknownExpectation),
        ] as [(String, String, HTTP1RefusalReason)])
    func fields(_ name: String, _ value: String, _ reason: HTTP1RefusalReason) {
        let list = Self.replacing(":method", "POST")
        #expect(translated(list + [(name, value)], endStream: false) == .failure(reason))
        #expect(translated(list + [("a", "b"), (name, value), ("c", "d")], endStream: false) == .failure(reason))
    }

    @Test("refuses a length that is told twice, and a body where there must be none")
    func lengths() {
        let post = Self.replacing(":method", "POST")
        for second in ["5", "6"] {
            let list = post + [("content-length", "5"), ("content-length", second)]
            #expect(translated(list, endStream: false) == .failure(.duplicateContentLength))
        }
        #expect(translated(Self.replacing(":method", "TRACE"), endStream: false) == .failure(.traceBody))
    }

    @Test("never writes a byte of one field outside of its line", arguments: 0...255)
    func everyByte(_ byte: Int) {
        let byte = UInt8(byte)
        let pseudo = Self.pseudo.map { (name: Array($0.0.utf8), value: Array($0.1.utf8)) }
        for (name, value) in [([0x78], [0x61, byte, 0x62]), ([0x78, byte, 0x79], [0x61])] as [([UInt8], [UInt8])] {
            var translator = HTTP2RequestTranslator()
            for field in pseudo { translator.add(name: field.name, value: field.value) }
            translator.add(name: name, value: value)
            guard translator.finish(endStream: true) == nil else { continue }
            let (result, head) = parseRequest(translator.message)
            #expect(result == .complete(byteCount: translator.message.count))
            let field = head.fields.all.last
            let parsed = translator.message.withUnsafeBytes { message in
                field.map { (Array($0.name.slice(of: message)), Array($0.value.slice(of: message))) }
            }
            #expect(parsed?.0 == name && parsed?.1 == value && head.fields.all.count == 2)
        }
        for index in 0..<4 {
            var list = pseudo
            list[index].value.insert(byte, at: 1)
            guard case .success(let head) = translated(list) else { continue }
            #expect(head.split(separator: "\r\n", omittingEmptySubsequences: false).count == 4)
            #expect(head.split(separator: "\r\n")[0].split(separator: " ").count == 3)
        }
    }

    @Test("keeps no more than the limits")
    func limits() {
        let limits = HTTP1Limits(headBytes: 1024, headerCount: 8)
        let long = String(repeating: "a", count: 600)
        #expect(translated(Self.pseudo + [("x", long), ("y", long)], limits: limits) == .failure(.headTooLarge))
        #expect(
            translated(Self.pseudo + [("cookie", long), ("cookie", long)], limits: limits) == .failure(.headTooLarge))
        #expect(translated(Self.replacing(":path", "/" + long + long), limits: limits) == .failure(.headTooLarge))
        #expect(
            translated(Self.pseudo + (0..<5).map { ("x\($0)", "") }, limits: limits) == .failure(.tooManyFields))
        let path = "/" + String(repeating: "a", count: 9000)
        #expect(translated(Self.replacing(":path", path)) == .failure(.requestLineTooLong))
    }
}
