// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Identity
internal import Synchronization

/// Knows who asks at the dashboard: by the cookie of a session, or by the token of a program.
final class DashboardAccess: Sendable {
    let sessions: DashboardSessions
    let people: (any DashboardPeople)?
    let roles: @Sendable () -> DashboardRoles
    private let location: Mutex<ProviderURL>
    private let isNamed: Bool

    /// - Parameters:
    ///   - people: Where people sign in; `nil` where they do not.
    ///   - roles: Who has which role now.
    ///   - now: Unix seconds.
    init?(
        _ settings: DashboardSettings, people: (any DashboardPeople)?, roles: @escaping @Sendable () -> DashboardRoles,
        now: @escaping @Sendable () -> Int64
    ) {
        let host = settings.host.utf8.contains(UInt8(ascii: ":")) ? "[\(settings.host)]" : settings.host
        let own = ProviderURL("http://\(host):\(max(settings.port, 1))", allowsLoopback: true)
        guard let url = settings.url ?? own else { return nil }
        location = Mutex(url)
        isNamed = settings.url != nil
        sessions = DashboardSessions(longest: settings.longest, idle: settings.idle, now: now)
        self.people = people
        self.roles = roles
    }

    /// Where browsers find the dashboard.
    var url: ProviderURL { location.withLock { $0 } }

    /// Says which port the system chose for a listener without a name of its own.
    func serves(on port: Int) {
        guard !isNamed else { return }
        location.withLock { $0 = UInt16(exactly: port).flatMap($0.onPort) ?? $0 }
    }

    // MARK: Cookies

    /// With TLS the browser itself sees to it that no other host and no page in the clear sets the cookie.
    private var prefix: String { url.isSecure ? "__Host-" : "" }
    private var sessionCookie: String { prefix + "yett-dashboard" }
    private var signInCookie: String { prefix + "yett-dashboard-login" }

    func sessionSecret(_ request: Request) -> DashboardSecret? {
        Self.cookie(sessionCookie, request).flatMap { DashboardSecret(.session, $0) }
    }

    func signInSecret(_ request: Request) -> DashboardSecret? {
        Self.cookie(signInCookie, request).flatMap { DashboardSecret(.signIn, $0) }
    }

    func settingSession(_ secret: DashboardSecret?) -> String { cookie(sessionCookie, secret, "Strict") }

    /// The provider sends the browser back from another site, where strict cookies stay at home.
    func settingSignIn(_ secret: DashboardSecret?) -> String { cookie(signInCookie, secret, "Lax") }

    private func cookie(_ name: String, _ secret: DashboardSecret?, _ site: String) -> String {
        var text = "\(name)=\(secret?.text ?? ""); Path=/; HttpOnly; SameSite=\(site)"
        if url.isSecure { text += "; Secure" }
        if secret == nil { text += "; Max-Age=0" }
        return text
    }

    /// The value of a cookie. Two of one name are none: one of them is somebody else's.
    private static func cookie(_ name: String, _ request: Request) -> String? {
        var found: [Substring] = []
        for field in request.headers[values: .cookie] {
            for pair in field.split(separator: ";") {
                let pair = pair.drop { $0 == " " }
                guard let equals = pair.utf8.firstIndex(of: UInt8(ascii: "=")),
                    pair[..<equals].utf8.elementsEqual(name.utf8)
                else { continue }
                found.append(pair[pair.index(after: equals)...])
            }
        }
        return found.count == 1 ? found.first.map(String.init) : nil
    }

    // MARK: Who asks

    /// The program of the one `Authorization` field.
    ///
    /// - Throws: ``AdminError`` when the field opens nothing.
    func program(_ fields: [String]) throws -> DashboardVisitor {
        let parts = fields.count == 1 ? fields[0].split(separator: " ", maxSplits: 1) : []
        guard parts.count == 2, parts[0].lowercased().utf8.elementsEqual("bearer".utf8),
            let secret = DashboardSecret(.program, parts[1]), let program = sessions.program(secret)
        else {
            throw AdminError(
                .unauthorized, "the token is unknown or over", remedy: "yett dashboard --api-token --role viewer")
        }
        return DashboardVisitor(caller: Operator(uid: program.uid, pid: 0), role: program.role, session: nil)
    }

    /// Whoever the session of a browser belongs to; `nil` without one.
    ///
    /// - Parameter counts: Whether this is use that keeps the session alive.
    /// - Throws: ``AdminError`` when the person has no role, or the provider cannot be asked.
    func visitor(_ request: Request, counts: Bool) async throws -> DashboardVisitor? {
        guard let session = sessionSecret(request).flatMap({ sessions.session($0, counts: counts) }) else { return nil }
        return try await visitor(of: session)
    }

    func visitor(of session: DashboardSessions.Session) async throws -> DashboardVisitor? {
        switch session.owner {
        case .user(let uid):
            return DashboardVisitor(caller: Operator(uid: uid, pid: 0), role: .admin, session: session)
        case .person(let secret):
            guard let people else { return nil }
            let person: DashboardPerson
            do {
                person = try await people.person(session: secret)
            } catch let error as AdminError {
                // What the provider took back is over; what it could not say now may hold in a moment.
                guard error.kind != .unavailable else { throw error }
                sessions.close(session)
                return nil
            }
            guard let role = roles().role(of: person) else {
                sessions.close(session)
                throw AdminError(.forbidden, "\(person.name) has no role at this dashboard")
            }
            return DashboardVisitor(caller: Operator(person: person.name), role: role, session: session)
        }
    }

    /// Ends a session, and the one at the people's pages that it rests on.
    func close(_ session: DashboardSessions.Session) {
        sessions.close(session)
        if case .person(let secret) = session.owner { people?.end(session: secret) }
    }
}
