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
    /// Bytes before a keyword and after it in which a match may begin to show, and how many more it may take up.
    let reach: Reach
    /// Whether a value that looks like a password stands soon after the keyword in every match.
    var isAssignment = false

    /// See ``reach``.
    struct Reach: Sendable {
        var before = 0
        let after: Int
        var `extension` = 0
    }

    /// A token.
    static func token(_ name: String, _ shape: TokenShape) -> LeakRule {
        var keywords = [String(decoding: shape.beginning, as: UTF8.self)]
        // The index wants four bytes.
        if shape.beginning.count == 3, let next = shape.parts.first?.set {
            keywords = (0x21..<0x7f).filter { next.contains(UInt8($0)) && !ByteClass.isUpper(UInt8($0)) }
                .map { keywords[0] + String(UnicodeScalar(UInt8($0))) }
        }
        return LeakRule(
            name: name, kind: .credential, keywords: keywords, form: .token(shape), reach: Reach(after: 512))
    }

    /// An expression of our own.
    static func expression(
        _ name: String, _ kind: LeakKind, near keywords: [String], _ source: String, before: Int = 0, after: Int,
        extension: Int = 0, isAssignment: Bool = false, filter: LeakExpression.Filter = .none
    ) -> LeakRule? {
        guard let expression = try? LeakExpression(source, filter: filter, memory: 8 << 20) else { return nil }
        return LeakRule(
            name: name, kind: kind, keywords: keywords, form: .expression(expression),
            reach: Reach(before: before, after: after, extension: `extension`), isAssignment: isAssignment)
    }
}
