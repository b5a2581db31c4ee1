// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Cluster
internal import Decision
internal import Logging
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport

/// Takes over what other gates did. What restricts is taken over always, what widens only as it stands in etcd.
extension Gate {
    /// Everything that etcd has.
    func takeAll(_ entries: [SharedEntry]) async {
        cluster?.memory.withLock { $0.forgetEtcd() }
        for entry in entries { await take(entry) }
    }

    /// One entry as it is now.
    func take(_ entry: SharedEntry) async {
        guard let cluster else { return }
        do throws(EntryFault) {
            switch entry.key.kind {
            case .revocation: try await takeRevocation(entry, cluster)
            case .quarantine: try takeQuarantine(entry, cluster)
            case .task: try takeTask(entry, cluster)
            case .pin: try takePin(entry, cluster)
            case .keys: try takeKeys(entry, cluster)
            case .authority: try await takeAuthority(entry, cluster)
            case .question: try takeQuestion(entry, cluster)
            case .answer: try takeAnswer(entry, cluster)
            case .head: try takeHead(entry, cluster)
            case .sightings: try takeSightings(entry, cluster)
            case .beat, .member, .budget: break
            }
            cluster.link.accept(entry.key)
        } catch {
            cluster.link.refuse(cluster.link.terms.prefix + entry.key.description, error)
        }
    }

    // MARK: Revocations

    /// How old a revocation is, in microseconds, before what is open is judged by its age: what is open when the news
    /// comes was there before, and clocks differ.
    private static let news: Int64 = 60_000_000

    private func takeRevocation(_ entry: SharedEntry, _ cluster: GateCluster) async throws(EntryFault) {
        guard let target = SharedRevocation.target(entry.key) else { throw .malformed("it names nothing to revoke") }
        guard let value = entry.value else {
            // The gate's own goes back.
            return cluster.memory.withLock { $0.revocations[target] = nil }
        }
        var fault: EntryFault?
        var revocation: Revocation
        do throws(EntryFault) {
            revocation = try SharedRevocation.read(target, value)
            cluster.memory.withLock { [revocation] in $0.revocations[target] = revocation }
        } catch {
            // The key says what it was about: everything up to now.
            fault = error
            cluster.memory.withLock { $0.revocations[target] = nil }
            revocation = self.revocation(of: target, why: "its entry in etcd cannot be read", origin: "the gate")
        }
        let known = authorizer.snapshot.revocations[target]
        let isOver = revocation.expires.map { $0 <= now } ?? false
        if !isOver, !(known.map { SharedRevocation.covers($0, revocation) } ?? false) {
            await apply(shared: revocation)
        }
        if let fault { throw fault }
    }

    private func apply(shared revocation: Revocation) async {
        let isOld = revocation.time < clock.wall() &- Self.news
        do throws(AdminError) {
            let (kept, count, failure) = try revocationKeeper.changing.withLock { (_) throws(AdminError) in
                try apply(revocation, isExact: isOld)
            }
            let end = await end(
                whatRestsOn: revocation.target, why: revocation.why ?? "revoked", by: nil,
                signedInUntil: isOld ? revocation.time / 1_000_000 : .max)
            record(describing(kept, cut: count, end, by: nil))
            logger.notice(
                "another gate revoked",
                metadata: [
                    LogField.trigger: .string(revocation.target.kind.rawValue), LogField.cut: .stringConvertible(count),
                ])
            if let failure = failure.map({ "\($0)" }) ?? end.failure {
                logger.error(
                    "a revocation could not be written down", metadata: [LogField.error: .string("\(failure)")])
            }
        } catch {
            logger.error(
                "a revocation of another gate does not hold here", metadata: [LogField.error: .string("\(error)")])
        }
    }
}
