// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Writes parts of the syntax tree as text, on one line.
public enum SyntaxPrinter {
    /// The text of a term.
    public static func text(of term: Term) -> String {
        var writer = SyntaxWriter()
        writer.write(term)
        return writer.string
    }

    /// The text of a statement.
    public static func text(of statement: Expression) -> String {
        var writer = SyntaxWriter()
        writer.write(statement)
        return writer.string
    }

    /// The text of a body, its statements parted by semicolons.
    public static func text(of body: Body) -> String {
        var writer = SyntaxWriter()
        writer.write(body)
        return writer.string
    }

    /// The text of a reference that is given by its parts.
    public static func text(ofReference parts: [Term]) -> String {
        var writer = SyntaxWriter()
        writer.writeReference(parts)
        return writer.string
    }

    /// A string as Rego writes it, in quotes.
    public static func quoted(_ text: Text) -> [UInt8] {
        var writer = SyntaxWriter()
        writer.writeQuoted(text)
        return writer.bytes
    }
}

/// The names of the functions that are written between their operands.
enum InfixOperator {
    /// The sign of a function; nil for functions that have none.
    static func sign(of name: Text) -> String? {
        switch name {
        case "plus": "+"
        case "minus": "-"
        case "mul": "*"
        case "div": "/"
        case "rem": "%"
        case "and": "&"
        case "or": "|"
        case "eq": "="
        case "assign": ":="
        case "equal": "=="
        case "neq": "!="
        case "lt": "<"
        case "lte": "<="
        case "gt": ">"
        case "gte": ">="
        default: nil
        }
    }

    /// The sign of the function of a call; nil for a function that has none.
    static func sign(of function: Term) -> String? {
        if case .variable(let name) = function.kind { sign(of: name) } else { nil }
    }

    /// Whether a function is `in`: with how many operands.
    static func membership(_ function: Term) -> Int? {
        guard case .reference(let parts) = function.kind, parts.count == 2, case .variable("internal") = parts[0].kind,
            case .string(let name) = parts[1].kind
        else { return nil }
        return name == "member_2" ? 2 : name == "member_3" ? 3 : nil
    }
}

/// Collects the text of parts of the syntax tree.
struct SyntaxWriter {
    var bytes: [UInt8] = []

    var string: String { String(decoding: bytes, as: UTF8.self) }

    mutating func write(_ text: String) {
        bytes += text.utf8
    }

    mutating func write(_ text: Text) {
        bytes += text.bytes
    }

    // MARK: Statements

    mutating func write(_ body: Body) {
        for (index, statement) in body.enumerated() {
            if index > 0 { write("; ") }
            write(statement)
        }
    }

    mutating func write(_ statement: Expression) {
        if statement.isNegated { write("not ") }
        switch statement.kind {
        case .term(let term):
            write(term)
        case .someVariables(let variables):
            write("some ")
            write(list: variables)
        case .someIn(let key, let value, let domain):
            write("some ")
            write(key, value, in: domain)
        case .every(let key, let value, let domain, let body):
            write("every ")
            write(key, value, in: domain)
            write(" { ")
            write(body)
            write(" }")
        case .negatedBody(let body):
            write("{ ")
            write(body)
            write(" }")
        case .and(let operands):
            write(operands, "and")
        case .or(let operands):
            write(operands, "or")
        }
        for modifier in statement.modifiers {
            write(" with ")
            write(modifier.target)
            write(" as ")
            write(modifier.value)
        }
    }

    private mutating func write(_ operands: [LogicalOperand], _ word: String) {
        for (index, operand) in operands.enumerated() {
            if index > 0 { write(" \(word) ") }
            let isGroup =
                !operand.isBraced && (operand.body.first.map { $0.isLogical || !$0.modifiers.isEmpty } ?? false)
            write(operand.isBraced ? "{ " : isGroup ? "(" : "")
            write(operand.body)
            write(operand.isBraced ? " }" : isGroup ? ")" : "")
        }
    }

    private mutating func write(_ key: Term?, _ value: Term, in domain: Term) {
        if let key {
            write(key)
            write(", ")
        }
        write(value)
        write(" in ")
        write(domain)
    }

    // MARK: Terms

    mutating func write(list: [Term], parenthesizesUnions: Bool = false) {
        for (index, term) in list.enumerated() {
            if index > 0 { write(", ") }
            write(term, isGroup: parenthesizesUnions && term.isUnion)
        }
    }

