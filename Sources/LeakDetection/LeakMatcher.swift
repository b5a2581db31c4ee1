// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What is looked for: registered secrets and canaries in all their spellings, the built-in rules, and those of rule
/// files. It is made once for a configuration and shared by all scans; see ``LeakScanner`` for how to use it.
///
/// A description shows how much it holds and nothing of what.
public struct LeakMatcher: Sendable {
    /// Below so many bytes a secret would be found by chance, in one encoding or another.
    public static let minimumSecretBytes = 8

    /// What a spelling stands for.
    struct Registration: Sendable {
        let name: String
        let kind: LeakKind
        let owner: String?
    }

    /// What a literal of the index leads to.
    enum Target: Sendable {
        /// A spelling, and the number of its registration.
        case spelling(Spelling, Int)
        /// The length of a keyword and the numbers of its rules.
        case keyword(Int, [Int])
    }

    /// What is known of a spelling beside its bytes.
    struct Spelling: Sendable {
        let count: Int
        let path: [LeakView]
    }

    let registrations: [Registration]
    let rules: [LeakRule]
    let targets: [Target]
    let index: GramIndex
    /// Keywords of less than four bytes, which the index cannot hold, and their rules.
    let shortKeywords: ShortKeywords
    /// Bounds.
    public let limits: LeakLimits
    /// Bytes of a stream that a scan keeps to look at them again, and that whoever must not let a part of a secret out
    /// holds back until more arrives or the stream ends.
    public let overlap: Int
    /// Whether a secret is registered that is no ASCII text.
    let hasBinarySecrets: Bool
    /// Whether what is known by its form is looked for.
    let usesBuiltInRules: Bool

    /// Compiles what is looked for.
    ///
    /// - Parameters:
    ///   - secrets: Registered secrets and canaries.
    ///   - ruleFiles: Rules beside the built-in ones.
    ///   - usesBuiltInRules: Whether what is known by its form is looked for.
    /// - Throws: ``LeakMatcherError`` when a secret is too short or too long, or a bound is passed.
    public init(
        secrets: [RegisteredSecret] = [], ruleFiles: [LeakRuleFile] = [], usesBuiltInRules: Bool = true,
        limits: LeakLimits = LeakLimits()
    ) throws(LeakMatcherError) {
        guard secrets.count <= limits.secrets else { throw .tooManySecrets(limit: limits.secrets) }
        var registrations: [Registration] = []
        var targets: [Target] = []
        var literals: [(bytes: [UInt8], ignoresCase: Bool)] = []
        var longest = 0
        var spelled = 0
        for secret in secrets {
            guard secret.bytes.count >= Self.minimumSecretBytes else { throw .secretTooShort(name: secret.name) }
            guard secret.bytes.count <= limits.secretBytes else { throw .secretTooLong(name: secret.name) }
            guard Set(secret.bytes).count > 2 else { throw .secretTooUniform(name: secret.name) }
            for spelling in SecretSpelling.all(of: secret.bytes) {
                spelled &+= spelling.bytes.count
                guard spelled <= limits.spellingBytes else { throw .tooManySpellings(limit: limits.spellingBytes) }
                longest = max(longest, spelling.bytes.count)
                targets.append(
                    .spelling(Spelling(count: spelling.bytes.count, path: spelling.path), registrations.count))
                literals.append((spelling.bytes, spelling.ignoresCase))
            }
            registrations.append(
                Registration(name: secret.name, kind: secret.owner == nil ? .secret : .canary, owner: secret.owner))
        }
        let rules =
            (usesBuiltInRules ? TokenRules.all + ExpressionRules.all + InstructionRules.all + CommandRules.all : [])
            + ruleFiles.flatMap(\.rules)
        guard rules.count <= limits.rules else { throw .tooManyRules(limit: limits.rules) }
        var keywords: [[UInt8]: [Int]] = [:]
        for (number, rule) in rules.enumerated() {
            for keyword in Set(rule.keywords.map(Self.folded)) { keywords[keyword, default: []].append(number) }
        }
        var short: [[UInt8]: [Int]] = [:]
        for (keyword, numbers) in keywords.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            if keyword.count < 4 {
                short[keyword] = numbers
            } else {
                targets.append(.keyword(keyword.count, numbers))
                literals.append((keyword, true))
            }
        }
        self.registrations = registrations
        self.rules = rules
        self.targets = targets
        index = GramIndex(literals)
        shortKeywords = ShortKeywords(short)
        self.limits = limits
        overlap = max(limits.overlap, longest &+ 4)
        self.usesBuiltInRules = usesBuiltInRules
        hasBinarySecrets = secrets.contains { $0.bytes.contains { $0 >= 0x80 } }
    }

    /// Capitals as small letters.
    static func folded(_ text: String) -> [UInt8] { text.utf8.map { ByteClass.isUpper($0) ? $0 | 0x20 : $0 } }
}

extension LeakMatcher: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// How many secrets and rules.
    public var description: String { "LeakMatcher(\(registrations.count) secrets, \(rules.count) rules)" }

    /// The same.
    public var debugDescription: String { description }

    /// Nothing to look into.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
