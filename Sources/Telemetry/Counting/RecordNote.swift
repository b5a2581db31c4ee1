// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import AuditTree
internal import Protocols

/// What one record of the audit tree adds to the counters: places in tables, no text.
public struct RecordNote: Sendable, Hashable {
    /// What the record is about.
    let kind: AuditKind
    var plane = 0
    var content = Content.nothing

    /// What is counted of records of one kind.
    enum Content: Sendable, Hashable {
        case nothing
        case decision(verdict: Int, reason: Int, agent: Int, service: Int, nanoseconds: Int64?)
        case end(cause: Int)
        case alarm(signal: Int, level: Int, isQuarantine: Bool)
        case quarantine
        case approval(cause: Int)
        case run(driver: Int, end: Int)
    }

    /// Reads a record.
    ///
    /// - Parameters:
    ///   - agents: Agents by SPIFFE ID.
    ///   - services: Services by name.
    public init(
        _ event: borrowing AuditEvent, _ vocabulary: RecordVocabulary, agents: ConfiguredNames,
        services: ConfiguredNames
    ) {
        kind = event.kind
        plane = vocabulary.planes.position(of: event.plane)
        switch event.kind {
        case .decision:
            guard let verdict = event.verdict else { return }
            content = .decision(
                verdict: Self.position(of: verdict), reason: vocabulary.reasons.position(of: event.reasons.first),
                agent: agents.position(of: event.agent), service: services.position(of: event.service),
                nanoseconds: event.duration.map { $0.multipliedReportingOverflow(by: 1000) }.flatMap {
                    $0.overflow ? nil : $0.partialValue
                })
        case .connectionEnd: content = .end(cause: vocabulary.reasons.position(of: event.cause))
        case .alarm:
            let action = event.reasons.dropFirst().first
            content = .alarm(
                signal: vocabulary.signals.position(of: event.operation),
                level: vocabulary.levels.position(of: event.reasons.first), isQuarantine: action == "quarantine")
        case .adminAction: if event.operation == "quarantine" { content = .quarantine }
        case .approval: content = .approval(cause: vocabulary.approvals.position(of: event.cause))
        case .observation: if event.cause == "sandbox_run" { content = Self.run(event.detail, vocabulary) }
        default: break
        }
    }

    /// What the detail of a run's record says, which is a JSON object.
    private static func run(_ detail: String?, _ vocabulary: RecordVocabulary) -> Content {
        let summary = detail.flatMap { try? JSONValue(parsing: Array($0.utf8)) }
        return .run(
            driver: vocabulary.drivers.position(of: summary?["driver"]?.string),
            end: vocabulary.ends.position(of: summary?["outcome"]?.string))
    }

    static let verdicts = AuditVerdict.allCases.map(\.rawValue)

    private static func position(of verdict: AuditVerdict) -> Int {
        switch verdict {
        case .allow: 0
        case .deny: 1
        case .hold: 2
        }
    }
}
