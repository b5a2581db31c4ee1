// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protocols
internal import Synchronization

extension PeopleService {
    /// Who is signed in, and the way out.
    func home(_ request: PeopleRequest) async -> PeopleAnswer {
        guard let secret = browserSecret(request) else { return PeopleAnswer(page: Self.welcome) }
        do throws(PeopleError) {
            let (session, signIn) = try await check(secret)
            let claims = signIn.credentials.claims
            var page = PeoplePage("You are signed in")
            page.table([
                ("Provider", claims.person.issuer), ("You", claims.person.subject),
                ("Groups", (claims.groups ?? []).joined(separator: ", ")),
            ])
            page.link("Let a command line in", to: Path.device)
            page.form(
                to: Path.logout, hidden: [("form", session.form.secret)], buttons: [("go", "out", "Sign out")])
            return PeopleAnswer(page: page)
        } catch {
            if case .unavailable = error { return page(error) }
            return PeopleAnswer(page: Self.welcome).with("Set-Cookie", settingSession(nil))
        }
    }

    private static var welcome: PeoplePage {
        var page = PeoplePage("You are not signed in")
        page.link("Sign in", to: Path.login)
        return page
    }

    // MARK: To the provider

    func login(_ request: PeopleRequest) async -> PeopleAnswer {
        let fields: FormFields?
        if request.query.isEmpty {
            fields = nil
        } else {
            guard let parsed = try? FormFields(parsing: Array(request.query.utf8)) else {
                return failure("Not understood", "The address is malformed.")
            }
            fields = parsed
        }
        let next = LocalPage(next: fields?["next"])
        guard let maximumAge = MaximumAge(fields?["max_age"]) else {
            return failure("Not understood", "max_age is a number of seconds, from 60 to 86400.")
        }
        let client: ProviderClient
        if let name = fields?["provider"] {
            guard let named = provider(named: name) else {
                return failure("Not understood", "There is no such provider.", status: 404)
            }
            client = named
        } else if providers.count == 1, let only = providers.first {
            client = only
        } else {
            return PeopleAnswer(page: choice(next, maximumAge.seconds))
        }
        return await begin(at: client, next: next, maximumAge: maximumAge.seconds, request)
    }

    private func choice(_ next: LocalPage, _ maximumAge: Int64?) -> PeoplePage {
        var page = PeoplePage("Sign in")
        for provider in providers {
            var fields = [(name: "provider", value: provider.provider.name), ("next", next.rawValue)]
            if let maximumAge { fields.append(("max_age", String(maximumAge))) }
            page.link("Sign in with \(provider.provider.name)", to: "\(Path.login)?\(FormText.encode(fields))")
        }
        return page
    }

    private func begin(
        at client: ProviderClient, next: LocalPage, maximumAge: Int64?, _ request: PeopleRequest
    ) async -> PeopleAnswer {
        let now = now()
        guard state.withLock({ $0.beginnings.admit(request.network, now: now) }) else {
            return failure("Too many", "Too many sign-ins begin at your address. Try again in a minute.", status: 429)
        }
        let metadata: ProviderMetadata
        do throws(ProviderError) {
            metadata = try await client.metadata()
        } catch {
            tell(.refused(provider: client.provider.name, address: request.address, why: error.description))
            return failure("Not now", "Your provider cannot be used: \(error).", status: 503)
        }
        // Who signs in once more has to be who signed in before.
        let known = browserSecret(request).flatMap { secret in state.withLock { $0.sessions.use(secret, now: now) } }
        let person = maximumAge == nil ? nil : known?.signIn.credentials.claims.person
        var generator = SystemRandomNumberGenerator()
        let wanted = AuthorizationRequest(
            client.provider, redirectURI: redirectURI(client.provider), maximumAge: maximumAge, person: person,
            using: &generator)
        let secret = state.withLock { state in
            state.signIns.add(wanted, next: next, network: request.network, now: now, using: &generator)
        }
        guard let secret else {
            return failure("Too many", "Too many sign-ins are under way. Try again in a few minutes.", status: 503)
        }
        return PeopleAnswer(redirect: wanted.url(metadata)).with("Set-Cookie", settingSignIn(secret))
    }