    private mutating func write(_ term: Term, isGroup: Bool) {
        if isGroup { write("(") }
        write(term)
        if isGroup { write(")") }
    }

    mutating func write(_ term: Term) {
        switch term.kind {
        case .null: write("null")
        case .boolean(let value): write(value ? "true" : "false")
        case .number(let digits): write(digits)
        case .string(let text): writeQuoted(text)
        case .variable(let name): write(name.isWildcard ? "_" : name)
        case .reference(let parts): writeReference(parts)
        case .array(let terms):
            write("[")
            write(list: terms, parenthesizesUnions: true)
            write("]")
        case .set(let terms):
            guard !terms.isEmpty else { return write("set()") }
            write("{")
            write(list: terms, parenthesizesUnions: true)
            write("}")
        case .object(let items):
            write("{")
            for (index, item) in items.enumerated() {
                if index > 0 { write(", ") }
                write(item.key, isGroup: item.key.isUnion)
                write(": ")
                write(item.value, isGroup: item.value.isUnion)
            }
            write("}")
        case .arrayComprehension(let head, let body):
            write("[")
            writeOperand(head)
            write(" | ")
            write(body)
            write("]")
        case .setComprehension(let head, let body):
            write("{")
            writeOperand(head)
            write(" | ")
            write(body)
            write("}")
        case .objectComprehension(let key, let value, let body):
            write("{")
            writeOperand(key)
            write(": ")
            writeOperand(value)
            write(" | ")
            write(body)
            write("}")
        case .call(let function, let arguments): writeCall(function, arguments)
        case .template(let template): write(template)
        }
    }

    private mutating func writeCall(_ function: Term, _ arguments: [Term]) {
        if let sign = InfixOperator.sign(of: function), arguments.count == 2 {
            writeOperand(arguments[0])
            write(" \(sign) ")
            writeOperand(arguments[1])
            return
        }
        if let count = InfixOperator.membership(function), arguments.count == count {
            if count == 3 { write("(") }
            for (index, argument) in arguments.enumerated() {
                if index > 0 { write(index == count - 1 ? " in " : ", ") }
                writeOperand(argument)
            }
            if count == 3 { write(")") }
            return
        }
        write(function)
        write("(")
        write(list: arguments)
        write(")")
    }

    private mutating func writeOperand(_ term: Term) {
        guard case .call(let function, let arguments) = term.kind, arguments.count == 2,
            InfixOperator.sign(of: function) != nil || InfixOperator.membership(function) == 2
        else { return write(term) }
        write("(")
        write(term)
        write(")")
    }

    mutating func writeReference(_ parts: [Term]) {
        guard let head = parts.first else { return }
        writeOperand(head)
        for part in parts.dropFirst() {
            if case .string(let key) = part.kind, key.isIdentifier, !Keywords.contains(key) {
                write(".")
                write(key)
            } else {
                write("[")
                write(part)
                write("]")
            }
        }
    }

    // MARK: Strings

    mutating func write(_ template: TemplateString) {
        write(template.isRaw ? "$`" : "$\"")
        for part in template.parts {
            switch part {
            case .text(let text):
                writeTemplateText(text, isRaw: template.isRaw)
            case .expression(let statement):
                write("{")
                write(statement)
                write("}")
            }
        }
        write(template.isRaw ? "`" : "\"")
    }

    /// A piece of a template string.
    mutating func writeTemplateText(_ text: Text, isRaw: Bool) {
        var piece = SyntaxWriter()
        if isRaw { piece.write(text) } else { piece.writeEscaped(text) }
        for byte in piece.bytes {
            if byte == UInt8(ascii: "{") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
    }

    mutating func writeQuoted(_ text: Text) {
        bytes.append(UInt8(ascii: "\""))
        writeEscaped(text)
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func writeEscaped(_ text: Text) {
        for byte in text.bytes {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: write("\\b")
            case 0x0C: write("\\f")
            case 0x0A: write("\\n")
            case 0x0D: write("\\r")
            case 0x09: write("\\t")
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                write("\\u00")
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 0x0F)]]
            default: bytes.append(byte)
            }
        }
    }
}

extension Text {
    /// Whether it can stand behind a dot or name a variable.
    var isIdentifier: Bool {
        guard let first = bytes.first, first.isWordStart else { return false }
        return bytes.allSatisfy(\.isWordByte)
    }
}
