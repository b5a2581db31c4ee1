// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Numbers, strings and template strings; each ends at its last token, which stays.
extension SourceParser {
    mutating func parseNumber() -> Term? {
        let start = here
        var bytes: [UInt8] = []
        if kind == .minus {
            bytes.append(UInt8(ascii: "-"))
            advance()
            guard kind == .number || kind == .dot else {
                noteIllegal("expected number")
                return nil
            }
        }
        var hasPoint = false
        if kind == .dot {
            hasPoint = true
            bytes += [UInt8(ascii: "0"), UInt8(ascii: ".")]
            advance()
            guard kind == .number else {
                noteIllegal("expected number")
                return nil
            }
        }
        let digits = source[Int(token.offset)..<Int(token.end)]
        if !hasPoint, digits.count > 1, digits.first == UInt8(ascii: "0"), digits.dropFirst().first?.isDigit == true {
            noteIllegal("expected number without leading zero")
            return nil
        }
        if hasPoint, digits.contains(UInt8(ascii: ".")) {
            noteIllegal("invalid float")
            return nil
        }
        guard isInRange(digits) else {
            note("number too big", at: here)
            return nil
        }
        bytes += digits
        return Term(.number(Text(bytes: bytes)), at: start)
    }

    /// Whether a number has few enough digits and an exponent that OPA accepts.
    private func isInRange(_ digits: ArraySlice<UInt8>) -> Bool {
        var count = 0
        var isZero = true
        var wholeDigits = 0
        var leadingZeros = 0
        var hasPoint = false
        var rest = digits
        while let byte = rest.first, byte.isDigit || byte == UInt8(ascii: ".") {
            rest.removeFirst()
            guard byte != UInt8(ascii: ".") else {
                hasPoint = true
                continue
            }
            count += 1
            if byte != UInt8(ascii: "0") { isZero = false }
            if !hasPoint {
                wholeDigits += 1
            } else if isZero {
                leadingZeros += 1
            }
        }
        guard count <= limits.digits else { return false }
        guard !isZero, !rest.isEmpty else { return true }
        var exponent = 0
        rest.removeFirst()
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        for byte in rest { exponent = min(exponent * 10 + Int(byte & 0x0F), 1_000_000) }
        let magnitude = (isNegative ? -exponent : exponent) + wholeDigits - leadingZeros
        return magnitude <= 30_103 && magnitude >= -30_102
    }

    mutating func parseString() -> Term? {
        let inner = source[Int(token.offset + 1)..<max(Int(token.offset + 1), Int(token.end - 1))]
        guard kind == .string else { return Term(.string(Text(bytes: Array(inner))), at: here) }
        guard let text = StringLiteral.unescape(inner) else {
            note("illegal string literal: \(tokenText.string)", at: here)
            return nil
        }
        return Term(.string(text), at: here)
    }

    mutating func parseTemplate(isRaw: Bool) -> Term? {
        let start = here
        var parts: [TemplateString.Part] = []
        var skipped: Int32 = 2
        while true {
            let from = Int(token.offset &+ skipped)
            let inner = source[from..<max(from, Int(token.end &- 1))]
            guard let text = StringLiteral.unescapeTemplate(inner, isRaw: isRaw) else {
                note("illegal template-string part: \(tokenText.string)", at: here)
                return nil
            }
            if !text.bytes.isEmpty { parts.append(.text(text)) }
            if kind == .templateEnd || kind == .rawTemplateEnd { break }
            advance()
            guard let statement = parseStatement() else {
                note("invalid template-string expression", at: here)
                return nil
            }
            guard checkTemplateStatement(statement) else { return nil }
            parts.append(.expression(statement))
            guard kind == .rightBrace else {
                note("expected } to end template string expression", at: here)
                return nil
            }
            advance()
            switch kind {
            case .templatePart, .templateEnd, .rawTemplatePart, .rawTemplateEnd: break
            default:
                if kind != .illegal { noteIllegal("expected template-string part") }
                return nil
            }
            skipped = 0
        }
        return Term(
            .template(TemplateString(parts: parts, isRaw: isRaw)),
            at: location(start, from: start.offset, to: token.end))
    }

    private mutating func checkTemplateStatement(_ statement: Expression) -> Bool {
        var message: String?
        if statement.isNegated {
            message = "unexpected negation ('not') in template-string expression"
        } else {
            switch statement.kind {
            case .term(let term):
                if case .call(let function, _) = term.kind, case .variable(let name) = function.kind {
                    if name == "eq" { message = "unexpected unification ('=') in template-string expression" }
                    if name == "assign" { message = "unexpected assignment (':=') in template-string expression" }
                }
            case .every: message = "unexpected 'every' in template-string expression"
            case .someIn, .someVariables: message = "unexpected 'some' in template-string expression"
            case .and: message = "unexpected 'and' in template-string expression"
            case .or: message = "unexpected 'or' in template-string expression"
            case .negatedBody: break
            }
        }
        guard let message else { return true }
        note(message, at: statement.location)
        return false
    }
}
