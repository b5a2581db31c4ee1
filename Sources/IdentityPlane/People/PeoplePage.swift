// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// A page for people: text, links and forms, without scripts and styles, so that the browser can be told to run none.
struct PeoplePage {
    private let title: String
    private var content = ""

    init(_ title: String) { self.title = title }

    var text: String {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
        <title>\(Self.escaped(title)) - Yett</title></head>
        <body><h1>\(Self.escaped(title))</h1>
        \(content)</body></html>

        """
    }

    mutating func paragraph(_ text: String) { content += "<p>\(Self.escaped(text))</p>\n" }

    mutating func link(_ text: String, to target: String) {
        content += "<p><a href=\"\(Self.escaped(target))\">\(Self.escaped(text))</a></p>\n"
    }

    /// Names and values.
    mutating func table(_ rows: [(name: String, value: String)]) {
        content += "<table>\n"
        for row in rows {
            content += "<tr><th>\(Self.escaped(row.name))</th><td>\(Self.escaped(row.value))</td></tr>\n"
        }
        content += "</table>\n"
    }

    /// A form that is posted.
    mutating func form(
        to target: String, hidden: [(name: String, value: String)], field: (name: String, label: String)? = nil,
        buttons: [(name: String, value: String, label: String)]
    ) {
        content += "<form method=\"post\" action=\"\(Self.escaped(target))\" autocomplete=\"off\">\n"
        for field in hidden {
            content +=
                "<input type=\"hidden\" name=\"\(Self.escaped(field.name))\" value=\"\(Self.escaped(field.value))\">\n"
        }
        if let field {
            content += "<label>\(Self.escaped(field.label)) "
            content += "<input name=\"\(Self.escaped(field.name))\" maxlength=\"16\" required autofocus></label>\n"
        }
        for button in buttons {
            content += "<button name=\"\(Self.escaped(button.name))\" value=\"\(Self.escaped(button.value))\">"
            content += "\(Self.escaped(button.label))</button>\n"
        }
        content += "</form>\n"
    }

    /// The text with everything escaped that means something in HTML, and without control characters.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case _ where scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value): escaped += "\u{fffd}"
            // Marks that change the direction of text make it say something else.
            case "\u{200e}"..."\u{200f}", "\u{202a}"..."\u{202e}", "\u{2066}"..."\u{2069}": escaped += "\u{fffd}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
