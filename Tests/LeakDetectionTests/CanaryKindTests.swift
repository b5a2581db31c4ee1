// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import LeakDetection
import Testing

/// Credentials that open nothing.
@Suite struct CanaryKindTests {
    private static func make(_ kind: CanaryKind) -> Canary {
        var generator = SystemRandomNumberGenerator()
        return kind.make(using: &generator)
    }

    @Test("no two are the same, and each can be looked for", arguments: CanaryKind.allCases)
    func unique(kind: CanaryKind) throws {
        let canaries = (0..<200).map { _ in Self.make(kind) }
        #expect(Set(canaries.flatMap(\.marks)).count == canaries.flatMap(\.marks).count)
        let canary = try #require(canaries.first)
        let matcher = try LeakMatcher(
            secrets: canary.marks.map { RegisteredSecret(canary: "trap", bytes: Array($0.utf8), owner: "bot") },
            usesBuiltInRules: false)
        for mark in canary.marks {
            #expect(canary.text.contains(mark))
            for text in [mark, Data(mark.utf8).base64EncodedString(), String(mark.reversed())] {
                #expect(matcher.inspect("x \(text) y").findings.contains { $0.kind == .canary }, "\(text)")
            }
        }
    }

    @Test(
        "it is known by its form, like what it looks like",
        arguments: [CanaryKind.aws, .github, .openai, .stripe, .slack, .postgres, .pem])
    func form(kind: CanaryKind) throws {
        let matcher = try LeakMatcher()
        for _ in 0..<50 {
            let canary = Self.make(kind)
            #expect(matcher.inspect(canary.text).findings.contains { $0.kind == .credential }, "\(canary.text)")
        }
    }

    @Test("a token of GitHub bears the right checksum")
    func checksum() throws {
        let matcher = try LeakMatcher()
        for _ in 0..<50 {
            let findings = matcher.inspect(Self.make(.github).text).findings
            #expect(findings.contains { $0.name == "github-token-checked" })
        }
    }

    @Test("a private key is the number of one in the form that programs read")
    func privateKey() throws {
        let text = try #require(Self.make(.pem).fields.first?.value)
        let lines = text.split(separator: "\n")
        #expect(lines.first == "-----BEGIN PRIVATE KEY-----" && lines.last == "-----END PRIVATE KEY-----")
        let bytes = Array(try #require(Data(base64Encoded: lines.dropFirst().dropLast().joined())))
        #expect(bytes.count == 67 && bytes.starts(with: [0x30, 0x41, 2, 1, 0]) && bytes[34] == 32)
        #expect(
            try LeakMatcher().inspect(text).findings.contains { $0.name == "private-key" || $0.kind == .credential })
    }

    @Test("the account of an access key has thirteen digits, as no account has")
    func account() throws {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        for _ in 0..<500 {
            let key = try #require(Self.make(.aws).fields.first?.value)
            #expect(key.hasPrefix("AKIA") && key.count == 20)
            var bits = ""
            for character in key.dropFirst(4) {
                let digit = String(try #require(digits.firstIndex(of: character)), radix: 2)
                bits += String(repeating: "0", count: 5 - digit.count) + digit
            }
            let account = try #require(UInt64(bits.dropFirst(1).prefix(40), radix: 2))
            #expect(account >= 1_000_000_000_000)
        }
    }
}
