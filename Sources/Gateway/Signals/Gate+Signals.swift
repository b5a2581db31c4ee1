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

/// Security events of others, carried out.
extension Gate {
    /// Verifies a token of a transmitter, does what it calls for, and records that.
    ///
    /// - Parameter name: The `jti` that the token has to have, where it came under one.
    func take(_ token: [UInt8], from receiver: SignalReceiver, named name: String? = nil) async -> SignalReception {
        let verified: SecurityEventToken
        do throws(SignalReceiver.Refusal) {
            let revocations = authorizer.snapshot.revocations
            verified = try await receiver.verify(token, now: now) { keyID in
                revocations[.key(Revocation.ExactText(keyID))] != nil
            }
        } catch {
            switch error {
            case .final(let error): return refuse(error, of: receiver)
            case .later(let why): return postpone(why, of: receiver)
            }
        }
        if let name, !name.utf8.elementsEqual(verified.tokenID.utf8) {
            return refuse(
                SecurityEventError(.invalidRequest, "the token has another jti than it came under"), of: receiver)
        }
        guard let memory = signals?.memory else { return .later("nothing can be remembered") }
        let issuer = receiver.transmitter.issuer.description
        switch memory.begin(issuer, verified.tokenID, now: now) {
        case .new: break
        case .known: return .taken
        case .busy: return .later("the same token is being carried out")
        case .full: return postpone("\(SignalMemory.capacity) tokens are remembered already", of: receiver)
        }
        do throws(AdminError) {
            try await carryOut(verified, of: receiver)
        } catch {
            memory.fail(issuer, verified.tokenID)
            return postpone(error.description, of: receiver)
        }
        do throws(StateDatabaseError) {
            let expiry = verified.issuedAt &+ receiver.transmitter.maximumAge &+ SecurityEventToken.leeway
            try memory.finish(issuer, verified.tokenID, until: expiry, now: now)
        } catch {
            return postpone(error.description, of: receiver)
        }
        return .taken
    }

    private func carryOut(_ token: SecurityEventToken, of receiver: SignalReceiver) async throws(AdminError) {
        var event = event(.securityEvent)
        event.source = "signal:\(receiver.name)"
        event.operation = token.events.map(\.name).joined(separator: " ")
        event.cause = "taken"
        var effects: [String] = []
        let subjects = token.subject?.subjects(for: receiver.transmitter) ?? []
        if subjects.count == 1, let subject = subjects.first, receiver.transmitter.speaks(about: subject) {
            switch subject {
            case .person(let person): event.person = person.description
            case .workload(let id): event.agent = id.description
            }
        }
        var problem: AdminError?
        for item in token.events {
            do throws(AdminError) {
                let effect = try await effect(of: item, in: token, on: subjects, receiver)
                effects.append("\(item.name): \(effect)")
            } catch {
                effects.append("\(item.name): failed: \(error)")
                problem = error
            }
        }
        if problem != nil { event.cause = "failed" }
        event.detail =
            "issuer \(receiver.transmitter.issuer), jti \(token.tokenID); " + effects.joined(separator: "; ")
        record(event)
        logger.notice(
            "a security event of another party was \(event.cause ?? "")",
            metadata: [
                LogField.trigger: .string(receiver.name), LogField.reason: .string(effects.joined(separator: "; ")),
            ])
        if let problem { throw problem }
    }

    /// Does what an event calls for.
    ///
    /// - Returns: What was done, in words.
    private func effect(
        of event: SecurityEvent, in token: SecurityEventToken, on subjects: Set<SignalSubject>,
        _ receiver: SignalReceiver
    ) async throws(AdminError) -> String {
        switch event.effect {
        case .nothing(let why): return "ignored, \(why)"
        case .verification: return "the stream works"
        case .revoke, .renew, .risk: break
        }
        guard !subjects.isEmpty else { return "ignored, its subject is nobody who can be known here" }
        var done: [String] = []
        for subject in subjects.sorted(by: { "\($0)" < "\($1)" }) {
            guard receiver.transmitter.speaks(about: subject) else {
                done.append("ignored, the transmitter may not speak about this subject")
                continue
            }
            let notice = SignalNotice(
                effect: event.effect, moment: token.moment(of: event), why: "\(receiver.name) said \(event.name)",
                origin: GateSignals.origin + receiver.name)
            switch subject {
            case .person(let person): done.append(try await heed(notice, about: person))
            case .workload(let id): done.append(try await heed(notice, about: id))
            }
        }
        return done.joined(separator: ", ")
    }

