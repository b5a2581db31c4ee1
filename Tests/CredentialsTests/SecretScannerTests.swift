// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Testing

@testable import Credentials

@Suite struct SecretScannerTests {
    static let patterns =
        (try? SecretPatterns([Array(Spelling.secret.utf8)], includesReversed: true)) ?? SecretPatterns()

    /// Feeds a text in pieces.
    static func scan(_ pieces: [[UInt8]], _ patterns: SecretPatterns = patterns) -> (output: [UInt8], hits: Int) {
        var scanner = SecretScanner(patterns)
        var output: [UInt8] = []
        for piece in pieces {
            output += scanner.feed(piece)
            #expect(scanner.heldBytes < max(patterns.longest, 1))
        }
        return (output + scanner.end(), scanner.hits)
    }

    @Test(arguments: Spelling.all)
    func `finds every spelling, wherever the stream is cut`(_ spelling: Spelling) {
        let (before, after) = (bytes("data: {\"echo\": \"x"), bytes("y\"}\n"))
        let stream = before + spelling.bytes + after
        let expected = before + [UInt8](repeating: 0x2a, count: spelling.bytes.count) + after
        for cut in 0...stream.count {
            let (output, hits) = Self.scan([Array(stream[..<cut]), Array(stream[cut...])])
            #expect(output == expected && hits == 1, "cut at \(cut)")
        }
        let (output, hits) = Self.scan(stream.map { [$0] })
        #expect(output == expected && hits == 1)
    }

    @Test(arguments: 0..<6)
    func `finds a secret inside of Base64 at any distance`(_ before: Int) throws {
        let clear = [UInt8](repeating: 0x41, count: before) + Array(Spelling.secret.utf8) + bytes("tail")
        let encoded = Array(Data(clear).base64EncodedString().utf8)
        let (output, hits) = Self.scan([encoded])
        #expect(hits == 1)
        let left = Data(base64Encoded: Data(output.map { $0 == 0x2a ? 0x41 : $0 })) ?? Data()
        for length in 3..<Spelling.secret.utf8.count {
            #expect(left.range(of: Data(Spelling.secret.utf8.prefix(length).suffix(3))) == nil)
        }
    }

    @Test func `passes clean text on at once and unchanged`() {
        var scanner = SecretScanner(Self.patterns)
        let clean = bytes("data: {\"choices\":[{\"delta\":{\"content\":\"A perfectly ordinary sentence. \"}}]}\n\n")
        for _ in 0..<100 {
            #expect(scanner.feed(clean) == clean)
            #expect(scanner.heldBytes == 0)
        }
        #expect(scanner.hits == 0)
        #expect(scanner.end().isEmpty)
    }

    @Test func `gives back at the end what did not become a secret`() {
        let begun = Array(Spelling.secret.utf8.dropLast())
        var scanner = SecretScanner(Self.patterns)
        #expect(scanner.feed(begun).isEmpty)
        #expect(scanner.heldBytes == begun.count)
        #expect(scanner.end() == begun)
        #expect(scanner.hits == 0)
        #expect(scanner.end().isEmpty)
        // What was given back begins nothing any more.
        let last = Array(Spelling.secret.utf8.suffix(1))
        #expect(scanner.feed(last) + scanner.end() == last)
        #expect(scanner.hits == 0)
    }

    @Test func `counts neighbours apart and overlaps once`() throws {
        let patterns = try SecretPatterns([bytes("abcdabcd"), bytes("cdabcdzz")])
        let (twice, hits) = Self.scan([bytes("abcdabcdabcdabcd!")], patterns)
        #expect(text(twice) == "****************!")
        #expect(hits == 1)
        let (apart, apartHits) = Self.scan([bytes("abcdabcdcdabcdzz!")], patterns)
        #expect(text(apart) == "****************!")
        #expect(apartHits == 2)
        let (overlap, overlapHits) = Self.scan([bytes("-abcdabcdzz-")], patterns)
        #expect(text(overlap) == "-**********-")
        #expect(overlapHits == 1)
    }

    @Test func `finds a secret behind a false start of it`() throws {
        let patterns = try SecretPatterns([bytes("aaaaaaaaab")])
        let (output, hits) = Self.scan([bytes("aaaaaaaaaaaaaaaab")], patterns)
        #expect(text(output) == "aaaaaaa**********")
        #expect(hits == 1)
    }

    @Test func `finds the secret that another one begins with`() throws {
        let patterns = try SecretPatterns([bytes("tokentoken"), bytes("tokentokenandmore"), bytes("kentokenan")])
        #expect(text(Self.scan([bytes("=tokentokenandmor=")], patterns).output) == "=************dmor=")
        #expect(text(Self.scan([bytes("=tokentokenandmore=")], patterns).output) == "=*****************=")
    }

