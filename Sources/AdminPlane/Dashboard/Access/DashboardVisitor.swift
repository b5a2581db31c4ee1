// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Who asks at the dashboard.
struct DashboardVisitor: Sendable {
    /// Who it is, for the record.
    let caller: Operator
    /// What they may do.
    let role: DashboardRole
    /// The session of the browser; `nil` for a program.
    let session: DashboardSessions.Session?

    /// How pages address them.
    var name: String {
        guard let person = caller.person else { return "user \(caller.uid)" }
        return person.split(separator: "#", maxSplits: 1).last.map(String.init) ?? person
    }
}