    /// Each provider has a place of its own to send people back to, so that one cannot pass for another.
    func redirectURI(_ provider: OpenIDProvider) -> String { base.origin + Path.callback + provider.name }

    // MARK: Back from the provider

    func callback(_ request: PeopleRequest) async -> PeopleAnswer {
        let name = String(request.path.dropFirst(Path.callback.count))
        guard let client = provider(named: name) else { return PeopleAnswer(status: 404) }
        let answer = await finish(request, client)
        return answer.with("Set-Cookie", settingSignIn(nil))
    }

    private func finish(_ request: PeopleRequest, _ client: ProviderClient) async -> PeopleAnswer {
        let now = now()
        // Whatever comes of it, this sign-in is over: an answer is good once.
        let waiting = signInSecret(request).flatMap { secret in state.withLock { $0.signIns.take(secret, now: now) } }
        guard let waiting else {
            return failure(
                "Not signed in", "No sign-in of this browser is under way, or it took longer than it may.")
        }
        guard waiting.request.provider.name.isSpelled(client.provider.name) else {
            tell(
                .refused(
                    provider: client.provider.name, address: request.address,
                    why: AuthorizationError.issuer.description))
            return failure("Not signed in", "\(AuthorizationError.issuer).")
        }
        let credentials: ProviderSignIn
        do {
            let metadata = try await client.metadata()
            let code = try AuthorizationResponse.code(
                in: Array(request.query.utf8), for: waiting.request, namesIssuer: metadata.namesIssuer)
            credentials = try await client.redeem(code, of: waiting.request)
        } catch {
            tell(.refused(provider: client.provider.name, address: request.address, why: "\(error)"))
            let isTemporary = (error as? ProviderError)?.isTemporary ?? false
            return failure("Not signed in", "\(error).", status: isTemporary ? 503 : 400)
        }
        var generator = SystemRandomNumberGenerator()
        let secret = state.withLock { state -> PeopleSecret? in
            // The session of before is not made the new one: whoever planted it would be signed in as well.
            if let old = browserSecret(request) { state.sessions.close(old.digest) }
            let id = state.sessions.add(credentials, at: client.provider.name, now: now)
            return state.sessions.open(.browser, on: id, now: now, using: &generator)
        }
        guard let secret else {
            return failure("Too many", "Too many people are signed in. Try again later.", status: 503)
        }
        tell(.signedIn(credentials.claims.person, provider: client.provider.name, address: request.address))
        return PeopleAnswer(redirect: waiting.next.rawValue).with("Set-Cookie", settingSession(secret))
    }

    // MARK: Out

    func logout(_ request: PeopleRequest) async -> PeopleAnswer {
        if let bearer = request.bearer {
            guard let secret = PeopleSecret(.commandLine, bearer), close(secret) else { return unauthorized }
            return PeopleAnswer(status: 204)
        }
        guard request.authorizations.isEmpty, isOwnForm(request), let secret = browserSecret(request),
            let fields = try? FormFields(parsing: request.body), let token = fields["form"],
            let found = state.withLock({ $0.sessions.use(secret, now: now()) }), isForm(token, of: found.session)
        else { return failure("Not signed out", "The form is not one of this session.", status: 403) }
        _ = close(secret)
        return PeopleAnswer(redirect: Path.home).with("Set-Cookie", settingSession(nil))
    }

    func isForm(_ token: String, of session: SessionBook.Session) -> Bool {
        guard let token = PeopleSecret(.form, token) else { return false }
        return SecretComparison.isSame(token.digest, session.form.digest)
    }

    private func close(_ secret: PeopleSecret) -> Bool {
        let person = state.withLock { state -> PersonIdentifier? in
            guard let found = state.sessions.use(secret, now: now()) else { return nil }
            state.sessions.close(found.session.digest)
            return found.signIn.credentials.claims.person
        }
        guard let person else { return false }
        tell(.signedOut(person))
        return true
    }

    var unauthorized: PeopleAnswer {
        PeopleAnswer(status: 401, error: "invalid_token", description: "the session is unknown or over; yett login")
            .with("WWW-Authenticate", "Bearer error=\"invalid_token\"")
    }
}
