// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import NIOCore
import Testing
import Transport

/// What is held back of which body, and what codes it.
@Suite struct HoldingTests {
    @Test(
        "events and lines are read as they come, calls of gRPC wait for nothing, and everything else for a window",
        arguments: [
            ("text/event-stream", "events"), ("Text/Event-Stream; charset=utf-8", "events"),
            ("application/grpc", "nothing"), ("application/grpc+proto", "nothing"),
            ("application/x-ndjson", "lines"), ("application/jsonl;x=y", "lines"),
            ("application/geo+json-seq", "lines"), ("application/stream+json", "lines"),
            ("application/json", "window"), ("text/html; charset=ndjson", "window"), ("", "window"),
        ])
    func types(_ type: String, _ expected: String) {
        #expect("\(LeakStream.Holding(contentType: type))" == expected)
        #expect("\(LeakStream.Holding(contentType: nil))" == "window")
    }

    @Test(
        "the coding of a body is what its head says, and unknown where the head is none",
        arguments: [
            ("Content-Encoding: gzip\r\n", "gzip"), ("CONTENT-ENCODING:BR\r\n", "br"),
            ("Content-Encoding: identity\r\n", nil), ("Accept: */*\r\n", nil),
            ("Content-Encoding: identity\r\ncontent-encoding: zstd\r\n", "zstd"), ("no field\r\n", "unknown"),
        ] as [(String, String?)])
    func codings(_ fields: String, _ expected: String?) {
        let head = ByteBuffer(string: "POST /a HTTP/1.1\r\nHost: a.test\r\n\(fields)\r\n")
        #expect(WrittenHead.contentCoding(of: head) == expected)
    }
}
