// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Decision
internal import Telemetry
internal import Transport

extension Gate {
    /// All metrics at this moment.
    func metrics() async throws -> [MetricFamily] {
        let counts = await loops.counts()
        let waiting = MetricFamily(.approvalsWaiting, questions.all.count { $0.state == .waiting })
        return try await status().families + [waiting] + ProcessUsage.families() + counter.families()
            + counts.families + leaks.families + telemetry.families(droppedSpans: counts.droppedSpans)
    }
}
