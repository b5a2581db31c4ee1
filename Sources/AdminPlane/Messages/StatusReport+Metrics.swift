// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Telemetry

extension StatusReport {
    /// The state of the gate as metrics.
    public var families: [MetricFamily] {
        [
            MetricFamily(.uptime, Int(uptimeSeconds)), MetricFamily(.liveConnections, connections),
            MetricFamily(.launches, launches), MetricFamily(.quarantined, quarantined.count),
            MetricFamily(.auditRecords, Int(clamping: audit.records)),
            MetricFamily(.auditRefused, Int(clamping: audit.refused ?? 0)),
            MetricFamily(.auditHealthy, audit.isAvailable ? 1 : 0),
            MetricFamily(.snapshotRevision, Int(clamping: configuration.revision)),
            MetricFamily(.lastReloadAccepted, lastReload?.isAccepted == false ? 0 : 1),
            MetricFamily(.bundlesMissing, bundles.count { !$0.isActive && $0.isCandidate != true }),
            MetricFamily(.bundlesFailing, bundles.count { $0.message != nil }),
            MetricFamily(.endpoints, endpoints?.count ?? 0),
            MetricFamily(.endpointsOut, endpoints?.count { $0.state != .well } ?? 0),
            MetricFamily(.policyCompared, rollout?.compared ?? 0),
            MetricFamily(.policyDiffering, (rollout?.compared ?? 0) - (rollout?.same ?? 0)),
        ]
    }
}
