// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Synchronization

extension PeopleService {
    /// Where the pages stand.
    enum Path {
        static let home = "/"
        static let login = "/login"
        static let callback = "/callback/"
        static let logout = "/logout"
        static let device = "/device"
        static let decision = "/device/decision"
        static let deviceAuthorization = "/device_authorization"
        static let token = "/token"
        static let whoami = "/whoami"
    }

    /// Answers a request.
    public func answer(_ request: PeopleRequest) async -> PeopleAnswer {
        // A name that is not ours leads here only when somebody points it here, to speak with our cookies.
        guard let authority = request.authority, base.isAuthority(authority) else {
            return PeopleAnswer(status: 421)
        }
        switch (request.method, request.path) {
        case ("GET", Path.home), ("GET", Path.logout): return await home(request)
        case ("GET", Path.login): return await login(request)
        case ("GET", _) where request.path.utf8.starts(with: Path.callback.utf8): return await callback(request)
        case ("GET", Path.device): return await devicePage(request)
        case ("POST", Path.device): return await deviceCode(request)
        case ("POST", Path.decision): return await deviceDecision(request)
        case ("POST", Path.logout): return await logout(request)
        case ("POST", Path.deviceAuthorization): return deviceAuthorization(request)
        case ("POST", Path.token): return await token(request)
        case ("GET", Path.whoami): return await whoami(request)
        case (_, Path.home), (_, Path.login), (_, Path.device), (_, Path.decision), (_, Path.logout),
            (_, Path.deviceAuthorization), (_, Path.token), (_, Path.whoami):
            return PeopleAnswer(status: 405)
        default: return PeopleAnswer(status: 404)
        }
    }

    /// Whether a form was posted from one of our pages, as far as the browser says.
    func isOwnForm(_ request: PeopleRequest) -> Bool {
        if let origin = request.origin, !origin.isSpelled(base.origin) { return false }
        if let site = request.fetchSite, !site.isSpelled("same-origin") { return false }
        return request.isForm
    }

    // MARK: Cookies

    /// With TLS the browser itself sees to it that no other host and no page in the clear sets the cookie.
    private var cookiePrefix: String { base.isSecure ? "__Host-" : "" }
    private var sessionCookie: String { cookiePrefix + "yett" }
    private var signInCookie: String { cookiePrefix + "yett-login" }

    func browserSecret(_ request: PeopleRequest) -> PeopleSecret? {
        request.cookie(sessionCookie).flatMap { PeopleSecret(.browser, $0) }
    }

    func signInSecret(_ request: PeopleRequest) -> PeopleSecret? {
        request.cookie(signInCookie).flatMap { PeopleSecret(.signIn, $0) }
    }

    func settingSession(_ secret: PeopleSecret?) -> String { cookie(sessionCookie, secret, life: nil) }

    func settingSignIn(_ secret: PeopleSecret?) -> String { cookie(signInCookie, secret, life: settings.signIn) }

    private func cookie(_ name: String, _ secret: PeopleSecret?, life: Int64?) -> String {
        var text = "\(name)=\(secret?.secret ?? ""); Path=/; HttpOnly; SameSite=Lax"
        if base.isSecure { text += "; Secure" }
        if secret == nil { text += "; Max-Age=0" } else if let life { text += "; Max-Age=\(life)" }
        return text
    }

    // MARK: Pages that say that something did not work

    func page(_ error: PeopleError, next: LocalPage = .home) -> PeopleAnswer {
        switch error {
        case .noSession, .withdrawn:
            return PeopleAnswer(redirect: "\(Path.login)?next=\(FormText.escaped(next.rawValue))")
        case .stepUpRequired(let seconds):
            var page = PeoplePage("Sign in again")
            page.paragraph("What you are asked for takes a sign-in that is at most \(seconds) seconds old.")
            page.link(
                "Sign in again", to: "\(Path.login)?next=\(FormText.escaped(next.rawValue))&max_age=\(seconds)")
            return PeopleAnswer(status: 403, page: page)
        case .unavailable(let reason):
            var page = PeoplePage("Not now")
            page.paragraph("Your provider was asked whether what it said of you still holds: \(reason).")
            page.paragraph("Nothing is wrong on your side. Try again in a moment.")
            return PeopleAnswer(status: 503, page: page)
        }
    }

    /// The same for whoever posted a form. Our content policy lets forms lead to our own pages only, and some browsers
    /// hold it against every address that they are sent on to: so there is a link instead.
    func formPage(_ error: PeopleError, next: LocalPage) -> PeopleAnswer {
        switch error {
        case .noSession, .withdrawn:
            var page = PeoplePage("You are not signed in")
            page.paragraph("Your session is over. Nothing was done.")
            page.link("Sign in", to: "\(Path.login)?next=\(FormText.escaped(next.rawValue))")
            return PeopleAnswer(status: 403, page: page)
        case .stepUpRequired, .unavailable: return page(error, next: next)
        }
    }

    func failure(_ title: String, _ what: String, status: Int = 400) -> PeopleAnswer {
        var page = PeoplePage(title)
        page.paragraph(what)
        page.link("Begin again", to: Path.login)
        return PeopleAnswer(status: status, page: page)
    }
}
