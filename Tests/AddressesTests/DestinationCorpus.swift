// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// The cases of `ssrf/ssrf.json` that speak of names and addresses alone.
struct DestinationCorpus: Decodable {
    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        struct Policy: Decodable, Sendable { let allow: String? }

        let id: String
        let group: String
        let verdict: String
        let target: String
        let policy: Policy?
        let dns: [String: [[String]]]?

        var testDescription: String { id }
    }

    let cases: [Case]

    static let groups: Set<String> = ["allowlist-match", "dns", "exfil", "ip4", "ip6"]

    /// The corpus of the directory that `YETT_CONFORMANCE_DIR` names, or of `../shared/conformance` or the copy in the
    /// tests; empty when there is none.
    static func load() -> [Case] {
        let tests = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent()
        let root = tests.deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["YETT_CONFORMANCE_DIR"].map { [URL(fileURLWithPath: $0)] }
        let directories =
            named ?? [tests.appending(path: "Conformance/Corpora"), root.appending(path: "../shared/conformance")]
        for directory in directories {
            guard let data = try? Data(contentsOf: directory.appending(path: "ssrf/ssrf.json")),
                let corpus = try? JSONDecoder().decode(DestinationCorpus.self, from: data)
            else { continue }
            return corpus.cases
        }
        print("destination corpus: not found, no case run")
        return []
    }
}
