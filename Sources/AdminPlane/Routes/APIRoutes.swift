// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird

/// Every route of the admin API below `/v1`.
struct APIRoutes {
    let gate: any GateControl
    let dashboard: DashboardAccess?

    func add(to group: RouterGroup<AdminContext>) {
        GateRoutes(gate: gate).add(to: group)
        AuditRoutes(gate: gate).add(to: group)
        LaunchRoutes(gate: gate).add(to: group)
        BaselineRoutes(gate: gate).add(to: group)
        TaskRoutes(gate: gate).add(to: group)
        ToolRoutes(gate: gate).add(to: group)
        PeopleRoutes(gate: gate).add(to: group)
        ApprovalRoutes(gate: gate).add(to: group)
        IdentityRoutes(gate: gate).add(to: group)
        CanaryRoutes(gate: gate).add(to: group)
        DashboardRoutes(access: dashboard).add(to: group)
    }
}
