// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@Suite("Conformance", .serialized) struct ConformanceTests {
    static let selected: [String] = {
        let wanted = ProcessInfo.processInfo.environment["YETT_CONFORMANCE_SUITE"] ?? ""
        return allSuites.map { $0.name }.filter { wanted.isEmpty || wanted == $0 }
    }()

    @Test("every case of the corpus is judged as it says", arguments: selected)
    func runs(_ name: String) async throws {
        let suite = try #require(allSuites.first { $0.name == name })
        var report = SuiteReport(name: name)
        switch CorpusLocation().find(suite.corpus.folder, suite.corpus.file) {
        case .found(let url):
            try await suite.run(url, &report)
        case .passedOver(let why):
            report.note("not run: \(why)")
        case .missing(let why):
            report.record("corpus", why)
        }
        try ReportFile.append(report.lines)
        for what in report.unmet { Issue.record("\(name): \(what)") }
        if report.isJudgedAsWhole { return }
        for failure in report.failures { Issue.record("\(name): \(failure.id): \(failure.why)") }
    }
}
