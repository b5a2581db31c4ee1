// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import LeakDetection
import Testing

@Suite("RegisteredSecret") struct RegisteredSecretTests {
    private func found(_ matcher: LeakMatcher, _ text: [UInt8], cut: Int) -> [LeakFinding] {
        var scanner = LeakScanner(matcher)
        return scanner.scan(Array(text[..<cut])) + scanner.scan(Array(text[cut...])) + scanner.finish()
    }

    @Test("is found in every encoding, wherever the text is split", arguments: Encoder.allCases)
    func everySplit(_ encoder: Encoder) throws {
        var random = TestRandom(7)
        for round in 0..<12 {
            let secret = random.secret(8 + round * 4)
            let matcher = try LeakMatcher(
                secrets: [RegisteredSecret(name: "database", bytes: secret)], usesBuiltInRules: false)
            let text = Array("{\"a\": \"".utf8) + encoder.encode(secret, &random) + Array("\", \"b\": 1}".utf8)
            for cut in 0...text.count {
                let names = found(matcher, text, cut: cut).map(\.name)
                #expect(names == ["database"], "\(encoder) round \(round) cut \(cut)")
            }
        }
    }

    @Test("is found byte by byte", arguments: Encoder.allCases)
    func byteByByte(_ encoder: Encoder) throws {
        var random = TestRandom(11)
        let secret = random.secret(40)
        let matcher = try LeakMatcher(
            secrets: [RegisteredSecret(name: "database", bytes: secret)], usesBuiltInRules: false)
        var scanner = LeakScanner(matcher)
        var names: [String] = []
        let text = random.bytes(0) + Array("x=".utf8) + encoder.encode(secret, &random) + Array(" and more".utf8)
        for byte in text { names += scanner.scan([byte]).map(\.name) }
        names += scanner.finish().map(\.name)
        #expect(names == ["database"])
    }

    @Test("is found in encodings inside one another, three deep, wherever the text is split")
    func nested() throws {
        var random = TestRandom(3)
        let encoders = Encoder.allCases.filter { $0 != .plain }
        for round in 0..<150 {
            let secret = random.secret(12 + Int(random.next() % 30))
            let matcher = try LeakMatcher(
                secrets: [RegisteredSecret(name: "database", bytes: secret)], usesBuiltInRules: false)
            var text = secret
            var used: [Encoder] = []
            for _ in 0..<(2 + round % 2) {
                let encoder = encoders[Int(random.next() % UInt64(encoders.count))]
                // Backwards counts once and innermost; bytes of UTF-16 are no text to escape or to cut into lines.
                if encoder == .reversed, !used.isEmpty { continue }
                used.append(encoder)
                text = encoder.encode(text, &random)
            }
            text = Array("v=".utf8) + text + Array("&w=2".utf8)
            for cut in stride(from: 0, through: text.count, by: max(text.count / 40, 1)) {
                let names = found(matcher, text, cut: cut).map(\.name)
                #expect(names == ["database"], "\(used) round \(round) cut \(cut)")
            }
        }
    }

    @Test("of any bytes is found plain, in digits, in Base64 and behind percent signs")
    func binary() throws {
        var random = TestRandom(5)
        for round in 0..<20 {
            let secret = random.bytes(16 + round)
            let matcher = try LeakMatcher(
                secrets: [RegisteredSecret(name: "key", bytes: secret)], usesBuiltInRules: false)
            for encoder in [Encoder.plain, .base64, .base64Second, .base64Third, .base64Lines, .hexUpper, .reversed] {
                let text = Array("<<".utf8) + encoder.encode(secret, &random) + Array(">>".utf8)
                #expect(matcher.inspect(text).findings.map(\.name) == ["key"], "\(encoder) round \(round)")
            }
        }
    }

    @Test("is found among thousands, with its own name")
    func many() throws {
        var random = TestRandom(9)
        let secrets = (0..<2000).map { (number: $0, bytes: Array("tok_live_".utf8) + random.secret(24)) }
        let matcher = try LeakMatcher(
            secrets: secrets.map { RegisteredSecret(name: "secret \($0.number)", bytes: $0.bytes) },
            usesBuiltInRules: false)
        for secret in secrets.prefix(50) {
            let text = Array("header: ".utf8) + Encoder.base64.encode(secret.bytes, &random)
            #expect(matcher.inspect(text).findings.map(\.name) == ["secret \(secret.number)"])
        }
    }

    @Test("a canary is found with its owner")
    func canary() throws {
        let matcher = try LeakMatcher(secrets: [
            RegisteredSecret(canary: "decoy", bytes: Array("k3y-0f-n0-use".utf8), owner: "spiffe://a/agent/b")
        ])
        let finding = try #require(matcher.inspect("see k3y-0f-n0-use").findings.first)
        #expect(finding.kind == .canary)
        #expect(finding.owner == "spiffe://a/agent/b")
    }

    @Test("too short, too long or too uniform is refused with its name and without its bytes")
    func refusals() {
        #expect(throws: LeakMatcherError.secretTooShort(name: "a")) {
            try LeakMatcher(secrets: [RegisteredSecret(name: "a", bytes: Array("1234567".utf8))])
        }
        #expect(throws: LeakMatcherError.secretTooLong(name: "b")) {
            try LeakMatcher(secrets: [
                RegisteredSecret(name: "b", bytes: Array(0...255) + [UInt8](repeating: 1, count: 4096))
            ])
        }
        #expect(throws: LeakMatcherError.secretTooUniform(name: "c")) {
            try LeakMatcher(secrets: [RegisteredSecret(name: "c", bytes: [UInt8](repeating: 0x61, count: 9))])
        }
        #expect(LeakMatcherError.secretTooShort(name: "a").description.contains("choose a longer one"))
    }

    @Test("shows in no description, dump or finding")
    func shown() throws {
        let secret = "v3ry-s3cr3t-value"
        let registered = RegisteredSecret(name: "database", bytes: Array(secret.utf8))
        let matcher = try LeakMatcher(secrets: [registered])
        let report = matcher.inspect("before v3ry-s3cr3t-value after")
        var dumped = ""
        dump(registered, to: &dumped)
        dump(matcher, to: &dumped)
        dump(LeakScanner(matcher), to: &dumped)
        dump(report, to: &dumped)
        dumped += "\(registered) \(matcher) \(report) \(report.findings.map(\.description)) \(LeakScanner(matcher))"
        #expect(!dumped.contains(secret))
        let number = Array(secret.utf8).map { String($0) }.joined(separator: ", ")
        #expect(!dumped.contains(number))
        #expect(report.findings.first?.description == "secret database at 7, 17 bytes")
    }
}
