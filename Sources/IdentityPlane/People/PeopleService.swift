// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
internal import Synchronization

/// The relying party: signs people in at their providers, keeps their sessions, lets their command lines in.
///
/// HTTP is somebody else's business. Everything is in memory: a restart ends every session.
public final class PeopleService: Sendable {
    struct State {
        var sessions: SessionBook
        var signIns: WaitingSignIns
        var devices: WaitingDevices
        /// Codes that were typed: of one person, and of all.
        var codes = AttemptLimits(most: 10, within: 300)
        var allCodes = AttemptLimits(most: 200, within: 60)
        /// Sign-ins and devices that begin at one address.
        var beginnings = AttemptLimits(most: 60, within: 60)
    }

    /// How the listener behaves.
    public let settings: PeopleSettings
    let providers: [ProviderClient]
    let now: @Sendable () -> Int64
    let state: Mutex<State>
    private let location: Mutex<ProviderURL>
    private let report: @Sendable (PeopleEvent) -> Void
    private let turnstiles = (0..<16).map { _ in Turnstile() }

    /// Prepares the service.
    ///
    /// - Parameters:
    ///   - now: Unix seconds.
    ///   - report: Called with what happens, possibly while somebody waits for an answer.
    public init(
        _ settings: PeopleSettings, providers: [ProviderClient], now: @escaping @Sendable () -> Int64,
        report: @escaping @Sendable (PeopleEvent) -> Void
    ) {
        self.settings = settings
        self.providers = providers
        self.now = now
        self.report = report
        location = Mutex(settings.url)
        state = Mutex(
            State(
                sessions: SessionBook(settings), signIns: WaitingSignIns(settings), devices: WaitingDevices(settings)))
    }

    /// Where people find us.
    public var url: String { base.description }

    var base: ProviderURL { location.withLock { $0 } }

    /// The providers' names.
    public var providerNames: [String] { providers.map(\.provider.name) }

    /// How many sessions there are.
    public var sessionCount: Int { state.withLock { $0.sessions.count } }

    /// Says which port the system chose for a listener without a name of its own.
    public func serves(on port: Int) {
        location.withLock { $0 = UInt16(exactly: port).flatMap($0.onPort) ?? $0 }
    }

    func tell(_ event: PeopleEvent) { report(event) }

    func provider(named name: String) -> ProviderClient? {
        providers.first { $0.provider.name.isSpelled(name) }
    }

    // MARK: Sessions

    /// The person of a command line's session, with what holds now.
    ///
    /// - Parameter maximumAge: How long ago the person may have signed in at the provider, in seconds.
    /// - Throws: ``PeopleError``.
    public func person(session: String, maximumAge: Int64? = nil) async throws(PeopleError) -> SignedInPerson {
        guard let secret = PeopleSecret(.commandLine, session) else { throw .noSession }
        let signIn = try await check(secret).signIn
        if let maximumAge, !isRecent(signIn, maximumAge) { throw .stepUpRequired(maximumAge) }
        return SignedInPerson(
            claims: signIn.credentials.claims, signIn: SignInID(value: signIn.id),
            end: signIn.startedAt &+ settings.longest)
    }

    /// The person of an ID token that a provider made for one of our front ends.
    ///
    /// - Throws: `ProviderError`.
    public func person(idToken: [UInt8]) async throws(ProviderError) -> (claims: PersonClaims, expiry: Int64) {
        let issuer = IDToken.claimedIssuer(of: idToken)
        let client = providers.first { client in
            issuer?.isSpelled(client.provider.issuer.description) ?? false
        }
        guard let client, !client.provider.frontEnds.isEmpty else { throw .token(.claims(.issuer)) }
        var demands = IDTokenDemands(audiences: client.provider.frontEnds, nonce: .ignored)
        // Its groups are those of the moment at which it was issued.
        demands.longestSinceIssue = settings.refresh
        return try await client.verify(idToken, demands)
    }

    func isRecent(_ signIn: SessionBook.SignIn, _ maximumAge: Int64) -> Bool {
        guard let time = signIn.credentials.claims.authenticationTime else { return false }
        return now() &- time <= maximumAge
    }

    /// The session of a secret, after a look at the provider where that is due: what was said of a person long ago does
    /// not count any more.
    func check(
        _ secret: PeopleSecret
    ) async throws(PeopleError) -> (session: SessionBook.Session, signIn: SessionBook.SignIn) {
        let found = try find(secret)
        guard isStale(found.signIn, after: settings.refresh) else { return found }
        try await renew(found.signIn.id, after: settings.refresh)
        return try find(secret)
    }

