// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A credential that looks real and opens nothing, to be planted where only somebody finds it who looks for such things.
///
/// Each has so many random characters that none is anybody's, and the checksums that its issuer puts in. Where an issuer
/// leaves a part of its space unused, the canary comes from there.
public enum CanaryKind: String, Sendable, Hashable, CaseIterable {
    /// An access key of AWS with its secret. The key's identifier holds the number of the account, which has twelve digits;
    /// this one has thirteen.
    case aws
    /// A personal access token of GitHub, with its checksum.
    case github
    /// A key for the interface of OpenAI.
    case openai
    /// A key for live payments of Stripe.
    case stripe
    /// A bot's token at Slack.
    case slack
    /// A connection string of PostgreSQL, at a host below `.invalid`, which no resolver knows (RFC 2606).
    case postgres
    /// A password.
    case password

    /// Makes one that nobody has seen.
    public func make(using generator: inout some RandomNumberGenerator) -> Canary {
        switch self {
        case .aws:
            return Canary(fields: [
                ("AWS_ACCESS_KEY_ID", Self.accessKey(&generator)),
                ("AWS_SECRET_ACCESS_KEY", Self.text(40, of: Self.base64, &generator)),
            ])
        case .github:
            let text = Self.text(30, of: Self.alphanumeric, &generator)
            let checksum = String(decoding: GitHubToken.checksum(of: text.utf8), as: UTF8.self)
            return Canary(fields: [("GITHUB_TOKEN", "ghp_" + text + checksum)])
        case .openai:
            let (first, second) = (
                Self.text(20, of: Self.alphanumeric, &generator), Self.text(20, of: Self.alphanumeric, &generator)
            )
            return Canary(fields: [("OPENAI_API_KEY", "sk-\(first)T3BlbkFJ\(second)")])
        case .stripe:
            return Canary(fields: [("STRIPE_SECRET_KEY", "sk_live_" + Self.text(24, of: Self.alphanumeric, &generator))]
            )
        case .slack:
            let (team, bot) = (Self.text(12, of: Self.digits, &generator), Self.text(13, of: Self.digits, &generator))
            return Canary(fields: [
                ("SLACK_BOT_TOKEN", "xoxb-1\(team)-1\(bot)-\(Self.text(24, of: Self.alphanumeric, &generator))")
            ])
        case .postgres:
            let password = Self.text(24, of: Self.alphanumeric, &generator)
            let host = "db-" + Self.text(10, of: Self.base32.map { $0 | 0x20 }, &generator)
            return Canary(
                fields: [("DATABASE_URL", "postgresql://app:\(password)@\(host).invalid:5432/production")],
                marks: [password, host])
        case .password:
            return Canary(fields: [("SERVICE_PASSWORD", Self.text(24, of: Self.alphanumeric, &generator))])
        }
    }

    private static let digits = Array("0123456789".utf8)
    private static let base32 = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let alphanumeric = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let base64 = alphanumeric + Array("+/".utf8)

    private static func text(
        _ count: Int, of characters: [UInt8], _ generator: inout some RandomNumberGenerator
    ) -> String {
        String(
            decoding: (0..<count).map { _ in characters.randomElement(using: &generator) ?? 0x78 }, as: UTF8.self)
    }

    /// `AKIA` and sixteen digits to the base 32. The first 48 of their 80 bits are one that is always set, forty of the
    /// account and seven of something else.
    private static func accessKey(_ generator: inout some RandomNumberGenerator) -> String {
        let account = UInt64.random(in: 1_000_000_000_000..<(1 << 40), using: &generator)
        let first = 1 << 47 | account << 7 | UInt64.random(in: 0..<128, using: &generator)
        let rest = UInt64.random(in: 0..<(1 << 32), using: &generator)
        var output = Array("AKIA".utf8)
        for index in 0..<16 {
            // Bits 5 * index and the four behind it, of 48 and 32.
            var digit: UInt64 = 0
            for bit in (5 &* index)..<(5 &* index &+ 5) {
                let value = bit < 48 ? first >> UInt64(47 &- bit) : rest >> UInt64(79 &- bit)
                digit = digit << 1 | value & 1
            }
            output.append(base32[Int(digit)])
        }
        return String(decoding: output, as: UTF8.self)
    }
}

/// What is planted, and what of it is looked for.
public struct Canary: Sendable, Hashable {
    /// What is planted under which name: variables of an environment, as programs call them.
    public let fields: [Field]
    /// What is looked for; each has as many random characters that nothing else is the same.
    public let marks: [String]

    /// One variable.
    public struct Field: Sendable, Hashable {
        /// Its name.
        public let name: String
        /// Its value.
        public let value: String
    }

    init(fields: [(String, String)], marks: [String]? = nil) {
        self.fields = fields.map { Field(name: $0.0, value: $0.1) }
        self.marks = marks ?? self.fields.map(\.value)
    }

    /// The variables as lines of a file.
    public var text: String { fields.map { "\($0.name)=\($0.value)\n" }.joined() }
}
