// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Manifests

@Suite struct LabelAllocatorTests {
    static let names = [
        "support-bot", "Support-Bot", "support_bot", "support.bot", "SUPPORT-BOT", "-", "--", "", "a", "A", "é",
        "e\u{301}",
        "x\ny", "x\"y", String(repeating: "a", count: 64), String(repeating: "a", count: 65), "a-", "-a", "1", "true",
        "support-bot-0123abcd", String(repeating: "-", count: 70), "../../etc", "a/b", "a%b", "\u{0}",
    ]

    @Test("makes a DNS label of every name, a different one for each")
    func labels() {
        var allocator = LabelAllocator(prefix: "agent-")
        let labels = Self.names.map { allocator.label(for: $0) }
        for label in labels {
            #expect(ClusterName(label) != nil, "\(label)")
            #expect(label.hasPrefix("agent-"))
        }
        #expect(Set(labels).count == Self.names.count)
        #expect(labels.first == "agent-support-bot")
    }

    @Test("gives a name the same label again")
    func stable() {
        var allocator = LabelAllocator()
        let first = allocator.label(for: "Support_Bot")
        #expect(allocator.label(for: "Support_Bot") == first)
    }

    @Test("tells names apart whose bytes differ and whose characters are equal")
    func canonicalEquivalence() {
        var allocator = LabelAllocator()
        #expect(allocator.label(for: "é") != allocator.label(for: "e\u{301}"))
    }

    @Test("does not give a name the marked label of another, whichever comes first")
    func squatting() {
        var probe = LabelAllocator()
        let marked = probe.label(for: "Support_Bot")
        var first = LabelAllocator()
        #expect(first.label(for: marked) != first.label(for: "Support_Bot"))
        var second = LabelAllocator()
        #expect(second.label(for: "Support_Bot") != second.label(for: marked))
    }

    @Test(
        "refuses namespaces and labels of pods that a cluster would",
        arguments: ["", "-a", "a-", "A", "a.b", "a_b", "a\n", "é", String(repeating: "a", count: 64)])
    func namespaces(text: String) {
        #expect(ClusterName(text) == nil)
    }

    @Test(
        "reads labels of pods strictly",
        arguments: [
            ("app=agent", true), ("yett.test/agent=yes_1", true), ("app=", true), ("=a", false), ("app", false),
            ("app=a b", false), ("app=a\n", false), ("a/b/c=d", false), ("A.test/x=y", false), ("app=-a", false),
            ("app={}", false), ("app=\(String(repeating: "a", count: 64))", false),
        ])
    func podLabels(text: String, isGood: Bool) {
        #expect((PodLabel(text) != nil) == isGood)
    }
}
