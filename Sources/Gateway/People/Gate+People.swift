// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Decision
internal import Identity
internal import IdentityPlane
internal import Logging
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

extension Gate {
    /// How the origin of a task begins that rests on somebody's sign-in.
    static let sessionOrigin = "session "

    /// Where people sign in.
    func people() async throws -> PeopleReport {
        guard let people else { throw Self.nobody }
        let address = state.withLock { state in
            (state.peopleListener ?? state.configuration.people.map { (address: $0.address, port: $0.port) })
                .map { ListenerConfiguration.Address.tcp($0.address, port: $0.port) }
        }
        return PeopleReport(
            url: people.service.url, address: address.map { "\($0)" } ?? "", providers: people.service.providerNames,
            sessions: people.service.sessionCount)
    }

    private static var nobody: AdminError {
        AdminError(.unknown, "nobody signs in here", remedy: "name a provider under people in the configuration")
    }

    /// The person of a session that a request brings along, as the relying party knows the person and as nothing else says.
    func signedIn(_ request: TaskRequest) async throws(AdminError) -> SignedInPerson? {
        guard request.session == nil || request.person == nil else {
            throw AdminError(.malformed, "the person is that of the session and cannot be named beside it")
        }
        return try await signedIn(session: request.session)
    }

    /// The person of a session, where there is one.
    func signedIn(session: String?) async throws(AdminError) -> SignedInPerson? {
        guard let session else { return nil }
        guard let people else { throw Self.nobody }
        do throws(PeopleError) {
            let age = state.withLock { $0.configuration.people?.taskMaximumAge }
            return try await people.service.person(session: session, maximumAge: age?.components.seconds)
        } catch {
            var kind = AdminError.Kind.forbidden
            if case .unavailable = error { kind = .unavailable }
            throw AdminError(kind, error.description, remedy: error.remedy)
        }
    }

    /// Writes the person into an order. A task below another one is that one's person's, who has to be the same.
    func apply(_ person: SignedInPerson, to order: inout TaskOrder) throws(AdminError) {
        order.origin = Self.sessionOrigin + order.origin
        let person = Person(person.claims)
        guard let parent = order.parent else {
            order.person = person
            return
        }
        guard let above = authorizer.snapshot.tasks[parent]?.person, above.isSame(as: person) else {
            throw AdminError(.forbidden, "the task above is another person's", remedy: "yett task show \(parent)")
        }
    }

    // MARK: What happens to a sign-in

    /// Takes note of what happens among the people.
    func received(_ event: PeopleEvent) {
        switch event {
        case .renewed(let signIn, let claims): renewed(signIn, claims)
        case .ended(let signIn, let person, let why):
            note(person, "sign-in ended", detail: why)
            guard let people else { return }
            endTasks(people.tasks(of: signIn), why: "the person's sign-in is over: \(why)")
        case .signedIn(let person, let provider, let address):
            note(person, "sign-in", detail: "provider \(provider), address \(address)")
        case .deviceApproved(let person, let label, let address):
            note(person, "command line let in", detail: "\(label), address \(address)")
        case .deviceDenied(let person, let label, let address):
            note(person, "command line turned away", detail: "\(label), address \(address)")
        case .signedOut(let person): note(person, "sign-out", detail: nil)
        case .refused(let provider, let address, let why):
            logger.notice(
                "a person could not sign in: \(why)",
                metadata: [LogField.listener: .string(address), LogField.trigger: .string(provider)])
        }
    }

    private func note(_ person: PersonIdentifier, _ operation: String, detail: String?) {
        var event = AuditEvent(kind: .adminAction, time: clock.wall())
        event.plane = Plane.identity.rawValue
        event.person = person.description
        event.operation = operation
        event.detail = detail
        record(event)
        logger.info("\(operation)", metadata: [LogField.person: .string(person.description)])
    }

    /// Lets every task of a person know what holds now, and judges what is open again.
    private func renewed(_ signIn: SignInID, _ claims: PersonClaims) {
        guard let ids = people?.tasks(of: signIn), !ids.isEmpty else { return }
        let person = Person(claims)
        let changed = authorizer.changeTasks { _, book in book.renew(person, of: ids) }
        guard !changed.isEmpty else { return }
        for task in changed {
            do throws(StateDatabaseError) {
                try keeper.keep(task)
            } catch {
                logger.error("a task could not be kept", metadata: [LogField.error: .string("\(error)")])
            }
        }
        watchLivePermits()
        reconsider()
    }

    private func endTasks(_ ids: Set<TaskID>, why: String) {
        for task in ids.compactMap({ authorizer.snapshot.tasks[$0] }) {
            let end = end(task, why: why, by: nil)
            guard let failure = end.failure else { continue }
            logger.error(
                "the end of a task could not be kept", metadata: [LogField.error: .string("\(failure)")])
        }
    }

    /// Ends the tasks of the last run that rested on a sign-in: sessions do not outlive the gate, and what held for the
    /// person then may not hold any more.
    func endTasksOfForgottenSessions() {
        // Sessions at other gates go on.
        let foreign = cluster?.memory.withLock { $0.foreign } ?? []
        let orphans = authorizer.snapshot.tasks.all.filter { task in
            task.origin.utf8.starts(with: Self.sessionOrigin.utf8) && !foreign.contains(task.id)
        }
        let open = orphans.filter { task in
            if case .open = authorizer.snapshot.tasks.state(of: task.id, at: now) { true } else { false }
        }
        endTasks(Set(open.map(\.id)), why: "the gate was started anew, and sessions do not outlive it")
    }

    /// Forgets which ended tasks rested on whom.
    func forgetEndedTasks(of people: GatePeople) {
        let now = now
        people.forget { id in
            if case .open = authorizer.snapshot.tasks.state(of: id, at: now) { false } else { true }
        }
    }
}

extension Person {
    /// The person of verified claims. Who does not say when they signed in did so in 1970: recent enough for nothing.
    init(_ claims: PersonClaims) {
        self.init(
            issuer: claims.person.issuer, subject: claims.person.subject, groups: claims.groups ?? [],
            authenticationTime: claims.authenticationTime ?? 0, names: claims.names)
    }

    /// Whether both are the same person, whatever holds for them.
    func isSame(as other: Person) -> Bool {
        issuer.utf8.elementsEqual(other.issuer.utf8) && subject.utf8.elementsEqual(other.subject.utf8)
    }
}
