// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@Suite struct NameBudgetTests {
    private let budget = NameBudget()

    @Test("tells ordinary names from encoded data, and prints how well")
    func rates() {
        let refused = NameSamples.ordinary.filter { !budget.judge(labels: $0.utf8).isWithin }
        let passed = NameSamples.encoded.filter { budget.judge(labels: $0.utf8).isWithin }
        print(
            "name budget: false positives \(refused.count) of \(NameSamples.ordinary.count),"
                + " false negatives \(passed.count) of \(NameSamples.encoded.count)")
        #expect(NameSamples.ordinary.count >= 60 && NameSamples.encoded.count >= 60)
        #expect(refused.count * 50 <= NameSamples.ordinary.count, "refused: \(refused)")
        #expect(passed.isEmpty, "passed: \(passed)")
    }

    /// What random bytes of the given number reach, in each encoding: the share that is refused, in percent.
    @Test(
        "refuses random keys in every encoding",
        arguments: [
            ("abcdefghijklmnopqrstuvwxyz234567", 26, 98), ("0123456789abcdef", 32, 100), ("0123456789", 39, 100),
            ("0123456789abcdefghijklmnopqrstuvwxyz", 25, 98), ("abcdefghijklmnopqrstuvwxyz", 28, 95),
        ])
    func randomKeys(alphabet: String, length: Int, percent: Int) {
        var numbers = SplitMix(state: 7)
        let alphabet = Array(alphabet.utf8)
        var refused = 0
        for _ in 0..<1000 {
            let label = (0..<length).map { _ in alphabet[Int(numbers.next() % UInt64(alphabet.count))] }
            if !budget.judge(labels: label).isWithin { refused += 1 }
        }
        #expect(refused >= percent * 10, "\(refused) of 1000 keys of \(length) characters")
    }

    @Test("adds up what is split over labels, hyphens and underscores", arguments: [".", "-", "_", "."])
    func splitting(separator: String) {
        let key = "qutjqulpu0zpre5on0vyqu1qteu"
        for size in 1...14 {
            let bytes = Array(key.utf8)
            let parts = stride(from: 0, to: bytes.count, by: size).map {
                String(decoding: bytes[$0..<min($0 + size, bytes.count)], as: UTF8.self)
            }
            #expect(!budget.judge(labels: parts.joined(separator: separator).utf8).isWithin)
        }
    }

    @Test("keeps the limits of labels, bytes and bits")
    func limits() {
        #expect(budget.judge(labels: "a.b.c.d.e.f.g.h".utf8).isWithin)
        #expect(budget.judge(labels: "a.b.c.d.e.f.g.h.i".utf8) == .exceeded(.labels(limit: 8)))
        let small = NameBudget(maximumLabels: 1, maximumBytes: 10, maximumBits: 20)
        #expect(small.judge(labels: "aaaaaaaaaaa".utf8) == .exceeded(.bytes(limit: 10)))
        guard case .exceeded(let excess) = small.judge(labels: "9f8e7d6c".utf8), case .bits(_, limit: 20) = excess
        else {
            Issue.record("within")
            return
        }
        #expect(excess.description.contains("20 are permitted"))
    }

    @Test("a long name without information is within the budget")
    func repetition() {
        let label = String(repeating: "a", count: 60)
        #expect(budget.judge(labels: label.utf8).isWithin)
        #expect(budget.judge(labels: [label, label].joined(separator: ".").utf8).isWithin)
        #expect(
            budget.judge(labels: [label, label, label].joined(separator: ".").utf8) == .exceeded(.bytes(limit: 128)))
    }

    @Test("upper case spends like lower case")
    func cases() {
        #expect(!budget.judge(labels: "QUTJQULPU0ZPRE5ON0VYQU1QTEU".utf8).isWithin)
    }

    @Test("judges only what a wildcard stands for")
    func patterns() throws {
        let wild = try HostPattern(parsing: "*.wild.test")
        let exact = try HostPattern(parsing: "qutjqulpu0zpre5on0vyqu1qteu.wild.test")
        let host = try Host(parsing: "qutjqulpu0zpre5on0vyqu1qteu.wild.test")
        #expect(!budget.judge(host, grantedBy: wild).isWithin)
        #expect(budget.judge(host, grantedBy: exact) == .within(bits: 0))
        #expect(try budget.judge(Host(parsing: "d111111abcdef8.wild.test"), grantedBy: wild).isWithin)
        #expect(try budget.judge(Host(parsing: "other.test"), grantedBy: wild) == .within(bits: 0))
    }
}

/// A small deterministic generator (SplitMix64).
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
