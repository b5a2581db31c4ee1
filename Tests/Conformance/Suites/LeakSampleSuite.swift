// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import LeakDetection
import Protocols

/// Samples of secrets and of what only looks like them, judged with the rule file beside them, and the texts of benign
/// agents, in which nothing must be found.
///
/// A benign sample was made for one rule, so the suite holds as a whole when the rates are kept.
enum LeakSampleSuite: Suite {
    static let name = "dlp"
    static let corpus: (folder: String, file: String?) = ("dlp", nil)

    static func run(_ url: URL, _ report: inout SuiteReport) async throws {
        let rules = try read(url, "gitleaks-rules.json")
        let samples = try read(url, "gitleaks-samples.json")["samples"]?.array ?? []
        let fromFile = try LeakMatcher(ruleFiles: [LeakRuleFile(rules)], usesBuiltInRules: false)
        let all = try LeakMatcher(ruleFiles: [LeakRuleFile(rules)])
        var secrets = (found: 0, count: 0)
        var benign = (found: 0, own: 0, builtIn: 0, count: 0)
        for (number, sample) in samples.enumerated() {
            guard let rule = sample["rule"]?.string, let kind = sample["kind"]?.string,
                let encoded = sample["text_b64"]?.string, let text = Data(base64Encoded: encoded)
            else { continue }
            let id = "\(rule)-\(number)"
            if kind.utf8.elementsEqual("secret".utf8) {
                secrets.count += 1
                let isFound = !all.inspect([UInt8](text)).findings.isEmpty
                if isFound { secrets.found += 1 }
                report.record(id, isFound ? nil : "is not found")
            } else {
                benign.count += 1
                let findings = fromFile.inspect([UInt8](text)).findings
                let isOwn = findings.contains { $0.name.utf8.elementsEqual(rule.utf8) }
                if !findings.isEmpty { benign.found += 1 }
                if !all.inspect([UInt8](text)).findings.isEmpty { benign.builtIn += 1 }
                if isOwn { benign.own += 1 }
                report.record(id, isOwn ? "is found by its own rule" : nil)
            }
        }
        report.note("\(secrets.found) of \(secrets.count) secrets found")
        report.note(
            "\(benign.own) of \(benign.count) others flagged by their own rule, \(benign.found) by any rule of the file"
        )
        // They take an example in a document for what it looks like, and are not meant to tell the two apart.
        report.note("\(benign.builtIn) of them flagged when the built-in rules, which take examples for real, are used")
        report.demand(
            secrets.count > 0 && secrets.found * 100 >= secrets.count * 97, "at least 97 % of the secrets are found")
        report.demand(benign.own * 100 <= benign.count * 3, "at most 3 % of the others are flagged")
        try traces(url.deletingLastPathComponent(), all, &report)
    }

    private static func read(_ url: URL, _ name: String) throws -> JSONValue {
        try JSONValue(parsing: [UInt8](Data(contentsOf: url.appending(path: name))))
    }

    /// Everything that benign agents sent and received. A corpus that is absent is passed over; these are others' corpora.
    private static func traces(_ root: URL, _ matcher: LeakMatcher, _ report: inout SuiteReport) throws {
        var texts: [JSONValue] = []
        for path in [
            "agentdojo/banking.json", "agentdojo/workspace.json", "agent-traces/tau-bench-airline-gpt-4o.json",
        ] {
            let url = root.appending(path: path)
            guard FileManager.default.fileExists(atPath: url.path()) else { continue }
            let document = try JSONValue(parsing: [UInt8](Data(contentsOf: url)))
            texts += document["sessions"]?.array ?? []
            texts += document["user_tasks"]?.array ?? []
            texts += document["outputs"]?.array ?? document["outputs"]?.object?.members.map(\.value) ?? []
        }
        var count = 0
        for text in texts {
            // Numbers of accounts are what the banking tasks are about: found, and rightly.
            let findings = matcher.inspect(arguments: text).findings.filter { $0.kind != .financial }
            count += findings.count
            for finding in findings { report.note("benign text: \(finding)") }
        }
        report.note("\(texts.count) texts of benign agents, \(count) findings")
        report.demand(count == 0, "nothing is found in what benign agents say")
    }
}
