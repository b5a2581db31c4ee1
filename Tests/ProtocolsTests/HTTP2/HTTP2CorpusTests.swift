// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

/// The attack corpus, as far as the first header block of a stream can be judged alone. Its header blocks hold literals
/// without Huffman coding only.
@Suite("Attacks over HTTP/2, judged by their heads") struct HTTP2CorpusTests {
    /// The header list of the first HEADERS frame.
    struct FirstHead {
        var list: [(name: [UInt8], value: [UInt8])] = []
        var endStream = false

        init?(_ bytes: [UInt8]) {
            var rest = bytes.dropFirst(24)
            while rest.count >= 9 {
                let header = Array(rest.prefix(9))
                let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
                let payload = Array(rest.dropFirst(9).prefix(length))
                rest = rest.dropFirst(9 + length)
                guard header[3] == 1 else { continue }
                endStream = header[4] & 1 != 0
                guard header[4] & 0x28 == 0 else { return nil }
                guard read(payload) else { return nil }
                return
            }
            return nil
        }

        private mutating func read(_ block: [UInt8]) -> Bool {
            var rest = block[...]
            func string() -> [UInt8]? {
                guard let count = rest.popFirst(), count < 0x7f, rest.count >= count else { return nil }
                defer { rest = rest.dropFirst(Int(count)) }
                return Array(rest.prefix(Int(count)))
            }
            while let kind = rest.popFirst() {
                guard kind == 0, let name = string(), let value = string() else { return false }
                list.append((name, value))
            }
            return true
        }
    }

    /// What is wrong with these is not in the first header list.
    static let judgedElsewhere: Set<String> = [
        "h2-cl-short", "h2-pseudo-in-trailer", "h2-dos-continuation", "h2-dos-madeyoureset",
    ]

    static let cases = Corpus.cases("http-attacks/http2.json").filter {
        $0.mode == "reverse" && $0.group != "h2-frames" && !judgedElsewhere.contains($0.id) && $0.clientBytes != nil
    }

    @Test("judges a case of the corpus as told", arguments: cases)
    func verdict(_ testCase: CorpusCase) throws {
        let head = try #require(testCase.clientBytes.flatMap(FirstHead.init))
        let result = translated(head.list, endStream: head.endStream)
        switch testCase.verdict {
        case "must-reject":
            guard case .failure = result else {
                Issue.record("passed: \(result)")
                return
            }
        case "ok":
            guard case .success = result else {
                Issue.record("refused: \(result)")
                return
            }
        default: break
        }
        switch testCase.id {
        case "h2-cookie-split-ok":
            #expect(try result.get().contains("\r\ncookie: a=b; c=d\r\n"))
        case "h2-authority-host-mismatch": #expect(result == .failure(.authorityMismatch))
        case "h2-spoof-agent": #expect(try result.get().hasPrefix("GET / HTTP/1.1\r\nhost: app.test\r\n"))
        default: break
        }
    }
}
