// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Behavior
internal import Storage
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

extension Gate {
    /// The baseline in force.
    func baseline() async throws -> BaselineReport {
        do {
            return Self.report(try Baselines(logDirectory: log.configuration.directory).current())
        } catch {
            throw AdminError(.failed, "\(error)")
        }
    }

    /// Puts another baseline in force, or none. It is on the device before the record, and the record before the answer.
    func ratify(_ request: BaselineRequest, by caller: Operator) async throws -> BaselineReport {
        guard let watch else {
            throw AdminError(.conflict, "nobody is watched: watch.mode is off", remedy: "set watch.mode and restart")
        }
        try Self.check(why: request.why)
        let baselines = Baselines(logDirectory: log.configuration.directory)
        var wanted: RatifiedBaseline?
        if let text = request.baseline {
            do {
                wanted = try Baseline(decoding: Array(text.utf8))
                    .ratified(by: caller.name, at: clock.wall())
            } catch {
                throw AdminError(
                    .malformed, "the baseline cannot be read: \(error)", remedy: "yett risk learn --directory DIRECTORY"
                )
            }
        }
        var event = event(.adminAction, by: caller)
        event.operation = BehaviorRecord.ratification
        event.cause = request.why
        return try revocationKeeper.changing.withLock { (_) throws(AdminError) in
            do throws(AuditLogError) {
                if let wanted {
                    let digest = try baselines.store.enforce(wanted.encoded)
                    watch.learn(wanted, digest: digest)
                    event.evidence = [BehaviorRecord.evidence(ofBaseline: digest)]
                    record(event)
                    return Self.report((digest, wanted))
                }
                try baselines.store.enforceNothing()
            } catch {
                throw AdminError(
                    .failed, "the baseline could not be written down, and the one before goes on: \(error)",
                    remedy: "mend the disk, then try again")
            }
            record(event)
            return BaselineReport()
        }
    }

    /// How the record of a start names the baseline in force.
    func baselineEvidence() throws(GatewayError) -> [String] {
        guard watch != nil, let current = try Baselines(logDirectory: log.configuration.directory).current() else {
            return []
        }
        return [BehaviorRecord.evidence(ofBaseline: current.digest)]
    }

    private static func report(_ current: (digest: String, baseline: RatifiedBaseline)?) -> BaselineReport {
        var report = BaselineReport()
        guard let current else { return report }
        report.digest = current.digest
        report.person = current.baseline.person
        report.since = Timestamp.text(microseconds: current.baseline.time)
        report.baseline = String(decoding: current.baseline.baseline.encoded, as: UTF8.self)
        return report
    }
}
