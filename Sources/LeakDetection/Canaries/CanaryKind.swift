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
    /// A private key for the curve P-256 in PKCS #8 and PEM (RFC 5915, RFC 5958): a number that nobody has the certificate of.
    case pem

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
        case .pem:
            return Self.privateKey(&generator)
        }
    }

    /// Whether it fits into a variable of an environment.
    public var isVariable: Bool { self != .pem }

    /// The file in which programs keep such a thing, below a home directory.
    ///
    /// - Parameter text: ``Canary/text``.
    public func file(of text: String) -> (path: String, content: String) {
        switch self {
        case .aws:
            let lines = text.split(separator: "\n").map { line in
                let parts = line.split(separator: "=", maxSplits: 1)
                return "\(parts.first?.lowercased() ?? "") = \(parts.count > 1 ? parts[1] : "")\n"
            }
            return (".aws/credentials", "[default]\n" + lines.joined())
        case .github: return (".config/github/token", text)
        case .openai: return (".config/openai/credentials", text)
        case .stripe: return (".config/stripe/credentials", text)
        case .slack: return (".config/slack/credentials", text)
        case .postgres: return (".config/database.env", text)
        case .password: return (".config/credentials", text)
        case .pem: return (".ssh/deploy-key.pem", text)
        }
    }

    /// What stands in front of the number: version, algorithm, curve, and the key's own version.
    private static let keyHead: [UInt8] = [
        0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06, 0x08,
        0x2A,
        0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
    ]

    private static func privateKey(_ generator: inout some RandomNumberGenerator) -> Canary {
        // Below the order of the curve, whose first four bytes are all ones.
        let number =
            [UInt8.random(in: 0..<0xFF, using: &generator)]
            + (0..<31).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let text = encoded(keyHead + number)
        let (first, second) = (text.prefix(64), text.dropFirst(64))
        // The first 46 characters are those of every such key.
        return Canary(
            fields: [("PRIVATE_KEY", "-----BEGIN PRIVATE KEY-----\n\(first)\n\(second)\n-----END PRIVATE KEY-----")],
            marks: [String(first.dropFirst(47)), String(second.prefix { $0 != "=" })])
    }

    private static func encoded(_ bytes: [UInt8]) -> String {
        var output: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start &+ 3, bytes.count)]
            let value = group.reduce(0) { $0 << 8 | Int($1) } << (8 &* (3 &- group.count))
            for place in 0..<4 {
                output.append(
                    place <= group.count ? base64[(value >> (18 &- 6 &* place)) & 63] : UInt8(ascii: "="))
            }
        }
        return String(decoding: output, as: UTF8.self)
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

    /// The variables as lines of a file; what has several lines stands by itself.
    public var text: String {
        fields.map { $0.value.contains("\n") ? "\($0.value)\n" : "\($0.name)=\($0.value)\n" }.joined()
    }
}
