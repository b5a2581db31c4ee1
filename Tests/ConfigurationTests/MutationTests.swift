// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing
import YettConfiguration

/// Changes good and bad files at random and reads them: whatever comes in, reading ends and says something or works.
@Suite struct MutationTests {
    @Test("survives changed files", arguments: 0..<8)
    func mutations(seed: UInt64) throws {
        var random = Generator(seed: seed)
        let inputs = try GoldenTests.names.map { name in
            let text = try String(contentsOf: GoldenTests.directory.appendingPathComponent(name), encoding: .utf8)
            return Array(text.utf8.prefix(2_000))
        }
        let pieces = [
            "*a", "&a ", "? ", ": ", "[", "]", "{", "}", "\"", "'", "- ", "\n", "\t", "#", "|", ">", "!!", "%",
            "\u{E000}", "é", "<<: ",
        ]
        for _ in 0..<150 {
            var bytes = inputs.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0...bytes.count, using: &random)
                switch Int.random(in: 0...4, using: &random) {
                case 0: if place < bytes.count { bytes.remove(at: place) }
                case 1: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &random) }
                case 2: bytes.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: place)
                case 3:
                    let end = min(bytes.count, place + Int.random(in: 0...40, using: &random))
                    bytes.insert(contentsOf: bytes[place..<end], at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...40, using: &random)))
                }
            }
            let result = GateConfiguration.read(bytes: bytes, file: "f", now: 1)
            #expect((result.configuration == nil) == !result.errors.isEmpty)
            if let configuration = result.configuration {
                let again = GateConfiguration.read(configuration.effectiveText(), file: "f")
                #expect(again.configuration?.effectiveText() == configuration.effectiveText(), "\(again.errors)")
            }
        }
    }

    /// SplitMix64.
    struct Generator: RandomNumberGenerator {
        private var state: UInt64

        init(seed: UInt64) { state = seed &+ 0x5851_F42D_4C95_7F2D }

        mutating func next() -> UInt64 {
            state &+= 0x9e37_79b9_7f4a_7c15
            var value = state
            value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
            value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
            return value ^ value >> 31
        }
    }
}
