// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Text of a page. Whatever is put into it by interpolation is escaped, unless it is HTML itself.
///
/// Escaping goes by Unicode scalar: a quotation mark with a combining mark behind it is one `Character`, and one that
/// escapes by characters lets it through.
struct HTML: Sendable, ExpressibleByStringInterpolation {
    /// The bytes for the browser.
    private(set) var text: String

    /// Nothing.
    static let none: HTML = ""

    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    /// One after the other.
    init(_ parts: some Sequence<HTML>) { text = parts.reduce(into: "") { $0 += $1.text } }

    /// Adds more.
    static func += (left: inout HTML, right: HTML) { left.text += right.text }

    struct Interpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ html: HTML) { text += html.text }
        mutating func appendInterpolation(_ parts: [HTML]) { for part in parts { text += part.text } }
        mutating func appendInterpolation(_ value: some StringProtocol) { text += Shown.text(value) }
        mutating func appendInterpolation(_ number: some BinaryInteger) { text += String(number) }

        /// Text over several lines.
        mutating func appendInterpolation(lines value: String) { text += Shown.text(value, keepsLines: true) }
    }
}

/// How values look on pages: nothing that means something in HTML, and nothing that hides or turns around what it says.
enum Shown {
    /// The escaped text. Control characters, marks of direction and what cannot be seen stand there by their number.
    ///
    /// - Parameter keepsLines: Whether line feeds and tabs stay.
    static func text(_ value: some StringProtocol, keepsLines: Bool = false) -> String {
        var shown = ""
        shown.reserveCapacity(value.utf8.count)
        for scalar in value.unicodeScalars {
            switch scalar {
            case "&": shown += "&amp;"
            case "<": shown += "&lt;"
            case ">": shown += "&gt;"
            case "\"": shown += "&quot;"
            case "'": shown += "&#39;"
            case "\n", "\t":
                if keepsLines { shown.unicodeScalars.append(scalar) } else { shown += number(scalar) }
            default:
                if isVisible(scalar) { shown.unicodeScalars.append(scalar) } else { shown += number(scalar) }
            }
        }
        return shown
    }

    private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        case .spaceSeparator: scalar == " "
        default: !scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    private static func number(_ scalar: Unicode.Scalar) -> String { "\\u{\(String(scalar.value, radix: 16))}" }
}
