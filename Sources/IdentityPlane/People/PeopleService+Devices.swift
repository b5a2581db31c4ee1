// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Protocols
internal import Synchronization

extension PeopleService {
    /// The name of our own command line, the only client of this grant.
    static let client = "yett"
    private static let grant = "urn:ietf:params:oauth:grant-type:device_code"

    private enum Decision: String, CaseIterable {
        case approve
        case deny

        init?(spelled text: String) {
            guard let match = Self.allCases.first(where: { $0.rawValue.isSpelled(text) }) else { return nil }
            self = match
        }
    }

    // MARK: The command line's side

    /// RFC 8628 section 3.1. There is no address that fills the code in: the person types what the person sees.
    func deviceAuthorization(_ request: PeopleRequest) -> PeopleAnswer {
        guard isOwnForm(request), let fields = try? FormFields(parsing: request.body) else {
            return PeopleAnswer(error: "invalid_request")
        }
        guard fields["client_id"]?.isSpelled(Self.client) == true else {
            return PeopleAnswer(status: 401, error: "invalid_client")
        }
        guard let maximumAge = MaximumAge(fields["max_age"]) else {
            return PeopleAnswer(error: "invalid_request", description: "max_age is from 60 to 86400 seconds")
        }
        let now = now()
        var generator = SystemRandomNumberGenerator()
        let device = state.withLock { state -> (secret: PeopleSecret, code: UserCode)? in
            guard state.beginnings.admit(request.network, now: now) else { return nil }
            return state.devices.add(
                label: Self.label(fields["label"]), from: (request.address, request.network),
                maximumAge: maximumAge.seconds, now: now, using: &generator)
        }
        guard let device else { return PeopleAnswer(status: 429, error: "slow_down") }
        return PeopleAnswer(json: [
            "device_code": .string(device.secret.secret), "user_code": .string(device.code.text),
            "verification_uri": .string(base.origin + Path.device),
            "expires_in": .integer(settings.device), "interval": .integer(WaitingDevices.interval),
        ])
    }

    private static func label(_ text: String?) -> String {
        guard let text, (1...128).contains(text.utf8.count) else { return "without a name" }
        return text
    }

    /// RFC 8628 section 3.4.
    func token(_ request: PeopleRequest) async -> PeopleAnswer {
        guard isOwnForm(request), let fields = try? FormFields(parsing: request.body) else {
            return PeopleAnswer(error: "invalid_request")
        }
        guard fields["client_id"]?.isSpelled(Self.client) == true else {
            return PeopleAnswer(status: 401, error: "invalid_client")
        }
        guard fields["grant_type"]?.isSpelled(Self.grant) == true else {
            return PeopleAnswer(error: "unsupported_grant_type")
        }
        guard let secret = fields["device_code"].flatMap({ PeopleSecret(.device, $0) }) else {
            return PeopleAnswer(error: "invalid_grant")
        }
        let now = now()
        switch state.withLock({ $0.devices.poll(secret, now: now) }) {
        case .unknown: return PeopleAnswer(error: "invalid_grant")
        case .expired: return PeopleAnswer(error: "expired_token")
        case .pending: return PeopleAnswer(error: "authorization_pending")
        case .slowDown: return PeopleAnswer(error: "slow_down")
        case .denied: return PeopleAnswer(error: "access_denied")
        case .approved(let id): return open(id, now: now)
        }
    }

    private func open(_ id: UInt64, now: Int64) -> PeopleAnswer {
        var generator = SystemRandomNumberGenerator()
        let opened = state.withLock { state -> (PeopleSecret, SessionBook.SignIn)? in
            guard let secret = state.sessions.open(.commandLine, on: id, now: now, using: &generator),
                let signIn = state.sessions[signIn: id]
            else { return nil }
            return (secret, signIn)
        }
        guard let (secret, signIn) = opened else { return PeopleAnswer(error: "access_denied") }
        let claims = signIn.credentials.claims
        return PeopleAnswer(json: [
            "access_token": .string(secret.secret), "token_type": "Bearer",
            "expires_in": .integer(max(0, signIn.startedAt &+ settings.longest &- now)),
            "issuer": .string(claims.person.issuer), "subject": .string(claims.person.subject),
        ])
    }

    /// Who a session belongs to.
    func whoami(_ request: PeopleRequest) async -> PeopleAnswer {
        guard let bearer = request.bearer else { return unauthorized }
        do throws(PeopleError) {
            let person = try await person(session: bearer)
            var object = JSONObject()
            object["issuer"] = .string(person.claims.person.issuer)
            object["subject"] = .string(person.claims.person.subject)
            object["groups"] = .array((person.claims.groups ?? []).map { .string($0) })
            object["auth_time"] = person.claims.authenticationTime.map { .integer($0) }
            object["acr"] = person.claims.authenticationContext.map { .string($0) }
            object["session_ends"] = .integer(person.end)
            return PeopleAnswer(json: .object(object))
        } catch {
            guard case .unavailable = error else { return unauthorized }
            return PeopleAnswer(status: 503, error: error.code, description: error.description)
        }
    }

