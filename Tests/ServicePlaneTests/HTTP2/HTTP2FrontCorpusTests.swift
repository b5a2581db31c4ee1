// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import ServicePlane

/// The attack corpus over HTTP/2, byte for byte. The three large cases are made in `HTTP2AbuseTests`.
@Suite("Attacks over HTTP/2") struct HTTP2FrontCorpusTests {
    struct Case: Decodable, CustomTestStringConvertible {
        var id: String
        var mode: String
        var verdict: String
        var bytes_b64: String?

        var testDescription: String { id }
        var bytes: [UInt8]? { bytes_b64.flatMap { Data(base64Encoded: $0) }.map { Array($0) } }
    }

    private struct File: Decodable {
        var cases: [Case]
    }

    static let cases: [Case] = {
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let path = tests.appendingPathComponent("Conformance/Corpora/http-attacks/http2.json")
        let file = (try? Data(contentsOf: path)).flatMap { try? JSONDecoder().decode(File.self, from: $0) }
        return (file?.cases ?? []).filter { $0.mode == "reverse" && $0.bytes != nil }
    }()

    @Test("the corpus is there")
    func corpus() { #expect(Self.cases.count == 39) }

    @Test("are judged as told, in one piece and in many", arguments: cases, [Int.max, 1, 9])
    func verdict(_ testCase: Case, _ size: Int) throws {
        let bytes = try #require(testCase.bytes)
        let front = try FrontHarness(opens: false)
        for start in stride(from: 0, to: bytes.count, by: min(size, bytes.count)) where front.isOpen {
            front.send(Array(bytes[start..<min(start + min(size, bytes.count), bytes.count)]))
        }
        let answers = try front.answers()
        let events = front.all.flatMap(\.events)
        let isServed = events.contains { if case .end = $0 { true } else { false } }
        let isAnswered = answers.contains {
            if case .headers(_, let list, _) = $0 { list[0] == ":status: 200" } else { false }
        }
        #expect(isServed == isAnswered)
        switch testCase.verdict {
        case "must-reject":
            // Of two messages on a connection the first may be right.
            let allowed = testCase.id == "h2-fr-decreasing-stream" ? 1 : 0
            #expect(events.filter { if case .end = $0 { true } else { false } }.count <= allowed)
            let isRejected = answers.contains {
                switch $0 {
                case .reset, .goAway: true
                case .headers(_, let list, _): list[0] == ":status: 400"
                default: false
                }
            }
            #expect(isRejected || !front.isOpen)
        case "ok": #expect(isServed)
        default: break
        }
        for case .begin(let head) in events { #expect(!head.contains("SMUGGLED")) }
        front.finish()
    }
}
