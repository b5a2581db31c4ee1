// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import Decision
internal import Identity
internal import ServicePlane

extension Gate {
    /// Judges a request without making it: nothing is sent, spent, counted or recorded.
    func attempt(_ request: TrialRequest, by caller: Operator) async throws -> TrialReport {
        let identity = try proven(request.agent)
        let task = try request.task.map { try self.task(named: $0) }
        let wanted: ServiceTrial.Request
        switch (request.tool, request.method, request.path) {
        case (let tool?, nil, nil): wanted = .tool(name: tool, arguments: request.arguments ?? "{}")
        case (nil, let method, let path?): wanted = .http(method: method ?? "GET", path: path, body: request.body)
        default: throw AdminError(.malformed, "name a tool, or a method and a path")
        }
        let outcome: ServiceTrial.Outcome
        do throws(ServiceTrial.Failure) {
            outcome = try services.attempt(
                ServiceTrial(of: request.service, by: identity, in: task?.id, wanted, at: now))
        } catch { throw Self.adminError(error, service: request.service) }
        let verdict = outcome.verdict
        var report = TrialReport(
            verdict: verdict.effect.rawValue, reason: verdict.reason.rawValue, detail: verdict.detail)
        report.message = outcome.message
        report.provenance = outcome.provenance
        if let facts = outcome.facts {
            let judged = judge(facts)
            report.now = judged.now
            report.suggestion = judged.suggestion
            report.notes = judged.notes
        }
        report.notes.append(
            "judged as if \(identity.id) were known by \(identity.proof), from no address; nothing was sent, spent or "
                + "recorded")
        return report
    }

    /// A task by its id, or by the handle that the agent has.
    private func task(named text: String) throws(AdminError) -> AgentTask {
        let tasks = authorizer.snapshot.tasks
        if let task = TaskID(text).flatMap({ tasks[$0] }) { return task }
        if let task = TaskHandle(text).flatMap({ tasks.task(handleDigest: $0.digest) }) { return task }
        // The text could be a handle, which is a secret.
        throw AdminError(.unknown, "no task has this id or handle", remedy: "yett task list")
    }
}
