// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import CRE2
public import Protocols

/// Rules that an operator adds: a JSON document with `rules`, each with `id`, `regex` in RE2's syntax, `keywords` of which
/// one stands in what it matches, and optionally `entropy` (bits for each byte that the secret must exceed),
/// `secretGroup`, `allow_regexes`, which clear a secret that they match or beside which, in the same match or line, they
/// match, and `stopwords`; and with `global_allow`, whose `regexes` on secrets and `stopwords` hold for all rules.
///
/// A rule whose `regex` is null is left out. `path` says to which files a rule was meant to apply and is not looked at.
public struct LeakRuleFile: Sendable {
    /// Why a file is not taken, and where.
    public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// The rule, by its id or its number.
        public let rule: String?
        /// What is wrong with it.
        public let reason: String

        /// Both.
        public var description: String { rule.map { "rule \($0): \(reason)" } ?? reason }
    }

    /// The rules of the document.
    let rules: [LeakRule]

    /// How many rules there are.
    public var count: Int { rules.count }

    /// Reads and compiles a document.
    public init(_ document: JSONValue, limits: LeakLimits = LeakLimits()) throws(Failure) {
        guard let list = document["rules"]?.array else { throw Failure(rule: nil, reason: "there is no list `rules`") }
        guard list.count <= limits.rules else { throw Failure(rule: nil, reason: "more than \(limits.rules) rules") }
        let shared = try Self.allowances(
            document["global_allow"], ["regexes", "stopwords"], rule: "global_allow", limits: limits)
        var rules: [LeakRule] = []
        for (number, entry) in list.enumerated() {
            if let rule = try Self.rule(entry, number, shared, limits) { rules.append(rule) }
        }
        self.rules = rules
    }

    private typealias Allowances = (expressions: [LeakExpression], stopwords: [[UInt8]])

    private static func rule(
        _ entry: JSONValue, _ number: Int, _ shared: Allowances, _ limits: LeakLimits
    ) throws(Failure) -> LeakRule? {
        let name = entry["id"]?.string ?? "number \(number)"
        guard entry["id"]?.string != nil else { throw Failure(rule: name, reason: "it has no `id`") }
        guard let source = entry["regex"]?.string else {
            if entry["regex"]?.isNull ?? false { return nil }
            throw Failure(rule: name, reason: "it has no `regex`")
        }
        var keywords: [String] = []
        for keyword in entry["keywords"]?.array ?? [] {
            guard let word = keyword.string, !word.isEmpty else {
                throw Failure(rule: name, reason: "`keywords` must be texts")
            }
            keywords.append(word)
        }
        let entropy = entry["entropy"]?.number?.double ?? 0
        guard entropy >= 0, entropy <= 8 else { throw Failure(rule: name, reason: "`entropy` must be from 0 to 8") }
        let own = try allowances(entry, ["allow_regexes", "stopwords"], rule: name, limits: limits)
        let filter = FileRuleFilter(
            group: entry["secretGroup"]?.integer.flatMap { $0 > 0 ? Int($0) : nil },
            entropy: Int(entropy * 1000 + 0.5),
            allowedSecrets: shared.expressions, allowedPlaces: own.expressions,
            stopwords: shared.stopwords + own.stopwords)
        let expression = try compile(source, .file(filter), rule: name, limits: limits)
        if let group = filter.group, group > expression.groupCount {
            throw Failure(rule: name, reason: "`secretGroup` names no group of the expression")
        }
        return LeakRule(
            name: name, kind: .credential, keywords: keywords.isEmpty ? [""] : keywords, form: .expression(expression),
            reach: LeakRule.Reach(before: limits.overlap, after: limits.overlap))
    }

    private static func allowances(
        _ entry: JSONValue?, _ names: [String], rule: String, limits: LeakLimits
    ) throws(Failure) -> Allowances {
        var result: Allowances = ([], [])
        for expression in entry?[names[0]]?.array ?? [] {
            guard let source = expression.string else {
                throw Failure(rule: rule, reason: "`\(names[0])` must be texts")
            }
            result.expressions.append(try compile(source, .none, rule: rule, limits: limits))
        }
        for word in entry?[names[1]]?.array ?? [] {
            guard let text = word.string else { throw Failure(rule: rule, reason: "`\(names[1])` must be texts") }
            result.stopwords.append(LeakMatcher.folded(text))
        }
        return result
    }

    private static func compile(
        _ source: String, _ filter: LeakExpression.Filter, rule: String, limits: LeakLimits
    ) throws(Failure) -> LeakExpression {
        do {
            return try LeakExpression(source, filter: filter, memory: limits.expressionMemory)
        } catch {
            throw Failure(rule: rule, reason: "RE2 does not take its expression")
        }
    }
}
