// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// The names of all metrics, in the form that Prometheus wants (unit as suffix, `_total` for counters).
public enum MetricName: String, Sendable, CaseIterable {
    /// Seconds since the gate started.
    case uptime = "yett_uptime_seconds"
    /// Connections that are open now.
    case liveConnections = "yett_live_connections"
    /// Launched agents that run now.
    case launches = "yett_launches"
    /// Agents that are quarantined now.
    case quarantined = "yett_quarantined_agents"
    /// Records in the audit tree.
    case auditRecords = "yett_audit_records_total"
    /// 1 while records can be written, otherwise 0.
    case auditHealthy = "yett_audit_healthy"
    /// The revision of the snapshot that decisions read.
    case snapshotRevision = "yett_snapshot_revision"
    /// 1 when the last reload was accepted, otherwise 0.
    case lastReloadAccepted = "yett_last_reload_accepted"
    /// Policy bundles that have not come yet.
    case bundlesMissing = "yett_policy_bundles_missing"
    /// Policy bundles whose last renewal failed.
    case bundlesFailing = "yett_policy_bundles_failing"
    /// Endpoints of services that get no requests now because they fail.
    case endpointsOut = "yett_service_endpoints_out"
    /// Endpoints of services that have several.
    case endpoints = "yett_service_endpoints"

    /// One sentence for the `# HELP` line.
    public var help: String {
        switch self {
        case .uptime: "Seconds since the gate started."
        case .liveConnections: "Connections that are open now."
        case .launches: "Launched agents that run now."
        case .quarantined: "Agents that are quarantined now."
        case .auditRecords: "Records in the audit tree."
        case .auditHealthy: "1 while records can be written, otherwise 0."
        case .snapshotRevision: "The revision of the configuration snapshot that decisions read."
        case .lastReloadAccepted: "1 when the last reload was accepted, otherwise 0."
        case .bundlesMissing: "Policy bundles that have not come yet; while there is one, everything is denied."
        case .bundlesFailing: "Policy bundles whose last renewal failed; the former version serves on."
        case .endpointsOut: "Endpoints of services that get no requests now because they fail."
        case .endpoints: "Endpoints of services that have several."
        }
    }

    /// The metric's type in the Prometheus text format.
    public var kind: String { rawValue.hasSuffix("_total") ? "counter" : "gauge" }
}