    // MARK: The person's side

    func devicePage(_ request: PeopleRequest) async -> PeopleAnswer {
        guard let secret = browserSecret(request) else { return page(.noSession, next: .device) }
        do throws(PeopleError) {
            return PeopleAnswer(page: Self.entry(try await check(secret).session))
        } catch {
            return page(error, next: .device)
        }
    }

    private static func entry(_ session: SessionBook.Session, note: String? = nil) -> PeoplePage {
        var page = PeoplePage("Let a command line in")
        if let note { page.paragraph(note) }
        page.paragraph("Type the code only when you asked for it yourself, just now, on a machine of yours.")
        page.form(
            to: Path.device, hidden: [("form", session.form.secret)], field: ("code", "Code"),
            buttons: [("go", "look", "Continue")])
        return page
    }

    /// The person typed a code: shows who asks, and asks the person.
    func deviceCode(_ request: PeopleRequest) async -> PeopleAnswer {
        await withForm(request) { session, signIn, fields in
            guard let (code, device) = find(fields, signIn) else {
                return PeopleAnswer(
                    status: 400,
                    page: Self.entry(session, note: "No command line waits with this code, or too many were tried."))
            }
            if let maximumAge = device.maximumAge, !isRecent(signIn, maximumAge) {
                return page(.stepUpRequired(maximumAge), next: .device)
            }
            var page = PeoplePage("Is this you?")
            page.paragraph("A command line asks to act as you until you sign out.")
            page.table([
                ("It calls itself", device.label), ("Its address", device.address), ("Its code", code.text),
                ("You are", signIn.credentials.claims.person.description),
            ])
            page.paragraph("Say no when you did not type “yett login” just now, on that machine.")
            page.form(
                to: Path.decision, hidden: [("form", session.form.secret), ("code", code.text)],
                buttons: [
                    ("decision", Decision.approve.rawValue, "Yes, let it in"),
                    ("decision", Decision.deny.rawValue, "No"),
                ])
            return PeopleAnswer(page: page)
        }
    }

    /// The person decided.
    func deviceDecision(_ request: PeopleRequest) async -> PeopleAnswer {
        await withForm(request) { session, signIn, fields in
            guard let decision = fields["decision"].flatMap(Decision.init(spelled:)),
                let (code, device) = find(fields, signIn)
            else {
                return PeopleAnswer(status: 400, page: Self.entry(session, note: "No command line waits any more."))
            }
            if let maximumAge = device.maximumAge, !isRecent(signIn, maximumAge) {
                return page(.stepUpRequired(maximumAge), next: .device)
            }
            let isApproved = decision == .approve
            let now = now()
            let isDone = state.withLock { state in
                state.devices.decide(code, isApproved ? .approved(signIn.id) : .denied, now: now)
            }
            guard isDone else {
                return PeopleAnswer(status: 400, page: Self.entry(session, note: "No command line waits any more."))
            }
            let person = signIn.credentials.claims.person
            tell(
                isApproved
                    ? .deviceApproved(person, label: device.label, address: device.address)
                    : .deviceDenied(person, label: device.label, address: device.address))
            var page = PeoplePage(isApproved ? "It is in" : "It was turned away")
            page.paragraph("You can close this page.")
            return PeopleAnswer(page: page)
        }
    }

    /// The waiting device of a typed code. Every look is counted: codes are short.
    private func find(_ fields: FormFields, _ signIn: SessionBook.SignIn) -> (UserCode, WaitingDevices.Entry)? {
        let now = now()
        let person = signIn.credentials.claims.person.description
        return state.withLock { state in
            guard state.codes.admit(person, now: now), state.allCodes.admit("", now: now),
                let code = fields["code"].flatMap({ UserCode(typed: $0) }),
                let device = state.devices.find(code, now: now)
            else { return nil }
            return (code, device)
        }
    }

    /// Calls `body` for a form of this session that one of our pages posted, and for nothing else.
    private func withForm(
        _ request: PeopleRequest,
        _ body: (SessionBook.Session, SessionBook.SignIn, FormFields) -> PeopleAnswer
    ) async -> PeopleAnswer {
        guard let secret = browserSecret(request) else { return formPage(.noSession, next: .device) }
        do throws(PeopleError) {
            let (session, signIn) = try await check(secret)
            guard isOwnForm(request), let fields = try? FormFields(parsing: request.body),
                let token = fields["form"], isForm(token, of: session)
            else { return failure("Refused", "The form is not one of this session.", status: 403) }
            return body(session, signIn, fields)
        } catch {
            return formPage(error, next: .device)
        }
    }
}
