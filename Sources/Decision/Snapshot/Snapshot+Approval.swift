// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension Snapshot {
    /// The verdict with what is said of people who have to agree: held where a grant or the plane asks for one, and
    /// allowed where a person agreed to this very call.
    func consented(_ verdict: Verdict, _ granted: Verdict?, _ facts: borrowing Facts) -> Verdict {
        var verdict = verdict
        if verdict.effect == .allow, facts.operation.name != .session,
            let demand = facts.approvalDemand ?? granted?.demand
        {
            verdict.effect = .hold
            verdict.reason = .approvalRequired
            verdict.detail = demand
        }
        verdict.demand = nil
        guard verdict.effect == .hold, let approval = facts.approval, approval.covers(facts) else { return verdict }
        verdict.effect = .allow
        verdict.reason = .personApproved
        verdict.detail = "approval \(approval.id) of \(approval.person)"
        return verdict
    }
}
