// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport

/// Destinations: names, addresses, redirects, URL spellings.
enum SSRFSuite: Suite {
    static let name = "ssrf"
    static let corpus = (folder: "ssrf", file: "ssrf.json")

    static func run(_ data: Data, _ report: inout SuiteReport) async throws {
        let file = try CorpusFile(data)
        for test in file.cases { try await DestinationCase(test, file.defaultPolicy).run(&report) }
    }
}

/// What is written into a tunnel after it was accepted.
enum ServerNameSuite: Suite {
    static let name = "tls-sni"
    static let corpus = (folder: "ssrf", file: "tls-sni.json")

    static func run(_ data: Data, _ report: inout SuiteReport) async throws {
        let file = try CorpusFile(data)
        for test in file.cases { try await DestinationCase(test, file.defaultPolicy).run(&report) }
    }
}
