// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity
internal import Synchronization

/// Who may look at the dashboard now. Everything is in memory: a restart ends every session. Of a secret the digest is kept
/// and nothing else.
final class DashboardSessions: Sendable {
    /// How long a token for the first sign-in is good, in seconds.
    static let tokenLife: Int64 = 60
    /// How long a sign-in at a provider may take, in seconds.
    static let signInLife: Int64 = 600
    /// The longest time for which a program may ask, in seconds.
    static let longestProgram: Int64 = 30 * 86_400
    /// The most tokens, sign-ins and programs, each.
    static let mostWaiting = 128
    /// The most sessions; the one unused for longest gives way.
    static let mostSessions = 256

    /// Who a session belongs to.
    enum Owner: Sendable, Hashable {
        /// A user of this machine, as the kernel said where the token was asked for.
        case user(UInt32)
        /// A person, by a session at the people's pages. A secret.
        case person(session: String)
    }

    /// A session of a browser.
    struct Session: Sendable {
        let digest: [UInt8]
        let owner: Owner
        /// What the forms of this session carry.
        let form: DashboardSecret
        let startedAt: Int64
        var usedAt: Int64
        /// What the last action came to, shown once.
        var notice: Notice?
    }

    /// What an action came to.
    struct Notice: Sendable, Hashable {
        let text: String
        let isFailure: Bool
    }

    /// A program with a token of its own.
    struct Program: Sendable {
        let uid: UInt32
        let role: DashboardRole
        let end: Int64
    }

    private struct Waiting: Sendable {
        let uid: UInt32
        let end: Int64
    }

    private struct SignIn: Sendable {
        let provider: String
        let value: DashboardSignIn
        let end: Int64
    }

    private struct State {
        var tokens: [[UInt8]: Waiting] = [:]
        var sessions: [[UInt8]: Session] = [:]
        var signIns: [[UInt8]: SignIn] = [:]
        var programs: [[UInt8]: Program] = [:]
    }

    private let longest: Int64
    private let idle: Int64
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    /// - Parameters:
    ///   - longest: How long a session may last, in seconds.
    ///   - idle: How long it may be without use, in seconds.
    ///   - now: Unix seconds.
    init(longest: Int64, idle: Int64, now: @escaping @Sendable () -> Int64) {
        self.longest = longest
        self.idle = idle
        self.now = now
    }

    // MARK: From the command line

    /// A token for one sign-in; `nil` when too many wait.
    func token(for uid: UInt32) -> (secret: DashboardSecret, end: Int64)? {
        let now = now()
        return state.withLock { state in
            state.tokens = state.tokens.filter { now < $0.value.end }
            guard state.tokens.count < Self.mostWaiting else { return nil }
            let secret = DashboardSecret(.token)
            state.tokens[secret.digest] = Waiting(uid: uid, end: now &+ Self.tokenLife)
            return (secret, now &+ Self.tokenLife)
        }
    }

    /// The session for a token, which is good no more.
    func redeem(_ token: DashboardSecret) -> (secret: DashboardSecret, session: Session)? {
        let now = now()
        let waiting = state.withLock { $0.tokens.removeValue(forKey: token.digest) }
        guard let waiting, now < waiting.end else { return nil }
        return open(.user(waiting.uid))
    }

    /// A token for a program; `nil` when there are too many.
    func program(for uid: UInt32, _ role: DashboardRole, seconds: Int64) -> (secret: DashboardSecret, end: Int64)? {
        let now = now()
        return state.withLock { state in
            state.programs = state.programs.filter { now < $0.value.end }
            guard state.programs.count < Self.mostWaiting else { return nil }
            let secret = DashboardSecret(.program)
            state.programs[secret.digest] = Program(uid: uid, role: role, end: now &+ seconds)
            return (secret, now &+ seconds)
        }
    }

    /// The program of a token.
    func program(_ secret: DashboardSecret) -> Program? {
        let now = now()
        return state.withLock { $0.programs[secret.digest] }.flatMap { now < $0.end ? $0 : nil }
    }

    // MARK: At a provider

    /// Notes a sign-in; `nil` when there are too many.
    func begin(_ signIn: DashboardSignIn, at provider: String) -> DashboardSecret? {
        let now = now()
        return state.withLock { state in
            state.signIns = state.signIns.filter { now < $0.value.end }
            guard state.signIns.count < Self.mostWaiting else { return nil }
            let secret = DashboardSecret(.signIn)
            state.signIns[secret.digest] = SignIn(provider: provider, value: signIn, end: now &+ Self.signInLife)
            return secret
        }
    }

    /// The sign-in of a browser, which is gone with this.
    func take(_ secret: DashboardSecret, at provider: String) -> DashboardSignIn? {
        let now = now()
        let found = state.withLock { $0.signIns.removeValue(forKey: secret.digest) }
        guard let found, now < found.end, found.provider.utf8.elementsEqual(provider.utf8) else { return nil }
        return found.value
    }

    // MARK: Sessions

    /// Opens a session. One of before is not made the new one: whoever planted it would be signed in as well.
    func open(_ owner: Owner) -> (secret: DashboardSecret, session: Session) {
        let now = now()
        let secret = DashboardSecret(.session)
        let session = Session(
            digest: secret.digest, owner: owner, form: DashboardSecret(.form), startedAt: now, usedAt: now)
        state.withLock { state in
            state.sessions = state.sessions.filter { isAlive($0.value, now) }
            if state.sessions.count >= Self.mostSessions,
                let oldest = state.sessions.values.min(by: { $0.usedAt < $1.usedAt })
            {
                state.sessions[oldest.digest] = nil
            }
            state.sessions[secret.digest] = session
        }
        return (secret, session)
    }

    /// The session of a secret, if it is not over.
    ///
    /// - Parameter counts: Whether this is use that keeps it alive.
    func session(_ secret: DashboardSecret, counts: Bool) -> Session? {
        let now = now()
        return state.withLock { state in
            guard let session = state.sessions[secret.digest] else { return nil }
            guard isAlive(session, now) else {
                state.sessions[secret.digest] = nil
                return nil
            }
            if counts { state.sessions[secret.digest]?.usedAt = now }
            return session
        }
    }

    /// Ends a session.
    func close(_ session: Session) { state.withLock { $0.sessions[session.digest] = nil } }

    /// Whether a session goes on.
    func isOpen(_ session: Session) -> Bool {
        let now = now()
        return state.withLock { $0.sessions[session.digest] }.map { isAlive($0, now) } ?? false
    }

    /// Keeps what an action came to for the next page.
    func tell(_ session: Session, _ notice: Notice) {
        state.withLock { $0.sessions[session.digest]?.notice = notice }
    }

    /// What the last action came to, once.
    func notice(for session: Session) -> Notice? {
        state.withLock { state in
            defer { state.sessions[session.digest]?.notice = nil }
            return state.sessions[session.digest]?.notice
        }
    }

    private func isAlive(_ session: Session, _ now: Int64) -> Bool {
        now >= session.startedAt && now < session.usedAt &+ idle && now < session.startedAt &+ longest
    }
}
