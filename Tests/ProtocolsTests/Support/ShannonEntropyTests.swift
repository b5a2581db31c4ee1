// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Testing

@Suite struct ShannonEntropyTests {
    @Test("entropy is that of the formula, in thousandths of a bit")
    func entropy() {
        #expect(ShannonEntropy.milliBits([]) == 0)
        #expect(ShannonEntropy.milliBits(Array("aaaa".utf8)) == 0)
        #expect(ShannonEntropy.milliBits(Array("abab".utf8)) == 1000)
        #expect(ShannonEntropy.milliBits(Array(UInt8.min...UInt8.max)) == 8000)
        // 0.75 * log2(4/3) + 0.25 * 2
        #expect((810...811).contains(ShannonEntropy.milliBits(Array("aaab".utf8))))
    }

    @Test("what a payload can carry is its length times its entropy")
    func payload() {
        #expect(ShannonEntropy.bits(of: []) == 0)
        #expect(ShannonEntropy.bits(of: Array(repeating: 65, count: 10_000)) == 0)
        #expect(ShannonEntropy.bits(of: Array("aabb".utf8)) == 4)
        #expect(ShannonEntropy.bits(of: Array(UInt8.min...UInt8.max)) == 2048)
        // Two thirds and one third: 3 × 0.9183 bits, rounded down.
        #expect(ShannonEntropy.bits(of: Array("aab".utf8)) == 2)
    }
}
