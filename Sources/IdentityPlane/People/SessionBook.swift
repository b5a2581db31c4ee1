// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Identity

/// Who is signed in. Of a session's secret the digest is kept and nothing else.
struct SessionBook {
    /// A sign-in at a provider, on which sessions rest.
    struct SignIn {
        let id: UInt64
        let provider: String
        var credentials: ProviderSignIn
        let startedAt: Int64
        var renewedAt: Int64
        /// Until when it is needed even without a session.
        var heldUntil: Int64 = 0
        var sessions = 0
    }

    /// A session of a browser or of a command line.
    struct Session {
        let digest: [UInt8]
        let kind: PeopleSecret.Kind
        let signIn: UInt64
        /// What the forms of this session carry.
        let form: PeopleSecret
        let startedAt: Int64
        var usedAt: Int64
    }

    private let settings: PeopleSettings
    private var signIns: [UInt64: SignIn] = [:]
    private var sessions: [[UInt8]: Session] = [:]
    private var people: [PersonIdentifier: [[UInt8]]] = [:]
    private var nextID: UInt64 = 1

    init(_ settings: PeopleSettings) { self.settings = settings }

    var count: Int { sessions.count }

    // MARK: Beginning and end

    /// Notes a sign-in; it is gone again when nothing rests on it at the next sweep.
    mutating func add(_ credentials: ProviderSignIn, at provider: String, now: Int64) -> UInt64 {
        let id = nextID
        nextID &+= 1
        signIns[id] = SignIn(
            id: id, provider: provider, credentials: credentials, startedAt: now, renewedAt: now)
        return id
    }

    /// Opens a session; `nil` when there are too many.
    mutating func open(
        _ kind: PeopleSecret.Kind, on id: UInt64, now: Int64, using generator: inout some RandomNumberGenerator
    ) -> PeopleSecret? {
        guard let signIn = signIns[id], now < signIn.startedAt &+ settings.longest else { return nil }
        let person = signIn.credentials.claims.person
        while let own = people[person], own.count >= settings.sessionsOfPerson, let oldest = own.first { close(oldest) }
        guard sessions.count < settings.sessions, signIns[id] != nil else { return nil }
        let secret = PeopleSecret(kind, using: &generator)
        let digest = secret.digest
        sessions[digest] = Session(
            digest: digest, kind: kind, signIn: id, form: PeopleSecret(.form, using: &generator), startedAt: now,
            usedAt: now)
        people[person, default: []].append(digest)
        signIns[id]?.sessions += 1
        return secret
    }

    /// Ends a session, and its sign-in when nothing else rests on it.
    mutating func close(_ digest: [UInt8]) {
        guard let session = sessions.removeValue(forKey: digest), let signIn = signIns[session.signIn] else { return }
        let person = signIn.credentials.claims.person
        people[person]?.removeAll { $0 == digest }
        if people[person]?.isEmpty == true { people[person] = nil }
        signIns[signIn.id]?.sessions -= 1
        if signIn.sessions <= 1, signIn.heldUntil == 0 { signIns[signIn.id] = nil }
    }

    /// Ends a sign-in and everything that rests on it.
    mutating func end(_ id: UInt64) {
        for session in sessions.values where session.signIn == id { close(session.digest) }
        signIns[id] = nil
    }

    /// Keeps a sign-in although its sessions may end.
    mutating func hold(_ id: UInt64, until time: Int64) {
        guard let signIn = signIns[id] else { return }
        signIns[id]?.heldUntil = max(signIn.heldUntil, time)
    }

    /// Needs a sign-in no longer than its sessions do.
    mutating func release(_ id: UInt64) {
        guard let signIn = signIns[id] else { return }
        signIns[id]?.heldUntil = 0
        if signIn.sessions == 0 { signIns[id] = nil }
    }

    /// Forgets what is over.
    mutating func sweep(now: Int64) {
        for session in sessions.values where !isAlive(session, now: now) { close(session.digest) }
        for signIn in signIns.values where signIn.sessions == 0 && signIn.heldUntil <= now { signIns[signIn.id] = nil }
    }

    // MARK: Use

    /// The session of a secret and what it rests on, if it is not over. It counts as used.
    mutating func use(_ secret: PeopleSecret, now: Int64) -> (session: Session, signIn: SignIn)? {
        let digest = secret.digest
        guard let session = sessions[digest], session.kind == secret.kind else { return nil }
        guard isAlive(session, now: now), let signIn = signIns[session.signIn] else {
            close(digest)
            return nil
        }
        sessions[digest]?.usedAt = now
        return (session, signIn)
    }

    private func isAlive(_ session: Session, now: Int64) -> Bool {
        guard let signIn = signIns[session.signIn] else { return false }
        return now >= session.startedAt && now < session.usedAt &+ settings.idle
            && now < signIn.startedAt &+ settings.longest
    }

    /// The sign-ins of a person, by issuer, `#` and subject.
    func signIns(of person: String) -> [SignIn] {
        signIns.values.filter { $0.credentials.claims.person.description.isSpelled(person) }
    }

    subscript(signIn id: UInt64) -> SignIn? { signIns[id] }

    /// Keeps tokens that the provider gave before it failed to say what holds now.
    mutating func keep(_ id: UInt64, _ credentials: ProviderSignIn) { signIns[id]?.credentials = credentials }

    /// Takes what the provider says now.
    mutating func renew(_ id: UInt64, with credentials: ProviderSignIn, now: Int64) {
        signIns[id]?.credentials = credentials
        signIns[id]?.renewedAt = now
    }

    /// Sign-ins that are needed without a session, or beside one, and were renewed before a time.
    func held(renewedBefore time: Int64, now: Int64) -> [SignIn] {
        signIns.values.filter { $0.heldUntil > now && $0.renewedAt < time }
    }
}
