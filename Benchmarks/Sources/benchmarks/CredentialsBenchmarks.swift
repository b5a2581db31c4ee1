// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Credentials
import Protocols

/// What every byte of an answer goes through. The goals for 16 KiB are 300 MB/s for text without a secret, whatever its
/// alphabet, and 75 MB/s for text that is made to begin secrets again and again.
enum CredentialsBenchmarks {
    static let all = [
        Benchmark(name: "secrets/prose-16k", goal: 54_000) {
            try scan(Array("The quick brown fox jumps over the lazy dog, and \"quotes\" it at 12:45.\n".utf8))
        },
        Benchmark(name: "secrets/base64-16k", goal: 54_000) { try scan(noise(4099)) },
        Benchmark(name: "secrets/false-starts-16k", goal: 220_000) { try scan(Array(secrets[0].dropLast()) + [0x20]) },
        Benchmark(name: "model/text-event", goal: 12_000) {
            try filter(#"{"choices":[{"index":0,"delta":{"content":" a word or two"},"finish_reason":null}]}"#)
        },
    ]

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// Letters in an order without meaning, always the same.
    private static func noise(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return alphabet[Int(state >> 58)]
        }
    }

    private static let secrets = (1...20).map { noise(48, seed: $0) }

    private static func scan(_ text: [UInt8]) throws -> (Int) -> Void {
        let patterns = try SecretPatterns(secrets)
        var chunk: [UInt8] = []
        while chunk.count < 16_384 { chunk += text }
        chunk = Array(chunk.prefix(16_384))
        var output: [UInt8] = []
        return { times in
            var scanner = SecretScanner(patterns)
            for _ in 0..<times {
                output.removeAll(keepingCapacity: true)
                chunk.withUnsafeBytes { scanner.feed($0, into: &output) }
            }
            blackHole(scanner.hits)
        }
    }

    private static func filter(_ data: String) throws -> (Int) -> Void {
        let event = Array("data: \(data)\n\n".utf8)
        let limits = ModelLimits(stream: EventStreamLimits(streamBytes: .max, events: .max))
        return { times in
            guard var filter = ModelStreamFilter(.chatCompletions, limits: limits) else { return }
            for _ in 0..<times { blackHole(filter.feed(event) { _ in .allow }.bytes.count) }
        }
    }
}
