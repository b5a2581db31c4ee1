// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
public import AuditTree
public import Decision
internal import Identity

extension AuditEvent {
    /// A record of what a decision knew.
    public init(about facts: borrowing Facts, kind: AuditKind, time: Int64) {
        self.init(kind: kind, time: time)
        plane = facts.plane.rawValue
        if let identity = facts.identity {
            agent = identity.id.description
            proof = identity.proof.description
            strength = identity.strength
            role = identity.role
        }
        task = facts.task?.id
        person = facts.person.map { "\($0.issuer)#\($0.subject)" }
        service = facts.service
        operation = facts.operation.name.rawValue
        tool = facts.operation.tool
        effect = facts.operation.effect?.rawValue
        labels = DataLabel.of(facts).map(\.rawValue)
        method = facts.http?.method
        path = facts.http?.sentPath ?? facts.http?.path
        host = facts.destination.host.description
        port = Int(facts.destination.port)
        source = facts.source.recorded
    }

    /// Adds what a decision came to.
    ///
    /// - Parameter revision: Of the snapshot that judged.
    public mutating func describe(_ verdict: Verdict, decision: DecisionID, revision: UInt64) {
        self.decision = decision.description
        self.verdict = verdict.effect == .allow ? .allow : verdict.effect == .hold ? .hold : .deny
        reasons = [verdict.reason.rawValue] + verdict.policyCodes
        grant = verdict.grant?.name
        if verdict.isDestinationNamed || service != nil, verdict.effect == .allow {
            labels.append(DataLabel.namedDestination.rawValue)
        }
        self.revision = String(revision)
        obligations = verdict.obligations.names
        detail = verdict.detail
    }
}

extension DataLabel {
    /// What the configuration knows of a tool's data.
    fileprivate static func of(_ facts: borrowing Facts) -> [DataLabel] {
        guard facts.operation.name == .toolCall else { return [] }
        var labels: [DataLabel] = []
        if facts.operation.readsUntrustedContent { labels.append(.untrustedRead) }
        if facts.operation.readsPrivateData { labels.append(.privateRead) }
        if facts.operation.effect == .external { labels.append(.externalWrite) }
        return labels
    }
}

extension Source {
    /// The source as it stands in records.
    public var recorded: String? {
        switch self {
        case .tcp(let address, let port): Host.address(address).description + ":" + String(port)
        case .process(let pid, let uid, _): "pid:\(pid) uid:\(uid)"
        case .unknown: nil
        }
    }
}
