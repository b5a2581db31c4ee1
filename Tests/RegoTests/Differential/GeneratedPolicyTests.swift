// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

/// Policies written at random: the engine answers what the slow evaluator answers.
@Suite struct GeneratedPolicyTests {
    /// `YETT_REGO_SEEDS=1000-200000` compares those policies instead of the few of every run.
    private static let seeds: Range<UInt64> = {
        let bounds = (ProcessInfo.processInfo.environment["YETT_REGO_SEEDS"] ?? "").split(separator: "-")
        guard bounds.count == 2, let first = UInt64(bounds[0]), let last = UInt64(bounds[1]), first < last else {
            return 0..<400
        }
        return first..<last
    }()

    @Test func `answers what the slow evaluator answers`() {
        var compared = 0
        var differences = 0
        for seed in Self.seeds {
            guard let example = GeneratedCase(PolicyGenerator(Choices(seed: seed))) else { continue }
            compared += 1
            guard let difference = example.difference() else { continue }
            Issue.record("seed \(seed):\n\(difference)")
            differences += 1
            if differences > 20 { break }
        }
        print("rego comparison: \(compared) of \(Self.seeds.count) policies compiled, \(differences) differ")
        #expect(compared * 2 > Self.seeds.count, "most policies compile")
    }
}
