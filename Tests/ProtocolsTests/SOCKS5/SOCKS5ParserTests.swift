// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@testable import Protocols

@Suite struct SOCKS5ParserTests {
    static func inRequest() -> SOCKS5Parser {
        var parser = SOCKS5Parser()
        _ = ([5, 1, 0] as [UInt8]).withUnsafeBytes { parser.read($0) }
        parser.select(.none)
        return parser
    }

    static func request(_ bytes: [UInt8]) -> SOCKS5Parser.Event {
        var parser = inRequest()
        return bytes.withUnsafeBytes { parser.read($0) }
    }

    @Test("reads greeting, credentials and request, byte by byte")
    func dialogue() throws {
        let greeting: [UInt8] = [5, 2, 0, 2]
        let credentials: [UInt8] = [1, 1] + bytes("u") + [6] + bytes("secret")
        let request: [UInt8] = [5, 1, 0, 3, 6] + bytes("a.test") + [1, 187]
        var parser = SOCKS5Parser()
        func last(_ message: [UInt8]) -> SOCKS5Parser.Event {
            for count in 0..<message.count {
                #expect(message[..<count].withUnsafeBytes { parser.read($0) } == .needMore)
            }
            return (message + [9]).withUnsafeBytes { parser.read($0) }
        }
        #expect(last(greeting) == .greeting(offersNone: true, offersPassword: true, consumed: 4))
        parser.select(.password)
        #expect(
            last(credentials)
                == .credentials(user: ByteRange(2, 3), password: ByteRange(4, 10), consumed: credentials.count))
        #expect(parser.isInRequest)
        #expect(last(request) == .connect(try Endpoint(parsing: "a.test:443"), consumed: request.count))
    }

    @Test("takes literal addresses as such")
    func literals() throws {
        #expect(
            Self.request([5, 1, 0, 1, 10, 0, 0, 1, 0, 80])
                == .connect(try Endpoint(parsing: "10.0.0.1:80"), consumed: 10))
        let v6: [UInt8] = [5, 1, 0, 4] + [UInt8](repeating: 0, count: 15) + [1, 0, 80]
        #expect(Self.request(v6) == .connect(try Endpoint(parsing: "[::1]:80"), consumed: 22))
        let text: [UInt8] = [5, 1, 0, 3, 8] + bytes("10.0.0.1") + [0, 80]
        #expect(Self.request(text) == .connect(try Endpoint(parsing: "10.0.0.1:80"), consumed: text.count))
    }

    @Test(
        "turns away what is not offered",
        arguments: [
            ([4, 1, 0], SOCKS5Refusal.badVersion), ([5, 2, 0], .unsupportedCommand), ([5, 3, 0], .unsupportedCommand),
            ([5, 1, 1], .malformed), ([5, 1, 0, 2], .unsupportedAddressType), ([5, 1, 0, 3, 0, 0, 80], .malformed),
            ([5, 1, 0, 3, 1, 97, 0, 0], .malformed), ([5, 1, 0, 3, 3, 97, 0, 98, 0, 80], .malformed),
            ([5, 1, 0, 3, 5, 91, 58, 58, 49, 93, 0, 80], .malformed), ([5, 1, 0, 3, 3, 58, 58, 49, 0, 80], .malformed),
            ([5, 1, 0, 3, 2, 48, 49, 0, 80], .malformed),
        ] as [([UInt8], SOCKS5Refusal)])
    func refusals(_ bytes: [UInt8], _ refusal: SOCKS5Refusal) {
        #expect(Self.request(bytes) == .refused(refusal))
    }

    @Test("refuses other greetings and empty credentials")
    func greetings() {
        var parser = SOCKS5Parser()
        #expect(([4] as [UInt8]).withUnsafeBytes { parser.read($0) } == .refused(.badVersion))
        #expect(([5, 1, 0] as [UInt8]).withUnsafeBytes { parser.read($0) } == .refused(.badVersion))
        parser = SOCKS5Parser()
        #expect(([5, 0] as [UInt8]).withUnsafeBytes { parser.read($0) } == .refused(.noMethods))
        for message in [[1, 0], [1, 1, 97, 0]] as [[UInt8]] {
            parser = SOCKS5Parser()
            _ = ([5, 1, 2] as [UInt8]).withUnsafeBytes { parser.read($0) }
            parser.select(.password)
            #expect(message.withUnsafeBytes { parser.read($0) } == .refused(.badCredentials))
        }
    }

    @Test("writes replies")
    func replies() {
        #expect(SOCKS5Reply.notAllowed.message == [5, 2, 0, 1, 0, 0, 0, 0, 0, 0])
        #expect(SOCKS5Reply.selection(nil) == [5, 0xff])
        #expect(SOCKS5Reply.selection(.password) == [5, 2])
        #expect(SOCKS5Reply.authentication(succeeded: false) == [1, 1])
    }
}
