// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

/// The shared attack corpus, as far as a parser alone can judge it.
@Suite struct HTTP1CorpusTests {
    /// Refused by policy, not by syntax, or only when the upstream or the WebSocket layer takes part.
    static let judgedElsewhere: Set<String> = [
        "cn-denied", "cn-early-data-denied", "cn-host-mismatch-2", "cn-port-25", "abs-host-mismatch-2",
        "spoof-x-forwarded-uri",
    ]

    static let cases = Corpus.cases("http-attacks/http1.json")
    static let requests = cases.filter {
        !["response", "websocket"].contains($0.group) && !judgedElsewhere.contains($0.id) && $0.clientBytes != nil
            && $0.upstreamBytes == nil
    }

    /// Whether every message in the bytes passes.
    static func passes(_ input: [UInt8]) -> Bool {
        var rest = input[...]
        while !rest.isEmpty {
            let (result, head) = parseRequest(Array(rest))
            guard case .complete(let count) = result else {
                if case .needMore = result { return true }
                return false
            }
            rest = rest.dropFirst(count)
            let body = BodyReading(Array(rest), framing: head.framing, pieces: 7)
            guard body.isDone else { return false }
            rest = rest.suffix(body.rest)
        }
        return true
    }

    @Test("judges a case of the corpus as told", arguments: requests)
    func verdict(_ testCase: CorpusCase) throws {
        let input = try #require(testCase.clientBytes)
        switch testCase.verdict {
        case "must-reject": #expect(!Self.passes(input))
        case "ok": #expect(Self.passes(input))
        default: break
        }
    }

    @Test("decides on the path the corpus names", arguments: requests.filter { $0.expect?.policy_path != nil })
    func policyPath(_ testCase: CorpusCase) throws {
        let input = try #require(testCase.clientBytes)
        let expected = try #require(testCase.expect?.policy_path)
        let (result, head) = parseRequest(input)
        guard case .complete = result else {
            #expect(testCase.verdict != "ok")
            return
        }
        let path = input.withUnsafeBytes { head.path.decisionText(in: $0) }
        #expect(path == expected.split(separator: " ").first.map(String.init))
    }

    @Test(
        "refuses a response that the corpus forbids",
        arguments: cases.filter { $0.id.hasPrefix("rs-") && $0.upstreamBytes != nil })
    func response(_ testCase: CorpusCase) throws {
        let input = try #require(testCase.upstreamBytes)
        let (result, head) = parseResponse(input)
        var exchange = HTTP1Exchange(method: testCase.id == "rs-head-body" ? .head : .get, clientVersion: .http11)
        switch testCase.id {
        case "rs-101-unasked": #expect(exchange.judge(head) == .refused(HTTP1Refusal(.unexpectedSwitch, in: .response)))
        case "rs-te-cl":
            #expect(result == .refused(HTTP1Refusal(.transferEncodingAndContentLength, in: .response)))
        case "rs-bad-chunk":
            let body = BodyReading(Array(input[head.byteCount...]), framing: .chunked, pieces: 3)
            #expect(body.refusal == .badChunk)
        case "rs-head-body": #expect(exchange.judge(head) == .final(framing: .none, reusable: true))
        case "rs-short-body":
            let body = BodyReading(Array(input[head.byteCount...]), framing: .contentLength(10), pieces: 3)
            #expect(body.refusal == .truncated)
        default: break
        }
    }
}
