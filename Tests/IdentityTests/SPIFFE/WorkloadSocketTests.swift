// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing

@Suite struct WorkloadSocketTests {
    @Test(
        "takes absolute paths and addresses",
        arguments: [
            ("unix:///run/yett/agent.sock", "unix:///run/yett/agent.sock"), ("unix:/run/a", "unix:///run/a"),
            ("unix:///run/with%20space", "unix:///run/with space"), ("tcp://127.0.0.1:8081", "tcp://127.0.0.1:8081"),
            ("tcp://[::1]:1", "tcp://[::1]:1"), ("UNIX:///a", "unix:///a"),
        ])
    func accepts(_ text: String, _ description: String) throws {
        #expect(try WorkloadSocket(parsing: text).description == description)
    }

    @Test(
        "says what is wrong",
        arguments: [
            ("", .scheme), ("blah", .scheme), ("http://127.0.0.1:1", .scheme), ("unix:relative", .path),
            ("unix://", .path), ("unix:///", .path), ("unix://host/path", .authority), ("unix:///a?b", .query),
            ("unix:///a#b", .fragment), ("unix:///a%0", .path), ("unix:///a%00", .path), ("unix:///a%ff", .path),
            ("unix:///a b", .notAURI), ("tcp:127.0.0.1:1", .authority), ("tcp://127.0.0.1", .port),
            ("tcp://127.0.0.1:0", .port), ("tcp://127.0.0.1:65536", .port), ("tcp://127.0.0.1:+1", .port),
            ("tcp://localhost:1", .address), ("tcp://::1:1", .address), ("tcp://[::1]", .address),
            ("tcp://[127.0.0.1]:1", .address),
            ("tcp://a@127.0.0.1:1", .authority), ("tcp://127.0.0.1:1/", .path), ("tcp://", .port),
            ("unix:///" + String(repeating: "a", count: 107), .pathTooLong),
        ] as [(String, WorkloadSocketError)])
    func refuses(_ text: String, _ error: WorkloadSocketError) {
        #expect(throws: error) { try WorkloadSocket(parsing: text) }
    }
}
