// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Identity

/// The way in and out.
struct SignInRoutes {
    let access: DashboardAccess

    func add(to router: Router<AdminContext>) {
        router.get("/login") { _, _ in page().response() }
        router.post("/login") { _, context in signIn(context) }
        router.get("/login/people/:provider") { _, context in
            try await begin(at: try context.parameters.require("provider"))
        }
        router.get("/callback/:provider") { request, context in
            try await finish(request, at: try context.parameters.require("provider"))
        }
        router.post("/logout") { _, context in
            if let session = context.visitor?.session { access.close(session) }
            var response = DashboardDoor.redirect(to: "/login")
            response.headers[.setCookie] = access.settingSession(nil)
            return response
        }
    }

    // MARK: With a token

    private func page(_ complaint: HTML = .none) -> MessagePage {
        let providers = (access.people?.providers ?? []).map { name -> HTML in
            "<p><a class=\"button\" href=\"/login/people/\(FormText.escaped(name))\">Sign in with \(name)</a></p>"
        }
        return MessagePage(
            "Sign in",
            """
            \(complaint)\(providers)
            <form method="post" action="/login" autocomplete="off" class="token">
            <label><span>One-time token</span><input name="token" required maxlength="64" spellcheck="false" \
            autocapitalize="off" autofocus></label><button class="primary">Sign in</button></form>
            <p class="muted">On the machine of the gate, type <code>yett dashboard</code>: its address signs you in. A token is good
            once, for \(DashboardSessions.tokenLife) seconds.</p>
            """)
    }

    private func signIn(_ context: AdminContext) -> Response {
        guard let text = context.form?["token"], let token = DashboardSecret(.token, text),
            let opened = access.sessions.redeem(token)
        else {
            return page("<p class=\"notice failure\" role=\"alert\">This token is unknown, used or over.</p>")
                .response(status: .forbidden)
        }
        var response = DashboardDoor.redirect(to: "/")
        response.headers[.setCookie] = access.settingSession(opened.secret)
        return response
    }

    // MARK: At a provider

    private func begin(at provider: String) async throws -> Response {
        let (people, name) = try people(provider)
        let signIn = try await people.begin(at: name, redirect: "\(access.url.origin)/callback/\(name)")
        guard let secret = access.sessions.begin(signIn, at: name) else {
            throw AdminError(.tooMany, "too many sign-ins are under way")
        }
        var response = DashboardDoor.redirect(to: signIn.location)
        response.headers[.setCookie] = access.settingSignIn(secret)
        return response
    }

    private func finish(_ request: Request, at provider: String) async throws -> Response {
        let (people, name) = try people(provider)
        // Whatever comes of it, this sign-in is over: an answer is good once.
        guard let signIn = access.signInSecret(request).flatMap({ access.sessions.take($0, at: name) }) else {
            throw AdminError(.forbidden, "no sign-in of this browser is under way, or it took too long")
        }
        let secret = try await people.finish(signIn, query: request.uri.query ?? "")
        let person = try await people.person(session: secret)
        guard access.roles().role(of: person) != nil else {
            people.end(session: secret)
            return refusal(person).response(status: .forbidden)
        }
        if let old = access.sessionSecret(request).flatMap({ access.sessions.session($0, counts: false) }) {
            access.close(old)
        }
        let opened = access.sessions.open(.person(session: secret))
        // A redirect would belong to the navigation that the provider began, to which strict cookies are not shown.
        var page = MessagePage("Signed in", "<p><a href=\"/\">Go on to the live map</a></p>")
        page.refresh = "<meta http-equiv=\"refresh\" content=\"0; url=/\">"
        var response = page.response()
        response.headers[values: .setCookie] = [access.settingSession(opened.secret), access.settingSignIn(nil)]
        return response
    }

    private func people(_ provider: String) throws(AdminError) -> (any DashboardPeople, String) {
        guard let people = access.people,
            let name = people.providers.first(where: { $0.utf8.elementsEqual(provider.utf8) })
        else { throw AdminError(.unknown, "there is no such provider") }
        return (people, name)
    }

    private func refusal(_ person: DashboardPerson) -> MessagePage {
        let groups = access.roles().groups.map { entry -> HTML in
            "<li>\(entry.role.rawValue): \(entry.groups.joined(separator: ", "))</li>"
        }
        let own = person.groups.isEmpty ? "none" : person.groups.joined(separator: ", ")
        return MessagePage(
            "You have no role here",
            """
            <p>You are \(person.name). Your provider says these groups of you: \(own).</p>
            <p>A role comes with one of these groups:</p><ul>\(groups)</ul>
            <p class="muted">Whoever runs the gate names them under dashboard.roles.</p>
            """)
    }
}
