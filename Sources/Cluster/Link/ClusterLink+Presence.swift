// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import GRPCClient
internal import Protocols
internal import Synchronization

/// That etcd answers, that the gate is there, and whose clocks agree.
extension ClusterLink {
    /// Asks about once a second for the beat, and writes one when none has come since the last time.
    func beat(_ connection: EtcdConnection) async -> CallFailure {
        let key = terms.text(ClusterKey(.beat))
        while true {
            do throws(CallFailure) {
                let asked = clock.monotonic()
                let reading = try await connection.entry(key)
                let revision = reading.entries.first?.revision ?? 0
                let isDue = state.withLock { $0.freshness.saw(beat: revision, asked: asked) }
                if isDue { try await writeBeat(connection, key, after: revision) }
            } catch {
                return error
            }
            do {
                try await Task.sleep(for: .milliseconds(terms.beatMilliseconds))
            } catch {
                return .closed
            }
        }
    }

    private func writeBeat(_ connection: EtcdConnection, _ key: String, after revision: Int64) async throws(CallFailure)
    {
        let value = EntryDocument.text([("gate", .string(terms.gate)), ("nonce", .string(Self.randomName()))])
        let asked = clock.monotonic()
        // Another gate may have been faster; then its beat is seen the next time.
        guard case .written(let written) = try await connection.replace(key, known: revision, with: value) else {
            return
        }
        state.withLock { $0.freshness.wrote(beat: written, asked: asked) }
    }

    /// Says again and again that the gate is there, and what its clock shows.
    func present(_ connection: EtcdConnection) async -> CallFailure {
        var lease: Int64 = 0
        while true {
            let pause = ClusterTerms.presenceMilliseconds(gates: state.withLock { $0.members.count })
            do throws(CallFailure) {
                let isThere = lease == 0 ? false : try await connection.keepLeaseAlive(lease)
                if !isThere { lease = try await connection.grantLease(seconds: pause * 3 / 1_000 + 1) }
                let seen = state.withLock { state in
                    state.isPresenceDue = false
                    return state.revision
                }
                let own = MemberEntry(
                    gate: terms.gate, run: run, time: clock.wall(), program: terms.program, seen: seen)
                // Unsigned, the others say that it does not count.
                let value = try? terms.members?.value(own.value, at: own.key)
                try await connection.put(terms.text(own.key), value ?? own.value, lease: lease)
            } catch {
                return error
            }
            do {
                var waited: Int64 = 0
                repeat {
                    try await Task.sleep(for: .milliseconds(Self.look))
                    waited += Self.look
                } while waited < pause && !state.withLock({ $0.isPresenceDue })
            } catch {
                // The gate stops: others need not wait for the lease to end.
                return .closed
            }
        }
    }

    /// How often it is looked whether others wait to hear from this gate, in milliseconds.
    private static let look: Int64 = 200

    /// Another gate waits until this one says what it has seen.
    public func presentSoon() { state.withLock { $0.isPresenceDue = true } }

    /// Whether no gate decides any more without a change: every gate that is there has taken it over, or knows nothing
    /// since the change that is within the grace, and denies.
    ///
    /// - Parameters:
    ///   - revision: That of the change.
    ///   - time: When this gate learned of it, in nanoseconds of the monotonic clock.
    public func isSeen(_ revision: Int64, since time: Int64) -> Bool {
        if clock.monotonic() &- time > terms.graceMilliseconds &* 1_000_000 { return true }
        return state.withLock { state in
            state.members.values.allSatisfy { member in
                member.gate.utf8.elementsEqual(terms.gate.utf8) || member.seen >= revision
            }
        }
    }

    /// Takes over what a gate says of itself.
    func met(_ key: ClusterKey, _ entry: EtcdEntry, isReading: Bool) {
        guard let value = entry.value else {
            return state.withLock { state in
                guard let name = key.names.first else { return }
                state.members[name] = nil
                state.clocks.forget(name)
            }
        }
        let member: MemberEntry
        do throws(EntryFault) {
            member = try self.member(key, value)
        } catch {
            return refuse(entry.key, error)
        }
        accept(key)
        let (wall, monotonic) = (clock.wall(), clock.monotonic())
        let news = state.withLock { state -> [ClusterNews] in
            guard state.members[member.gate] != nil || state.members.count < Self.mostMembers else { return [] }
            state.members[member.gate] = member
            guard !member.gate.utf8.elementsEqual(terms.gate.utf8) else { return sameName(member, isReading, &state) }
            // Of an entry that is read, nobody knows since when it has been there.
            let known = isReading ? nil : state.freshness.knownAt
            let earliest = known.map { wall &- max(0, monotonic &- $0) / 1_000 } ?? .min
            state.clocks.learned(member.gate, time: member.time, earliest: earliest, latest: wall)
            let apart = state.clocks.apart(terms.clockSkew)
            state.isOwnDoubtful = state.clocks.isOwnDoubtful(terms.clockSkew)
            guard apart != state.apart else { return [] }
            state.apart = apart
            return apart.isEmpty ? [] : [.clocksApart(apart, isOwnDoubtful: state.isOwnDoubtful)]
        }
        for news in news { follower.heard(news) }
    }

    /// What a gate says of itself; where gates are named, in its own name only.
    private func member(_ key: ClusterKey, _ value: [UInt8]) throws(EntryFault) -> MemberEntry {
        let claim = terms.members?.claim(value, at: key) ?? EntryClaim(believing: value)
        if let fault = claim.fault { throw fault }
        let member = try MemberEntry(key, claim.payload)
        if let signer = claim.signer, !signer.utf8.elementsEqual(member.gate.utf8) {
            throw .untrusted("\(signer) signed it for another gate")
        }
        return member
    }

    /// An entry of this gate's name that this gate did not write, while it is connected, is another gate's.
    private func sameName(_ member: MemberEntry, _ isReading: Bool, _ state: inout State) -> [ClusterNews] {
        guard !isReading, !member.run.utf8.elementsEqual(run.utf8), state.connection != nil, !state.saysSameName
        else { return [] }
        state.saysSameName = true
        return [.sameName(terms.gate)]
    }
}
