// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Prints terms for messages, in OPA's form.
struct TermPrinter {
    /// What a variable is called.
    var name: (Text) -> String

    /// A term as text.
    func text(_ term: Term) -> String {
        switch term.kind {
        case .null: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .number(let text): text.string
        case .string(let text): quoted(text)
        case .variable(let variable): name(variable)
        case .reference(let parts): reference(parts)
        case .array(let elements): "[" + list(elements) + "]"
        case .set(let elements): elements.isEmpty ? "set()" : "{" + list(elements) + "}"
        case .object(let items):
            "{" + items.map { text($0.key) + ": " + text($0.value) }.joined(separator: ", ") + "}"
        case .arrayComprehension(let head, let body): "[" + text(head) + " | " + self.body(body) + "]"
        case .setComprehension(let head, let body): "{" + text(head) + " | " + self.body(body) + "}"
        case .objectComprehension(let key, let value, let body):
            "{" + text(key) + ": " + text(value) + " | " + self.body(body) + "}"
        case .call(let function, let arguments): text(function) + "(" + list(arguments) + ")"
        case .template: "$\"…\""
        }
    }

    /// A reference as text: `data.a["b-c"][x]`.
    func reference(_ parts: [Term]) -> String {
        var result = ""
        for (index, part) in parts.enumerated() {
            if index == 0 {
                result = text(part)
            } else if case .string(let key) = part.kind, Self.isIdentifier(key) {
                result += "." + key.string
            } else {
                result += "[" + text(part) + "]"
            }
        }
        return result
    }

    /// Whether a string can stand behind a dot.
    static func isIdentifier(_ text: Text) -> Bool {
        guard let first = text.bytes.first, isLetter(first) else { return false }
        return text.bytes.allSatisfy { isLetter($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
            || byte == UInt8(ascii: "_")
    }

    private func list(_ terms: [Term]) -> String {
        terms.map(text).joined(separator: ", ")
    }

    private func body(_ body: Body) -> String {
        body.map { expression in
            if case .term(let term) = expression.kind { return (expression.isNegated ? "not " : "") + text(term) }
            return "…"
        }.joined(separator: "; ")
    }

    private func quoted(_ text: Text) -> String {
        var result = "\""
        for scalar in text.string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}

extension Compilation {
    /// Prints terms with the names that the source gave to variables.
    var printer: TermPrinter {
        TermPrinter { self.displayName($0) ?? $0.string }
    }
}
