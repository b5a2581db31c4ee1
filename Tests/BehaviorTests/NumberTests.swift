// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Behavior

@Suite("Fixed-point numbers") struct NumberTests {
    @Test(
        "binary logarithms are rounded down to 16 bits",
        arguments: [
            (0, 0), (1, 0), (2, 65_536), (3, 103_872), (10, 217_705), (437, 574_848), (1000, 653_117),
            (41_000, 1_004_230), (1 << 40, 40 << 16), (.max, 4_194_303),
        ] as [(UInt64, Int64)])
    func binaryLogarithm(_ value: UInt64, _ expected: Int64) { #expect(Binary.log2(value) == expected) }

    @Test("logarithms grow with their argument")
    func monotone() {
        var generator = SplitMix64(1)
        for _ in 0..<20_000 {
            let value = generator.next() >> (generator.next() % 63)
            #expect(Binary.log2(value) <= Binary.log2(value &+ 1 == 0 ? value : value + 1))
        }
    }

    @Test(
        "natural logarithms are the binary ones times ln 2",
        arguments: [(2, 45_426), (1000, 452_705), (41_000, 696_077)] as [(UInt64, Int64)])
    func naturalLogarithm(_ value: UInt64, _ expected: Int64) { #expect(Binary.ln(value) == expected) }

    @Test("square roots are rounded down")
    func squareRoot() {
        var generator = SplitMix64(2)
        for value in [0, 1, 2, 3, 4, 8, 9, 15, 16, 1 << 62, .max] + (0..<5000).map({ _ in generator.next() }) {
            let root = Binary.squareRoot(value)
            #expect(root.multipliedFullWidth(by: root) <= (0, value))
            #expect((root + 1).multipliedFullWidth(by: root + 1) > (0, value))
        }
    }

    @Test("numbers for people have one decimal")
    func text() {
        #expect(Binary.text(112_118) == "1.7" && Binary.text(65_536) == "1" && Binary.text(0) == "0")
        #expect(Binary.text(-65_536 * 3 / 2) == "-1.5")
        #expect(Binary.text(thousandths: 2_100) == "2.1" && Binary.text(thousandths: 149) == "0.1")
        #expect(Binary.text(thousandths: 150) == "0.2" && Binary.text(thousandths: 10_000) == "10")
    }

    @Test("the spread of numbers is their median and median deviation")
    func spread() {
        #expect(Spread(of: []) == nil)
        #expect(Spread(of: [7]) == Spread(median: 7, deviation: 0))
        #expect(Spread(of: [1, 2, 3, 4, 1000]) == Spread(median: 3, deviation: 1))
        #expect(Spread(of: [4, 1, 3, 2]) == Spread(median: 2, deviation: 1))
        #expect(Spread(median: 0, deviation: 10_000).scale(atLeast: 1) == 14_826)
        #expect(Spread(median: 0, deviation: 1).scale(atLeast: 500) == 500)
        #expect(Spread.quantile(Array(1...100), 99, of: 100) == 99)
        #expect(Spread.quantile(Array(1...200), 99, of: 100) == 198)
        #expect(Spread.quantile([5], 99, of: 100) == 5)
    }

    @Test("nine tenths of honest numbers cannot be outvoted")
    func robust() throws {
        let honest = (0..<90).map { Int64(1000 + $0 % 10) }
        let poisoned = try #require(Spread(of: honest + Array(repeating: 1 << 40, count: 10)))
        #expect((1000...1010).contains(poisoned.median) && poisoned.deviation <= 5)
    }

    @Test("names from outside can do nothing to a terminal")
    func visible() {
        #expect(VisibleText.quoted("a\"b\\c\n\u{202e}é") == #""a\"b\\c\u{a}\u{202e}\u{e9}""#)
        #expect(VisibleText.quoted(String(repeating: "x", count: 10_000)).utf8.count == 85)
        #expect(VisibleText.quoted(String(repeating: "\u{1f600}", count: 10_000)).utf8.count < 100)
    }
}