    /// A token that does not count is recorded: its transmitter had shown who it is.
    private func refuse(_ error: SecurityEventError, of receiver: SignalReceiver) -> SignalReception {
        var event = event(.securityEvent)
        event.source = "signal:\(receiver.name)"
        event.cause = "refused"
        event.reasons = [error.code.rawValue]
        event.detail = error.description
        record(event)
        logger.warning(
            "a security event token is refused",
            metadata: [LogField.trigger: .string(receiver.name), LogField.reason: .string(error.description)])
        return .refused(error)
    }

    private func postpone(_ why: String, of receiver: SignalReceiver) -> SignalReception {
        logger.error(
            "a security event token has to come again",
            metadata: [LogField.trigger: .string(receiver.name), LogField.error: .string(why)])
        return .later(why)
    }
}

/// What a transmitter says about somebody.
private struct SignalNotice {
    var effect: SecurityEvent.Effect
    /// When it happened, in Unix seconds.
    var moment: Int64
    var why: String
    var origin: String
}

extension Gate {
    private func heed(_ notice: SignalNotice, about person: PersonIdentifier) async throws(AdminError) -> String {
        switch notice.effect {
        case .revoke, .risk(.high): return try await end(.person(Revocation.PersonName(person)), notice)
        case .renew, .risk(.medium): return try await ask(about: person, notice)
        case .risk(.low): return "noted"
        case .nothing, .verification: return "ignored"
        }
    }

    private func heed(_ notice: SignalNotice, about id: SPIFFEID) async throws(AdminError) -> String {
        guard authorizer.snapshot.agents.agents.contains(where: { $0.id == id }) else {
            return "ignored, no agent has this ID"
        }
        switch notice.effect {
        case .revoke: return try await end(.agent(id), notice)
        case .risk(.high):
            // One with an end is none that a person has to end.
            if let quarantine = state.withLock({ $0.quarantined[id] }), quarantine.ends == nil {
                return "in quarantine already"
            }
            let (count, _, failure) = begin(quarantineOf: id, for: nil, why: notice.why, origin: notice.origin)
            if let failure { throw AdminError(.failed, "\(failure)") }
            return "quarantined, \(count) connections cut"
        case .renew, .risk(.medium), .risk(.low): return "noted"
        case .nothing, .verification: return "ignored"
        }
    }

    private func end(_ target: Revocation.Target, _ notice: SignalNotice) async throws(AdminError) -> String {
        let (text, failure) = try await revoke(
            target, until: notice.moment, why: notice.why, origin: notice.origin)
        if let failure { throw AdminError(.failed, failure) }
        return "revoked \(text)"
    }

    /// Asks the person's provider at once. What rests on no sign-in here, nobody can ask about, and ends.
    private func ask(about person: PersonIdentifier, _ notice: SignalNotice) async throws(AdminError) -> String {
        let asked = await people?.service.ask(about: person.description, why: notice.why) ?? 0
        guard asked > 0 else {
            return "nobody can be asked, " + (try await end(.person(Revocation.PersonName(person)), notice))
        }
        var stopped = 0
        for task in authorizer.snapshot.tasks.all
        where !task.origin.utf8.starts(with: Self.sessionOrigin.utf8) && task.started <= notice.moment {
            guard let own = task.person, Revocation.PersonName(own) == Revocation.PersonName(person) else { continue }
            stopped += end(task, why: notice.why, by: nil).stopped.count
        }
        reconsider()
        return "asked about \(asked) sign-ins, \(stopped) other tasks stopped"
    }
}

extension Revocation.PersonName {
    fileprivate init(_ person: PersonIdentifier) { self.init(issuer: person.issuer, subject: person.subject) }
    fileprivate init(_ person: Person) { self.init(issuer: person.issuer, subject: person.subject) }
}
