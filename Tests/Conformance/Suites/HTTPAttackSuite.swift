// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Foundation
import GateSupport
import Resolver

/// Hostile HTTP/1.1 bytes on the forward proxy's listener.
enum HTTPAttackSuite: Suite {
    static let name = "http-attacks"
    static let corpus: (folder: String, file: String?) = ("http-attacks", "http1.json")

    /// The names that the corpus allows on its forward proxy.
    private static let policy = CorpusCase.Policy(allow: nil, allowHosts: ["allowed.test"], ports: [80, 443])

    static func run(_ url: URL, _ report: inout SuiteReport) async throws {
        for test in try CorpusFile(try Data(contentsOf: url)).cases {
            if test.mode == "forward" {
                report.record(test.id, try await failure(of: test))
            } else {
                report.skip(needing: "the service plane")
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
