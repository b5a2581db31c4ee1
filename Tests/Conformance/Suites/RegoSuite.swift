// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import PolicyBundle
import Rego

/// The language: evaluation, mistakes that a compiler finds, layout. One file per category of cases.
enum RegoSuite: Suite {
    static let name = "rego"
    static let corpus: (folder: String, file: String?) = ("rego", nil)
    /// Categories that ask a resolver of the machine.
    static let passedOver = ["netlookupipaddr"]

    static func run(_ url: URL, _ report: inout SuiteReport) throws {
        SystemTimeZones.use()
        let files = try FileManager.default.contentsOfDirectory(at: url, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "json" }.sorted { $0.lastPathComponent < $1.lastPathComponent }
        if files.isEmpty { report.record("corpus", "\(url.path()) has no cases") }
        for file in files { try run(file: file, &report) }
    }

    private static func run(file: URL, _ report: inout SuiteReport) throws {
        let category = file.deletingPathExtension().lastPathComponent
        let heap = Heap()
        defer { withExtendedLifetime(heap) {} }
        let root = try JSONReader(heap: heap, limits: .corpus).read(Array(try Data(contentsOf: file)))
        let judge = RegoJudge(heap: heap)
        for test in root.member(heap.string("cases")).elements {
            guard !passedOver.contains(category) else {
                report.skip(needing: "a resolver")
                continue
            }
            report.record(test.member(heap.string("id")).string, judge.judge(test, category: category))
        }
    }
}
