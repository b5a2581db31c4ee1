// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A rule for what is known by its form.
struct LeakRule: Sendable {
    /// How it is matched.
    enum Form: Sendable {
        /// From a beginning on.
        case token(TokenShape)
        /// By an expression, near one of the keywords.
        case expression(LeakExpression)
    }

    let name: String
    let kind: LeakKind
    /// One of them stands in every text that the rule matches, in letters of either case.
    let keywords: [String]
    let form: Form
    /// Bytes before a keyword and after it that a match may take up.
    let reach: (before: Int, after: Int)

    /// A token.
    static func token(_ name: String, _ shape: TokenShape) -> LeakRule {
        LeakRule(
            name: name, kind: .credential, keywords: [String(decoding: shape.beginning, as: UTF8.self)],
            form: .token(shape), reach: (0, 512))
    }

    /// An expression of our own.
    static func expression(
        _ name: String, _ kind: LeakKind, near keywords: [String], _ source: String, before: Int = 0, after: Int,
        filter: LeakExpression.Filter = .none
    ) -> LeakRule? {
        guard let expression = try? LeakExpression(source, filter: filter, memory: 8 << 20) else { return nil }
        return LeakRule(
            name: name, kind: kind, keywords: keywords, form: .expression(expression), reach: (before, after))
    }
}