    @Test func `does what a naive search does`() throws {
        var generator = Seeded(state: 7)
        for round in 0..<300 {
            // A small alphabet, so that beginnings, repetitions and overlaps are frequent.
            let letters = Array("ab%2".utf8)
            func random(_ count: Int, _ generator: inout Seeded) -> [UInt8] {
                (0..<count).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }
            }
            let secrets = (0..<Int.random(in: 1...3, using: &generator)).map { _ in
                random(Int.random(in: 8...10, using: &generator), &generator)
            }
            let patterns = try SecretPatterns(secrets, includesReversed: round.isMultiple(of: 2))
            var stream = random(Int.random(in: 0...120, using: &generator), &generator)
            for secret in secrets {
                let spelling = Array(SecretForm.all(of: secret, includesReversed: false)).randomElement(
                    using: &generator)
                stream.insert(
                    contentsOf: (spelling ?? []).prefix(Int.random(in: 6...70, using: &generator)),
                    at: Int.random(in: 0...stream.count, using: &generator))
            }
            var pieces: [[UInt8]] = []
            var rest = stream[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...min(20, rest.count), using: &generator)
                pieces.append(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
            }
            #expect(Self.scan(pieces, patterns).output == naive(stream, secrets, round.isMultiple(of: 2)))
        }
    }

    private func naive(_ stream: [UInt8], _ secrets: [[UInt8]], _ includesReversed: Bool) -> [UInt8] {
        var output = stream
        for form in secrets.flatMap({ SecretForm.all(of: $0, includesReversed: includesReversed) })
        where form.count <= stream.count {
            for start in 0...(stream.count - form.count) where stream[start..<(start + form.count)].elementsEqual(form)
            {
                for index in start..<(start + form.count) { output[index] = 0x2a }
            }
        }
        return output
    }

    @Test func `has no false alarm on text of the alphabets it looks for`() throws {
        var generator = Seeded(state: 11)
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/%\\u".utf8)
        let noise = (0..<400_000).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] }
        let secrets = (0..<50).map { _ in
            (0..<40).map { _ in letters[Int.random(in: 0..<62, using: &generator)] }
        }
        let patterns = try SecretPatterns(secrets)
        let (output, hits) = Self.scan(
            stride(from: 0, to: noise.count, by: 1000).map { Array(noise[$0..<($0 + 1000)]) }, patterns)
        #expect(hits == 0)
        #expect(output == noise)
    }

    @Test func `keeps what a short text becomes in one piece`() {
        let (value, hits) = Self.patterns.redact(bytes("Basic " + Spelling.secret + ";"))
        #expect(text(value) == "Basic " + String(repeating: "*", count: Spelling.secret.utf8.count) + ";")
        #expect(hits == 1)
    }

    @Test func `refuses secrets that ordinary text holds, and more than the limits`() throws {
        #expect(throws: SecretPatternError.tooShort(index: 1)) {
            try SecretPatterns([bytes("12345678"), bytes("1234567")])
        }
        #expect(throws: SecretPatternError.tooLong(index: 0)) {
            try SecretPatterns([bytes("123456789")], limits: SecretLimits(secretBytes: 8))
        }
        #expect(throws: SecretPatternError.tooManySecrets) {
            try SecretPatterns([bytes("12345678"), bytes("abcdefgh")], limits: SecretLimits(secrets: 1))
        }
        #expect(throws: SecretPatternError.tooManyStates) {
            try SecretPatterns([bytes("12345678")], limits: SecretLimits(states: 100))
        }
        let long = try SecretPatterns([(0..<4096).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }])
        #expect(long.stateCount < 4096 * 60)
        #expect(long.longest == 4096 * 6)
    }

    @Test func `shows nothing of the secrets`() throws {
        let patterns = try SecretPatterns([bytes("hunter2hunter2")])
        #expect("\(patterns)" == "SecretPatterns(1 secrets)")
        var shown = ""
        dump(patterns, to: &shown)
        #expect(!shown.contains("104"))
        #expect(!"\(SecretPatternError.tooShort(index: 3))".contains("hunter"))
    }

    @Test func `passes everything on without secrets`() throws {
        let patterns = try SecretPatterns([])
        #expect(Self.scan([bytes("abc"), [], bytes("def")], SecretPatterns()).output == bytes("abcdef"))
        #expect(Self.scan([bytes("abc"), [], bytes("def")], patterns).output == bytes("abcdef"))
    }
}