    private func find(
        _ secret: PeopleSecret
    ) throws(PeopleError) -> (session: SessionBook.Session, signIn: SessionBook.SignIn) {
        guard let found = state.withLock({ $0.sessions.use(secret, now: now()) }) else { throw .noSession }
        return found
    }

    private func isStale(_ signIn: SessionBook.SignIn, after seconds: Int64) -> Bool {
        let now = now()
        return now >= signIn.renewedAt &+ seconds || now < signIn.renewedAt
    }

    private func renew(_ id: UInt64, after seconds: Int64) async throws(PeopleError) {
        let turnstile = turnstiles[Int(truncatingIfNeeded: id % UInt64(turnstiles.count))]
        try await turnstile.pass { () async throws(PeopleError) in
            guard let signIn = state.withLock({ $0.sessions[signIn: id] }) else { throw .noSession }
            guard isStale(signIn, after: seconds) else { return }
            let started = now()
            var credentials = signIn.credentials
            do throws(ProviderError) {
                guard let provider = provider(named: signIn.provider) else { throw .noCredential }
                try await provider.renew(&credentials)
            } catch {
                guard !error.isTemporary else {
                    state.withLock { [credentials] in $0.sessions.keep(id, credentials) }
                    throw .unavailable(error)
                }
                end(signIn, why: error.description)
                throw .withdrawn(error)
            }
            // What was said counts from when it was asked.
            state.withLock { [credentials] in $0.sessions.renew(id, with: credentials, now: started) }
            tell(.renewed(SignInID(value: id), credentials.claims))
        }
    }

    /// Ends every sign-in of a person, with the sessions on it.
    ///
    /// - Parameters:
    ///   - person: Issuer, `#` and subject.
    ///   - latest: Those that rest on a sign-in after this time go on, in Unix seconds.
    /// - Returns: How many sessions there were.
    public func end(person: String, why: String, signedInUntil latest: Int64 = .max) -> Int {
        let signIns = state.withLock { $0.sessions.signIns(of: person) }.filter { signIn in
            min(signIn.startedAt, signIn.credentials.claims.authenticationTime ?? .max) <= latest
        }
        for signIn in signIns { end(signIn, why: why) }
        return signIns.reduce(0) { $0 + $1.sessions }
    }

    /// Asks the provider at once what holds for a person. A sign-in that it does not confirm is over, also when it cannot
    /// be asked.
    ///
    /// - Parameter person: Issuer, `#` and subject.
    /// - Returns: How many sign-ins there were.
    public func ask(about person: String, why: String) async -> Int {
        let signIns = state.withLock { $0.sessions.signIns(of: person) }
        for signIn in signIns {
            do throws(PeopleError) {
                try await renew(signIn.id, after: 0)
            } catch {
                if case .unavailable = error { end(signIn, why: "\(why), and the provider cannot be asked") }
            }
        }
        return signIns.count
    }

    private func end(_ signIn: SessionBook.SignIn, why: String) {
        state.withLock { $0.sessions.end(signIn.id) }
        tell(.ended(SignInID(value: signIn.id), signIn.credentials.claims.person, why: why))
    }

    // MARK: What rests on a sign-in

    /// Keeps asking the provider about a person until a time, because something acts on the person's behalf.
    ///
    /// - Returns: Whether the sign-in is still there.
    public func hold(_ signIn: SignInID, until time: Int64) -> Bool {
        state.withLock { state in
            guard state.sessions[signIn: signIn.value] != nil else { return false }
            state.sessions.hold(signIn.value, until: time)
            return true
        }
    }

    /// Stops asking about a person on whose behalf nothing acts any more.
    public func release(_ signIn: SignInID) { state.withLock { $0.sessions.release(signIn.value) } }

    /// Called every few seconds: forgets what is over, and asks the providers about those on whose behalf something
    /// acts. Who cannot be asked about within the bound is gone.
    public func maintain() async {
        let now = now()
        let due = state.withLock { state in
            state.sessions.sweep(now: now)
            state.signIns.sweep(now: now)
            state.devices.sweep(now: now)
            return state.sessions.held(renewedBefore: now &- settings.refresh / 2, now: now)
        }
        await withTaskGroup(of: Void.self) { group in
            for (index, signIn) in due.enumerated() {
                if index >= 8 { await group.next() }
                group.addTask { await self.renewHeld(signIn) }
            }
        }
    }

    private func renewHeld(_ signIn: SessionBook.SignIn) async {
        do throws(PeopleError) {
            try await renew(signIn.id, after: settings.refresh / 2)
        } catch {
            guard case .unavailable = error, isStale(signIn, after: settings.refresh) else { return }
            end(signIn, why: error.description)
        }
    }
}
