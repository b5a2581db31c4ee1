// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension MetricName {
    /// One sentence for people.
    public var help: String {
        switch self {
        case .uptime: "Seconds since the gate started."
        case .liveConnections: "Connections that are open now."
        case .launches: "Launched agents that run now."
        case .quarantined: "Agents that are quarantined now."
        case .auditRecords: "Records in the audit tree."
        case .auditRefused: "Records that could not be written since the start; their requests were denied."
        case .auditHealthy: "1 while records can be written, otherwise 0."
        case .snapshotRevision: "The revision of the configuration snapshot that decisions read."
        case .lastReloadAccepted: "1 when the last reload was accepted, otherwise 0."
        case .bundlesMissing: "Policy bundles that have not come yet; while there is one, everything is denied."
        case .bundlesFailing: "Policy bundles whose last renewal failed; the former version serves on."
        case .policyCompared: "Decisions made with the candidate of a policy's rollout, too, since it is tried."
        case .policyDiffering: "Decisions that the candidate of a policy's rollout would have made otherwise."
        case .endpointsOut: "Endpoints of services that get no requests now because they fail."
        case .endpoints: "Endpoints of services that have several."
        case .approvalsWaiting: "Calls that wait for a person now."
        case .processorTime: "Processor time of the gate, user and system."
        case .residentMemory: "Memory of the gate that is in use."
        case .openFiles: "Open files and sockets of the gate."
        case .decisions: "Decisions by plane, verdict and deciding reason."
        case .agentDecisions: "Decisions by agent of the configuration and verdict."
        case .serviceDecisions: "Decisions by service of the configuration and verdict."
        case .decisionDuration: "From the head of a request to the record of its decision."
        case .exchanges: "Permitted exchanges and tunnels that are over, by the class of the answer's status."
        case .exchangeDuration: "From the permit to the end of an exchange or tunnel."
        case .upstreamDuration: "From the request at the service or destination to the head of its answer."
        case .carriedBytes: "Bytes that passed, counted at the end of each exchange or tunnel."
        case .connectionEnds: "Exchanges and connections that did not come to their end by themselves."
        case .alarms: "Alarms about agents' behaviour, by signal and level."
        case .quarantines: "Quarantines that began, by whoever began them."
        case .leaks: "Secrets and canaries found in what agents send, by kind and by where they stood."
        case .approvals: "Questions to people and what became of them."
        case .sandboxRuns: "Runs of generated code, by driver and end."
        case .records: "Records since the start of the gate, by what they are about."
        case .telemetrySent: "Spans, log records and metric points that the collector took."
        case .telemetryDropped: "Spans, log records and metric points that were thrown away, by why."
        case .telemetryFailures: "Attempts to reach the collector that came to nothing."
        }
    }

    /// How its values move.
    public var kind: MetricKind {
        switch self {
        case .decisionDuration, .exchangeDuration, .upstreamDuration: .histogram
        default: rawValue.hasSuffix("_total") ? .counter : .gauge
        }
    }

    /// What its values count.
    public var unit: MetricUnit {
        let name = family
        if name.hasSuffix("_seconds") { return .seconds }
        return name.hasSuffix("_bytes") ? .bytes : .none
    }

    /// The labels of its samples, in their order. Each has few values, none of which an agent can choose.
    public var labels: [MetricLabel] {
        switch self {
        case .decisions: [.plane, .verdict, .reason]
        case .agentDecisions: [.agent, .verdict]
        case .serviceDecisions: [.service, .verdict]
        case .decisionDuration, .exchangeDuration, .upstreamDuration: [.plane]
        case .exchanges: [.plane, .status]
        case .carriedBytes: [.plane, .direction]
        case .connectionEnds: [.plane, .cause]
        case .alarms: [.signal, .level]
        case .quarantines: [.origin]
        case .leaks: [.kind, .surface]
        case .approvals: [.cause]
        case .sandboxRuns: [.driver, .end]
        case .records: [.kind]
        case .telemetrySent, .telemetryFailures: [.signal]
        case .telemetryDropped: [.signal, .cause]
        default: []
        }
    }

    /// The name without `_total`, as OpenMetrics calls the family.
    public var family: String {
        rawValue.hasSuffix("_total") ? String(rawValue.dropLast("_total".count)) : rawValue
    }

    /// The name in OTLP: without what a Prometheus exporter adds for the kind and the unit.
    public var otlpName: String {
        var name = family
        if unit != .none { name = String(name.dropLast(unit.rawValue.count + 1)) }
        return "yett." + name.dropFirst("yett_".count)
    }
}

/// The names of labels.
public enum MetricLabel: String, Sendable, CaseIterable {
    /// An agent's name in the configuration; `other` for those beyond the first hundred, `none` for nobody.
    case agent
    /// Why, one of a fixed list.
    case cause
    /// `up` to the service or `down` to the agent.
    case direction
    /// What ran the code.
    case driver
    /// How a run ended.
    case end
    /// What something is, one of a fixed list.
    case kind
    /// How bad.
    case level
    /// Who began it.
    case origin
    /// The way in.
    case plane
    /// A reason code.
    case reason
    /// A service's name in the configuration, with the same limit as agents.
    case service
    /// What was noticed, or what kind of telemetry it is.
    case signal
    /// `2xx` and so on; `none` where there is no status.
    case status
    /// Where in a request.
    case surface
    /// `allow`, `deny` or `hold`.
    case verdict
}
