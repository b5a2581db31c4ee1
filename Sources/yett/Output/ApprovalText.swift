// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane

/// A call that waits for a person, as that person sees it in a terminal.
enum ApprovalText {
    /// The lines; nothing in them moves the cursor, hides or turns around what stands there.
    static func lines(_ approval: ApprovalReport) -> [String] {
        var lines = [
            "approval  \(approval.id)", "state     \(approval.state)\(approval.decidedBy.map { " by \($0)" } ?? "")",
            "agent     \(approval.agent), from \(approval.source)", "service   \(approval.service)",
            "call      \(approval.call)",
        ]
        if let gate = approval.gate { lines.append("gate      \(gate)") }
        if let query = approval.query { lines.append("query     \(query)") }
        if let task = approval.task { lines.append("task      \(task)\(approval.purpose.map { ": \($0)" } ?? "")") }
        if let person = approval.person { lines.append("person    \(person)") }
        lines.append("why       \(approval.why)")
        lines.append("asked     \(approval.askedAt), \(Amount.duration(milliseconds: approval.ageSeconds * 1000)) ago")
        if approval.secondsLeft > 0 {
            lines.append("lapses    in \(Amount.duration(milliseconds: approval.secondsLeft * 1000))")
        }
        if approval.gate == nil { lines.append("waiting   \(Amount.count(approval.waiting, "connection"))") }
        lines.append("decision  \(approval.decision)")
        lines.append("digest    \(approval.digest)")
        if let reason = approval.reason { lines.append("reason    \(reason)") }
        if let arguments = approval.arguments {
            lines.append("arguments")
            lines += arguments.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
        } else if approval.state != "waiting" {
            lines.append("arguments are kept only as long as a call can still be made")
        }
        return lines.map(visible)
    }

    /// The text with an escape in the place of each character that is not seen or that changes what is seen.
    static func visible(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if isPlain(scalar) {
                result.append(scalar)
            } else {
                result.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars)
            }
        }
        return String(result)
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20, scalar.value < 0x7F { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber, .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation, .mathSymbol, .currencySymbol, .otherSymbol:
            return !scalar.properties.isDefaultIgnorableCodePoint
        default: return false
        }
    }
}
