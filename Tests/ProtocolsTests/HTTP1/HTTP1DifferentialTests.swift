// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

/// The parser against ``ReferenceHead`` on mutated requests.
@Suite struct HTTP1DifferentialTests {
    static let seeds = [
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "\r\nPOST http://a.test:80/b?c HTTP/1.1\r\nHost: a.test\r\nContent-Length: 10\r\nX:  y \r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\nProxy-Authorization: Bearer x\r\n\r\n",
        "PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close, te\r\nExpect: 100-continue\r\n\r\n",
        "GET / HTTP/1.0\r\nContent-Length: 0\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: [::1]:80\r\nA_b:\r\n\r\n",
    ].map(bytes)

    static let pieces = [
        "\r", "\n", "\r\n", "\r\n\r\n", " ", "\t", ":", ",", "\u{0}", "Host: b\r\n", "Content-Length: 1\r\n",
        "HTTP/1.1", "0",
        "Transfer-Encoding: chunked\r\n", "Transfer_Encoding: x\r\n", "Connection: a\r\n", "/", "é", "Expect: x\r\n",
        "\u{7f}",
    ].map(bytes)

    /// Reasons that the reference does not know: they come from the target, the host's shape or a limit.
    static let outside: Set<HTTP1RefusalReason> = [
        .badTarget, .badPath, .badQuery, .badScheme, .userInformation, .badAuthority, .badPort, .badHost,
        .methodTooLong,
    ]

    static func mutate(_ generator: inout SeededGenerator) -> [UInt8] {
        var message = seeds.randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 0...3, using: &generator) {
            let place = Int.random(in: 0...message.count, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: message.insert(contentsOf: pieces.randomElement(using: &generator) ?? [], at: place)
            case 1 where place < message.count: message.remove(at: place)
            case 2 where place < message.count: message[place] = UInt8.random(in: 0...255, using: &generator)
            case 3 where place < message.count:
                let end = Int.random(in: place...message.count, using: &generator)
                message.insert(contentsOf: message[place..<end], at: place)
            default: break
            }
        }
        return message
    }

    @Test("agrees with the reference, in one piece and byte by byte", arguments: 0..<8)
    func agrees(_ seed: Int) {
        var generator = SeededGenerator(state: UInt64(seed))
        var passed = 0
        var parser = HTTP1RequestParser()
        for _ in 0..<3000 {
            let message = Self.mutate(&generator)
            let (result, head) = parseRequest(message)
            let text = String(decoding: message, as: UTF8.self)
            switch result {
            case .complete(let count):
                passed += 1
                let reference = ReferenceHead(Array(message[..<count]))
                #expect(reference != nil, "\(text)")
                message.withUnsafeBytes { raw in
                    #expect(reference?.method == Array(head.methodRange.slice(of: raw)))
                    #expect(reference?.target == Array(head.targetRange.slice(of: raw)))
                    #expect(
                        reference?.fields
                            == head.fields.all.map { [Array($0.name.slice(of: raw)), Array($0.value.slice(of: raw))] })
                }
            case .refused(let refusal):
                if !Self.outside.contains(refusal.reason) {
                    #expect(ReferenceHead(message) == nil, "\(refusal.code) \(text)")
                }
            case .needMore: #expect(ReferenceHead(message) == nil, "\(text)")
            }
            parser.reset()
            var slow = HTTP1ParseResult.needMore
            for end in 0...message.count where slow == .needMore {
                slow = message[..<end].withUnsafeBytes { parser.parse($0) }
            }
            #expect(slow == result, "\(text)")
        }
        #expect(passed > 300)
    }

    @Test("forwards heads that it would read the same again", arguments: 0..<4)
    func fixedPoint(_ seed: Int) {
        var generator = SeededGenerator(state: UInt64(100 + seed))
        for _ in 0..<3000 {
            let message = String(decoding: Self.mutate(&generator), as: UTF8.self)
            guard !message.hasPrefix("CONNECT"), !message.contains("\u{FFFD}"), let once = forwarded(message) else {
                continue
            }
            #expect(forwarded(once) == once, "\(message)")
        }
    }
}
