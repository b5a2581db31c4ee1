// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import EgressPlane
import Foundation
import GateSupport

/// A gate in front of a real web server, as the tests of real programs use it.
enum PeerGate {
    /// The names that are granted.
    static let names = ["allowed.test", "other.test"]

    /// Runs `body` with a gate whose granted names lead to nginx.
    static func run(
        _ change: (inout GateOptions) throws -> Void = { _ in },
        _ body: (GateHarness, NginxServer) async throws -> Void
    ) async throws {
        let server = try await NginxServer(names: names)
        var options = GateOptions(grants: [try Grant.test("allowed.test", "other.test")])
        server.lead(&options)
        try change(&options)
        try await withGate(options) { gate in try await body(gate, server) }
    }

    /// The environment of a program whose only way out is the gate.
    static func environment(_ gate: GateHarness, _ server: NginxServer) -> [String: String] {
        let proxy = "http://127.0.0.1:\(gate.port)"
        return [
            "HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "http_proxy": proxy, "https_proxy": proxy, "NO_PROXY": "",
            "SSL_CERT_FILE": server.authorityFile, "REQUESTS_CA_BUNDLE": server.authorityFile,
            "CURL_CA_BUNDLE": server.authorityFile, "GIT_SSL_CAINFO": server.authorityFile, "GIT_TERMINAL_PROMPT": "0",
        ]
    }

    /// Bytes that look like nothing in particular.
    static func noise(_ count: Int) -> [UInt8] {
        var state: UInt64 = 0x9e37_79b9_7f4a_7c15
        return (0..<count).map { _ in
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }
}
