// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The names of all metrics, in the form that Prometheus wants (unit as suffix, `_total` for counters).
public enum MetricName: String, Sendable, CaseIterable {
    // MARK: The gate

    /// Seconds since the gate started.
    case uptime = "yett_uptime_seconds"
    /// Connections that are open now.
    case liveConnections = "yett_live_connections"
    /// Launched agents that run now.
    case launches = "yett_launches"
    /// Agents that are quarantined now.
    case quarantined = "yett_quarantined_agents"
    /// The revision of the snapshot that decisions read.
    case snapshotRevision = "yett_snapshot_revision"
    /// 1 when the last reload was accepted, otherwise 0.
    case lastReloadAccepted = "yett_last_reload_accepted"
    /// Policy bundles that have not come yet.
    case bundlesMissing = "yett_policy_bundles_missing"
    /// Policy bundles whose last renewal failed.
    case bundlesFailing = "yett_policy_bundles_failing"
    /// Decisions that were made with the candidate of a rollout, too, since it is tried.
    case policyCompared = "yett_policy_rollout_compared"
    /// Those of them that the candidate would have made otherwise.
    case policyDiffering = "yett_policy_rollout_differing"
    /// Endpoints of services that get no requests now because they fail.
    case endpointsOut = "yett_service_endpoints_out"
    /// Endpoints of services that have several.
    case endpoints = "yett_service_endpoints"
    /// Calls that wait for a person now.
    case approvalsWaiting = "yett_approvals_waiting"
    /// Processor time of the gate.
    case processorTime = "yett_process_cpu_seconds_total"
    /// Memory of the gate that is in use.
    case residentMemory = "yett_process_resident_memory_bytes"
    /// Open files and sockets of the gate.
    case openFiles = "yett_process_open_files"

    // MARK: Decisions and what follows from them

    /// Decisions, by what they came to.
    case decisions = "yett_decisions_total"
    /// Decisions by agent.
    case agentDecisions = "yett_agent_decisions_total"
    /// Decisions by service.
    case serviceDecisions = "yett_service_decisions_total"
    /// From the head of a request to the record of its decision.
    case decisionDuration = "yett_decision_duration_seconds"
    /// What agents did at services and destinations and is over.
    case exchanges = "yett_exchanges_total"
    /// From the permit to the end.
    case exchangeDuration = "yett_exchange_duration_seconds"
    /// From the request to the head of the answer.
    case upstreamDuration = "yett_upstream_duration_seconds"
    /// Bytes that passed.
    case carriedBytes = "yett_carried_bytes_total"
    /// Ends that did not come by themselves.
    case connectionEnds = "yett_connection_ends_total"

    // MARK: Watching

    /// Alarms about agents' behaviour.
    case alarms = "yett_alarms_total"
    /// Quarantines that began.
    case quarantines = "yett_quarantines_total"
    /// Secrets and canaries that were found in what agents send.
    case leaks = "yett_leaks_total"
    /// Questions to people, and what became of them.
    case approvals = "yett_approvals_total"
    /// Runs of generated code.
    case sandboxRuns = "yett_sandbox_runs_total"

    // MARK: The audit tree

    /// Records in the audit tree.
    case auditRecords = "yett_audit_records_total"
    /// Records since the start, by what they are about.
    case records = "yett_records_total"
    /// Records that could not be written.
    case auditRefused = "yett_audit_refused_records_total"
    /// 1 while records can be written, otherwise 0.
    case auditHealthy = "yett_audit_healthy"

    // MARK: Telemetry itself

    /// What was brought to the collector.
    case telemetrySent = "yett_telemetry_sent_total"
    /// What was thrown away.
    case telemetryDropped = "yett_telemetry_dropped_total"
    /// Attempts that came to nothing.
    case telemetryFailures = "yett_telemetry_failures_total"
}

/// How the values of a metric move.
public enum MetricKind: String, Sendable {
    /// It only grows, from the start of the gate on.
    case counter
    /// It is what it is now.
    case gauge
    /// How many values there were below each of some bounds, and their sum.
    case histogram
}

/// What the values of a metric count.
public enum MetricUnit: String, Sendable {
    /// Things.
    case none = ""
    /// Seconds.
    case seconds
    /// Bytes.
    case bytes

    /// The unit as OTLP writes it (UCUM).
    public var code: String {
        switch self {
        case .none: ""
        case .seconds: "s"
        case .bytes: "By"
        }
    }
}
