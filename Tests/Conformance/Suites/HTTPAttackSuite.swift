// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import Resolver

/// Hostile bytes on the listeners of the forward proxy and of the service proxy.
enum HTTPAttackSuite: Suite {
    static let name = "http-attacks"
    static let corpus: (folder: String, file: String?) = ("http-attacks", "http1.json")

    /// The names that the corpus allows on its forward proxy.
    private static let policy = CorpusCase.Policy(allow: nil, allowHosts: ["allowed.test"], ports: [80, 443])

    static func run(_ url: URL, _ report: inout SuiteReport) async throws {
        let multiplexed = url.deletingLastPathComponent().appendingPathComponent("http2.json")
        let cases =
            try CorpusFile(try Data(contentsOf: url)).cases + CorpusFile(try Data(contentsOf: multiplexed)).cases
        for test in cases {
            if test.mode == "forward" {
                report.record(test.id, try await failure(of: test))
            } else {
                report.record(test.id, try await ReverseAttackCases.failure(of: test))
            }
        }
    }

    private static func failure(of test: CorpusCase) async throws -> String? {
        guard let bytes = try test.bytes.map({ Array($0) }) ?? test.compressedBytes.map(Gzip.expand) else {
            return "the case has no bytes"
        }
        let upstream = CaseUpstream.start(test)
        defer { upstream.stop() }
        let grants = try CaseGate.grants(policy)
        return try await withGate(CaseGate.options(test, grants: grants, upstream: upstream)) { gate in
            let socket = try gate.connect()
            defer { socket.close() }
            let hello = ClientHelloBytes(name: "allowed.test").bytes
            let attempt = Attempt.http(bytes, hello: hello, writeSizes: [], on: socket)
            return CaseJudge(
                test: test, attempts: [attempt], dials: gate.dials.dials, queries: try gate.script.queryCount,
                judgedHost: try await gate.decisions().last?.text("host"), upstream: upstream.text
            ).failure
        }
    }
}
