// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport

/// Destinations: names, addresses, redirects, URL spellings.
enum SSRFSuite: Suite {
    static let name = "ssrf"
    static let corpus: (folder: String, file: String?) = ("ssrf", "ssrf.json")

    static func run(_ url: URL, _ report: inout SuiteReport) async throws {
        let file = try CorpusFile(try Data(contentsOf: url))
        for test in file.cases { try await DestinationCase(test, file.defaultPolicy).run(&report) }
    }
}

/// What is written into a tunnel after it was accepted.
enum ServerNameSuite: Suite {
    static let name = "tls-sni"
    static let corpus: (folder: String, file: String?) = ("ssrf", "tls-sni.json")

    static func run(_ url: URL, _ report: inout SuiteReport) async throws {
        let file = try CorpusFile(try Data(contentsOf: url))
        for test in file.cases { try await DestinationCase(test, file.defaultPolicy).run(&report) }
    }
}
