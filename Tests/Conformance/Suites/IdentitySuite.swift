// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Protocols

/// Names, certificates, bundles and tokens: one folder of cases for each.
enum IdentitySuite: Suite {
    static let name = "identity"
    static let corpus: (folder: String, file: String?) = ("identity", nil)

    private static let parts: [(folder: String, run: @Sendable (URL, inout SuiteReport) throws -> Void)] = [
        ("spiffe-id", IdentityNameCases.run), ("workload-api", IdentitySocketCases.run),
        ("x509-svid", IdentityProfileCases.run), ("x509-limbo", IdentityPathCases.run),
        ("bundle", IdentityBundleCases.run), ("wycheproof", IdentityTokenCases.run),
    ]

    static func run(_ url: URL, _ report: inout SuiteReport) throws {
        for part in parts {
            let folder = url.appending(path: part.folder)
            guard FileManager.default.fileExists(atPath: folder.path()) else {
                report.note("\(part.folder) is not there")
                continue
            }
            var counts = SuiteReport(name: name)
            try part.run(folder, &counts)
            report.take(counts, from: part.folder)
        }
    }

    /// Every JSON file of a folder.
    static func documents(in folder: URL) throws -> [JSONValue] {
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
        return try files.map { file in
            try JSONValue(
                parsing: Array(try Data(contentsOf: file)),
                limits: JSONLimits(bytes: 256 << 20, values: 10_000_000, stringBytes: 64 << 20))
        }
    }

    /// Every element of an array member of every document.
    static func cases(in folder: URL, member: String = "cases") throws -> [JSONValue] {
        try documents(in: folder).flatMap { $0[member]?.array ?? [] }
    }
}

/// Names of workloads and trust domains.
enum IdentityNameCases {
    static func run(_ folder: URL, _ report: inout SuiteReport) throws {
        for test in try IdentitySuite.cases(in: folder) {
            guard let input = test["input"]?.string, test["ambiguous"] == nil else { continue }
            report.record(input.debugDescription, IdentityNameJudge.judge(input, test))
        }
    }
}

/// URIs of sockets.
enum IdentitySocketCases {
    static func run(_ folder: URL, _ report: inout SuiteReport) throws {
        for test in try IdentitySuite.cases(in: folder) {
            guard let input = test["input"]?.string, test["ambiguous"] == nil else { continue }
            report.record(input.debugDescription, IdentityNameJudge.judgeSocket(input, test))
        }
    }
}
