// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@testable import Protocols

@Suite struct ClientHelloTests {
    /// A vector with a length of `width` bytes.
    static func vector(_ width: Int, _ content: [UInt8]) -> [UInt8] {
        (0..<width).reversed().map { UInt8(truncatingIfNeeded: content.count >> (8 * $0)) } + content
    }

    static func ext(_ type: UInt16, _ content: [UInt8]) -> [UInt8] {
        [UInt8(type >> 8), UInt8(type & 0xff)] + vector(2, content)
    }

    static func serverName(_ names: [UInt8]...) -> [UInt8] {
        ext(0, vector(2, names.flatMap { [0] + vector(2, $0) }))
    }

    static func hello(_ extensions: [[UInt8]]) -> [UInt8] {
        let body =
            [3, 3] + [UInt8](repeating: 7, count: 32) + vector(1, []) + vector(2, [0x13, 0x01]) + vector(1, [0])
            + vector(2, extensions.flatMap { $0 })
        return [1] + vector(3, body)
    }

    static func records(_ message: [UInt8], size: Int = 1 << 14) -> [UInt8] {
        stride(from: 0, to: message.count, by: size).flatMap {
            [0x16, 3, 1] + vector(2, Array(message[$0..<min($0 + size, message.count)]))
        }
    }

    static func parse(_ bytes: [UInt8]) -> ClientHelloResult {
        var parser = ClientHelloParser()
        return bytes.withUnsafeBytes { parser.parse($0) }
    }

    static let good = hello([
        serverName(bytes("Allowed.test")), ext(16, vector(2, vector(1, bytes("h2")) + vector(1, bytes("http/1.1")))),
        ext(43, vector(1, [3, 4, 3, 3])),
    ])

    @Test("reads name, protocols and versions, over records and segments of any size")
    func reads() throws {
        for size in [1 << 14, 100, 7] {
            let bytes = Self.records(Self.good, size: size)
            var parser = ClientHelloParser()
            for count in 1..<bytes.count {
                try #require(bytes[..<count].withUnsafeBytes { parser.parse($0) } == .needMore)
            }
            guard case .hello(let hello) = bytes.withUnsafeBytes({ parser.parse($0) }) else {
                Issue.record("no hello with records of \(size)")
                continue
            }
            #expect(hello.serverName?.description == "allowed.test")
            #expect(hello.applicationProtocols == ["h2", "http/1.1"])
            #expect(hello.versions == [0x0304, 0x0303])
            #expect(!hello.hasEncryptedHello)
        }
    }

    @Test("refuses malformed hellos")
    func malformed() {
        let name = Self.serverName(bytes("a.test"))
        var cases: [[UInt8]] = [
            Self.hello([name, name]), Self.hello([Self.serverName(bytes("a.test"), bytes("b.test"))]),
            Self.hello([Self.serverName([])]), Self.hello([Self.serverName(bytes("a\u{0}.test"))]),
            Self.hello([Self.serverName(bytes("a.test."))]), Self.hello([Self.serverName(bytes("10.0.0.1"))]),
            Self.hello([Self.ext(0, [])]), Self.hello([Self.ext(0, Self.vector(2, []))]),
            Self.hello([Self.ext(0, Self.vector(2, [1] + Self.vector(2, bytes("a.test"))))]),
            Self.hello([Self.ext(0, Self.vector(2, [0] + Self.vector(2, bytes("a.test"))) + [0])]),
            Self.hello([Self.ext(16, Self.vector(2, Self.vector(1, [])))]), Self.hello([Self.ext(41, []), name]),
            Self.hello([Self.ext(43, [3])]), Self.hello([Self.ext(0x1234, []), Self.ext(0x1234, [])]),
            Self.good + [0], [2] + Self.good.dropFirst(),
        ]
        // Cut anywhere it is malformed, but for the end of the part before the extensions, which may be absent.
        let withoutExtensions = 4 + 2 + 32 + 1 + 4 + 2
        for cut in 4..<Self.good.count where cut != withoutExtensions {
            cases.append([1] + Self.vector(3, Array(Self.good[4..<cut])))
        }
        for (index, message) in cases.enumerated() {
            #expect(Self.parse(Self.records(message)) == .refused(.malformed), "case \(index)")
        }
        #expect(Self.parse([0x16, 3, 1, 0, 0]) == .refused(.malformed))
        #expect(Self.parse([0x16, 3, 1, 0x40, 1]) == .refused(.malformed))
        #expect(Self.parse(Self.records(Array(Self.good[..<20])) + [0x17, 3, 3, 0, 1, 0]) == .refused(.malformed))
        #expect(Self.parse(Self.records(Self.good, size: 1)) == .refused(.tooLarge))
        #expect(Self.parse(Self.records([1, 1, 0, 0])) == .refused(.tooLarge))
    }

    @Test(
        "tells other protocols from TLS by their first bytes",
        arguments: ["GET / HTTP/1.1\r\n", "SSH-2.0-x", "\u{5}\u{1}", "\u{16}\u{2}"])
    func notTLS(_ text: String) {
        #expect(Self.parse(bytes(text)) == .refused(.notTLS))
    }

    @Test("judges the name against the tunnel's host")
    func policy() throws {
        func judge(_ extensions: [[UInt8]], _ host: String, allowsEncryptedHello: Bool = false) throws
            -> TLSRefusalReason?
        {
            guard case .hello(let hello) = Self.parse(Self.records(Self.hello(extensions))) else { return .malformed }
            return SNIPolicy.judge(hello, expected: try Host(parsing: host), allowsEncryptedHello: allowsEncryptedHello)
        }
        let name = Self.serverName(bytes("A.test"))
        #expect(try judge([name], "a.TEST") == nil)
        #expect(try judge([name], "b.test") == .serverNameMismatch)
        #expect(try judge([name], "10.0.0.1") == .serverNameMismatch)
        #expect(try judge([], "10.0.0.1") == nil)
        #expect(try judge([], "a.test") == .missingServerName)
        #expect(try judge([name, Self.ext(0xfe0d, [0])], "a.test") == .encryptedHello)
        #expect(try judge([name, Self.ext(0xfe0d, [0])], "a.test", allowsEncryptedHello: true) == nil)
    }

    @Test(
        "judges the shared corpus as told",
        arguments: Corpus.cases("ssrf/tls-sni.json").filter { $0.after_connect_b64 != nil })
    func corpus(_ testCase: CorpusCase) throws {
        let input = try #require(testCase.clientBytes)
        let target = try Endpoint(parsing: testCase.target ?? "")
        var refusal: TLSRefusalReason?
        switch Self.parse(input) {
        case .needMore: Issue.record("incomplete")
        case .refused(let reason): refusal = reason
        case .hello(let hello): refusal = SNIPolicy.judge(hello, expected: target.host, allowsEncryptedHello: false)
        }
        switch testCase.verdict {
        case "must-reject": #expect(refusal != nil)
        case "ok": #expect(refusal == nil)
        default: break
        }
    }

    @Test("survives random mutations")
    func mutations() {
        var generator = SeededGenerator(state: 11)
        let good = Self.records(Self.good, size: 60)
        for _ in 0..<20_000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let cut = Int.random(in: 0...bytes.count, using: &generator)
            var parser = ClientHelloParser()
            var result = bytes[..<cut].withUnsafeBytes { parser.parse($0) }
            if result == .needMore { result = bytes.withUnsafeBytes { parser.parse($0) } }
            #expect(result == Self.parse(bytes))
        }
    }
}
