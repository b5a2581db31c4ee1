// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Protocols

@Suite("Trailers of HTTP/2") struct HTTP2TrailersTests {
    private static func judge(_ list: HeaderList, limits: HTTP1Limits = .standard) -> [HTTP2Trailers.Judgement] {
        var judge = HTTP2Trailers(limits: limits)
        return list.map { name, value in
            Array(name.utf8).withUnsafeBytes { name in
                Array(value.utf8).withUnsafeBytes { judge.judge(name: name, value: $0) }
            }
        }
    }

    @Test("passes fields of the message, and leaves out what only the gate says")
    func passing() {
        #expect(
            Self.judge([("grpc-status", "0"), ("x-t", "1"), ("yett-agent", "a"), ("x-forwarded-for", "b")])
                == [.passes, .passes, .dropped, .dropped])
        #expect(Self.judge([("x-auth-request-user", "root"), ("x_agent_id", "root")]) == [.dropped, .dropped])
    }

    @Test(
        "refuses what decides about framing, routing or the connection",
        arguments: [
            (":path", "/admin", .badPseudoField), ("content-length", "5", .forbiddenTrailer),
            ("host", "evil.test", .forbiddenTrailer), ("transfer-encoding", "chunked", .connectionField),
            ("connection", "close", .connectionField), ("te", "trailers", .forbiddenTrailer),
            ("expect", "100-continue", .forbiddenTrailer), ("X-T", "1", .badFieldName),
            ("x", "a\r\nb: c", .bareCarriageReturn), ("x", " a", .badFieldValue), ("", "a", .badFieldName),
        ] as [(String, String, HTTP1RefusalReason)])
    func refused(_ name: String, _ value: String, _ reason: HTTP1RefusalReason) {
        #expect(Self.judge([(name, value)]) == [.refused(reason)])
    }

    @Test("takes no more than the limits")
    func limits() {
        let limits = HTTP1Limits(headerCount: 2, trailerBytes: 64)
        let three: HeaderList = [("a", "1"), ("b", "2"), ("c", "3")]
        #expect(Self.judge(three, limits: limits) == [.passes, .passes, .refused(.trailerTooLarge)])
        let long = [("a", String(repeating: "x", count: 60))]
        #expect(Self.judge(long, limits: limits) == [.refused(.trailerTooLarge)])
    }
}
