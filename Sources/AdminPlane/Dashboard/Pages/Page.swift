// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import NIOCore

/// A page with its frame: where one can go, who is signed in, what the last action came to.
struct Page {
    /// The pages, in the order of the menu.
    enum Place: String, CaseIterable {
        case map = "/"
        case decisions = "/decisions"
        case agents = "/agents"
        case tasks = "/tasks"
        case approvals = "/approvals"
        case tools = "/tools"
        case policy = "/policy"
        case sandbox = "/sandbox"
        case audit = "/audit"
        case system = "/system"

        var title: String {
            switch self {
            case .map: "Live map"
            case .decisions: "Decisions"
            case .agents: "Agents"
            case .tasks: "Tasks"
            case .approvals: "Approvals"
            case .tools: "Tools"
            case .policy: "Policy"
            case .sandbox: "Sandbox runs"
            case .audit: "Audit"
            case .system: "System"
            }
        }

        /// The key that leads there after `g`.
        var key: Character {
            switch self {
            case .map: "m"
            case .decisions: "d"
            case .agents: "a"
            case .tasks: "t"
            case .approvals: "p"
            case .tools: "o"
            case .policy: "y"
            case .sandbox: "x"
            case .audit: "u"
            case .system: "s"
            }
        }
    }

    let place: Place
    var title: String
    /// One line below the title.
    var summary: HTML = .none
    /// Everything below.
    var content: HTML = .none

    init(_ place: Place, title: String? = nil) {
        self.place = place
        self.title = title ?? place.title
    }

    /// The page for somebody.
    func response(
        for visitor: DashboardVisitor, notice: DashboardSessions.Notice?, status: HTTPResponse.Status = .ok
    ) -> Response {
        Self.response(document(visitor, notice), status: status)
    }

    static func response(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: html.text)))
    }

    private func document(_ visitor: DashboardVisitor, _ notice: DashboardSessions.Notice?) -> HTML {
        let menu = Place.allCases.map { place -> HTML in
            let current: HTML = place == self.place ? #" aria-current="page""# : .none
            return """
                <li><a href="\(place.rawValue)"\(current) data-key="\(String(place.key))">\(place.title)</a></li>
                """
        }
        return """
            \(Self.head(title))
            <body data-live="/events">
            <a class="skip" href="#content">Skip to the content</a>
            <header class="frame">
            <a class="brand" href="/">\(Self.sign)<span>Yett</span></a>
            <nav aria-label="Pages"><ul>\(menu)</ul></nav>
            <div class="who">
            <span class="live" role="status" title="Whether this page follows the gate">not live</span>
            <span class="name">\(visitor.name)<small>\(visitor.role.rawValue)</small></span>
            \(Part.form(to: "/logout", of: visitor, button: "Sign out", look: .quiet))
            </div>
            </header>
            <main id="content" tabindex="-1">
            \(Self.text(of: notice))
            <div class="title"><h1>\(title)</h1><p>\(summary)</p></div>
            \(content)
            </main>
            \(Self.dialogs)
            </body></html>

            """
    }

    private static func text(of notice: DashboardSessions.Notice?) -> HTML {
        guard let notice else { return .none }
        let look: HTML = notice.isFailure ? "failure" : "done"
        let role: HTML = notice.isFailure ? "alert" : "status"
        return #"<p class="notice \#(look)" role="\#(role)">\#(notice.text)</p>"#
    }

    static func head(_ title: String, script: HTML = "dashboard") -> HTML {
        """
        <!doctype html>
        <html lang="en"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>\(title) - Yett</title>
        <link rel="icon" href="/assets/icon.svg"><link rel="stylesheet" href="/assets/style.css">
        <script type="module" src="/assets/\(script).js"></script></head>
        """
    }

    /// A gate.
    static let sign: HTML = """
        <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path fill="none" stroke="currentColor" \
        stroke-width="1.8" stroke-linecap="round" d="M3 18V5.5M17 18V5.5M3 7c4-4.6 10-4.6 14 0M3 15.5h14M7.7 4.6v13M12.3 4.6v13"/></svg>
        """

    private static let dialogs: HTML = """
        <dialog id="confirm" aria-labelledby="question"><form method="dialog"><p id="question"></p>
        <div class="buttons"><button value="no" class="quiet" autofocus>Leave it</button><button value="yes" class="danger">Do it</button></div></form></dialog>
        <dialog id="keys" aria-labelledby="keys-title"><form method="dialog"><h2 id="keys-title">Keys</h2><dl></dl>
        <div class="buttons"><button class="quiet">Close</button></div></form></dialog>
        """
}

/// A page for whoever is not signed in, or of an error.
struct MessagePage {
    let title: String
    let content: HTML
    var refresh: HTML = .none

    init(_ title: String, _ content: HTML) {
        self.title = title
        self.content = content
    }

    init(_ error: AdminError) {
        let remedy: HTML = error.remedy.map { #"<p class="muted">\#($0)</p>"# } ?? .none
        self.init(
            error.kind.title, "<p>\(error.detail).</p>\(remedy)<p><a href=\"/\">To the live map</a></p>")
    }

    func response(status: HTTPResponse.Status = .ok) -> Response {
        Page.response(
            """
            \(Page.head(title, script: "login"))
            <body class="alone"><main><div class="brand">\(Page.sign)<span>Yett</span></div>\(refresh)
            <h1>\(title)</h1>\(content)</main></body></html>

            """, status: status)
    }
}
