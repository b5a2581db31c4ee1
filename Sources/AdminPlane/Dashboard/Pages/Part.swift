// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What pages are made of.
enum Part {
    /// How a button looks.
    enum Look: String {
        case plain = ""
        case quiet = "quiet"
        case primary = "primary"
        case danger = "danger"
    }

    // MARK: Actions

    /// A form that does one thing.
    ///
    /// - Parameters:
    ///   - fields: What it says besides.
    ///   - confirm: What is asked before, where scripts run.
    ///   - content: What can be filled in.
    static func form(
        to action: String, of visitor: DashboardVisitor, _ fields: [(name: String, value: String)] = [],
        button: String, look: Look = .plain, confirm: String? = nil, content: HTML = .none
    ) -> HTML {
        guard let session = visitor.session else { return .none }
        let hidden = fields.map { field -> HTML in
            #"<input type="hidden" name="\#(field.name)" value="\#(field.value)">"#
        }
        let question: HTML = confirm.map { #" data-confirm="\#($0)""# } ?? .none
        return """
            <form method="post" action="\(action)" class="act" autocomplete="off"\(question)>\
            <input type="hidden" name="form" value="\(session.form.text)">\(hidden)\(content)\
            <button class="\(look.rawValue)">\(button)</button></form>
            """
    }

    /// A field with its label.
    static func field(
        _ name: String, label: String, value: String = "", isRequired: Bool = false, example: String = ""
    ) -> HTML {
        let required: HTML = isRequired ? " required" : .none
        return """
            <label><span>\(label)</span><input name="\(name)" value="\(value)" maxlength="512" \
            title="\(example)"\(required)></label>
            """
    }

    /// A choice with its label.
    static func choice(_ name: String, label: String, _ values: [(value: String, text: String)], chosen: String) -> HTML
    {
        let options = values.map { option -> HTML in
            let selected: HTML = option.value.utf8.elementsEqual(chosen.utf8) ? " selected" : .none
            return #"<option value="\#(option.value)"\#(selected)>\#(option.text)</option>"#
        }
        return #"<label><span>\#(label)</span><select name="\#(name)">\#(options)</select></label>"#
    }

    // MARK: Texts

    /// A short word in a box.
    ///
    /// - Parameter kind: Its colour: `good`, `bad`, `wait` or nothing.
    static func badge(_ text: String, _ kind: HTML = .none) -> HTML {
        #"<span class="badge \#(kind)">\#(text)</span>"#
    }

    /// What a verdict looks like.
    static func verdict(_ text: String) -> HTML {
        switch text {
        case "allow": badge(text, "good")
        case "deny": badge(text, "bad")
        case "hold": badge(text, "wait")
        default: badge(text)
        }
    }

    /// What a level of risk looks like.
    static func level(_ text: String) -> HTML {
        switch text {
        case "normal": badge(text, "good")
        case "elevated": badge(text, "wait")
        case "high", "critical", "quarantined": badge(text, "bad")
        default: badge(text)
        }
    }

    /// The short name of an agent, with the whole one to be seen and copied.
    static func agent(_ id: String) -> HTML {
        #"<a class="name" href="/agents#\#(FragmentName.text(id))" title="\#(id)"><bdi>\#(AgentName.short(id))</bdi></a>"#
    }

    /// A text of no known length.
    static func name(_ text: String) -> HTML { "<bdi>\(text)</bdi>" }

    /// What stands for nothing.
    static let nothing: HTML = #"<span class="muted">-</span>"#

    // MARK: Tables

    /// A table, whose rows become cards on narrow screens.
    ///
    /// - Parameters:
    ///   - columns: Titles; one that begins with `#` is of numbers.
    ///   - empty: What stands there without rows.
    static func table(_ label: String, _ columns: [String], _ rows: [[HTML]], empty: String) -> HTML {
        guard !rows.isEmpty else { return #"<p class="empty">\#(empty)</p>"# }
        let titles = columns.map { title -> HTML in
            let isNumber = title.utf8.first == UInt8(ascii: "#")
            let look: HTML = isNumber ? #" class="number""# : .none
            return #"<th scope="col"\#(look)>\#(isNumber ? title.dropFirst() : title[...])</th>"#
        }
        let body = rows.map { row -> HTML in
            let cells = zip(columns, row).map { title, cell -> HTML in
                let isNumber = title.utf8.first == UInt8(ascii: "#")
                let look: HTML = isNumber ? #" class="number""# : .none
                return #"<td\#(look) data-label="\#(isNumber ? title.dropFirst() : title[...])">\#(cell)</td>"#
            }
            return "<tr>\(cells)</tr>\n"
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(label)"><table><thead><tr>\(titles)</tr></thead>
            <tbody>\(body)</tbody></table></div>
            """
    }

    /// Names and values.
    static func list(_ rows: [(name: String, value: HTML)]) -> HTML {
        let items = rows.map { row -> HTML in "<div><dt>\(row.name)</dt><dd>\(row.value)</dd></div>" }
        return "<dl class=\"facts\">\(items)</dl>"
    }

    /// A part of a page with a title, which changes by itself.
    static func section(_ id: String, _ title: String, note: HTML = .none, _ content: HTML) -> HTML {
        """
        <section class="card" id="\(id)" aria-labelledby="\(id)-title" data-part>
        <div class="head"><h2 id="\(id)-title">\(title)</h2><p>\(note)</p></div>
        \(content)</section>

        """
    }

    /// A number with what it counts.
    static func tile(_ label: String, _ value: String, href: String, kind: HTML = .none) -> HTML {
        #"<a class="tile \#(kind)" href="\#(href)"><strong>\#(value)</strong><span>\#(label)</span></a>"#
    }
}

/// Names of agents.
enum AgentName {
    /// What stands behind `/agent/`; the whole text of another name.
    static func short(_ id: String) -> String {
        guard let range = id.utf8.firstIndex(of: UInt8(ascii: ":")),
            id[range...].utf8.starts(with: "://".utf8)
        else { return id }
        let parts = id.split(separator: "/", omittingEmptySubsequences: true)
        guard let agent = parts.firstIndex(of: "agent"), agent + 1 < parts.count else { return id }
        return parts[(agent + 1)...].joined(separator: "/")
    }
}

/// Names within a page: letters, digits and hyphens of any text.
enum FragmentName {
    static func text(_ name: String) -> String {
        String(
            decoding: AgentName.short(name).utf8.map { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    byte
                default: UInt8(ascii: "-")
                }
            }, as: UTF8.self)
    }
}
