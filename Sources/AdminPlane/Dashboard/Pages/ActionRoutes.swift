// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Hummingbird
internal import HummingbirdCore
internal import Identity

/// What forms of pages do. The door has seen that the form is one of the session.
struct ActionRoutes {
    let gate: any GateControl
    let access: DashboardAccess

    func add(to router: Router<AdminContext>) {
        action(router, "cut", .operator) { form, caller in
            let request = CutRequest(
                agent: form["agent"], task: form["task"], service: form["service"], connection: form["connection"],
                why: form["why"])
            guard !request.isEmpty else { throw AdminError(.malformed, "nothing says which connections to cut") }
            return "Cut \(Amount.count(try await gate.cut(request, by: caller).cut, "connection"))."
        }
        action(router, "quarantine", .operator) { form, caller in
            var request = QuarantineRequest(agent: try form.required("agent"), why: form["why"])
            if let text = form["seconds"] {
                guard let seconds = Int64(text) else { throw AdminError(.malformed, "seconds is a number") }
                request.seconds = seconds
            }
            let report = try await gate.quarantine(request, by: caller)
            let until = report.until.map { " until \(Amount.moment($0))" } ?? ""
            return
                "\(AgentName.short(report.agent)) is in quarantine\(until). Cut \(Amount.count(report.cut, "connection"))."
        }
        action(router, "release", .operator) { form, caller in
            let request = QuarantineRequest(agent: try form.required("agent"), why: form["why"])
            return "\(AgentName.short(try await gate.release(request, by: caller).agent)) may act again."
        }
        action(router, "stop", .operator) { form, caller in
            let report = try await gate.stopTask(try form.required("task"), why: form["why"], by: caller)
            return
                "Stopped \(Amount.count(report.stopped.count, "task")), cut \(Amount.count(report.cut, "connection"))."
        }
        action(router, "approve", .operator) { form, caller in
            let report = try await gate.answer(
                try form.required("approval"), agrees: true, ApprovalAnswerRequest(why: form["why"]), by: caller)
            return "Approved the call of \(AgentName.short(report.agent)) to \(report.service)."
        }
        action(router, "refuse", .operator) { form, caller in
            let report = try await gate.answer(
                try form.required("approval"), agrees: false, ApprovalAnswerRequest(why: form["why"]), by: caller)
            return "Refused the call of \(AgentName.short(report.agent)) to \(report.service)."
        }
        action(router, "reload", .admin) { _, caller in
            let report = try await gate.reload(by: caller)
            guard report.isAccepted else {
                throw AdminError(
                    .conflict,
                    "the configuration was refused, revision \(report.revision) serves on: \(report.diagnostics.first ?? "")"
                )
            }
            return "Revision \(report.revision) serves. Cut \(Amount.count(report.cut, "connection"))."
        }
        action(router, "approve-tool", .admin) { form, caller in
            let tool = ToolApproval.Tool(name: try form.required("tool"), hash: try form.required("hash"))
            let report = try await gate.approveTools(
                of: try form.required("service"), ToolApproval(tools: [tool], why: form["why"]), by: caller)
            if let refusal = report.refused.first { throw AdminError(.conflict, "\(refusal.name): \(refusal.why)") }
            return "\(tool.name) is in use as defined now."
        }
    }

    /// Adds an action, and says on the page that follows what came of it.
    private func action(
        _ router: Router<AdminContext>, _ name: String, _ role: DashboardRole,
        _ body: @escaping @Sendable (FormFields, Operator) async throws -> String
    ) {
        router.post(RouterPath(stringLiteral: "/actions/\(name)")) { _, context in
            guard let visitor = context.visitor, let session = visitor.session, let form = context.form else {
                throw AdminError(.forbidden, "nobody is signed in, so nothing was done")
            }
            guard visitor.role >= role else { throw AdminError(.forbidden, "this takes the role \(role.rawValue)") }
            let notice: DashboardSessions.Notice
            do {
                notice = DashboardSessions.Notice(text: try await body(form, visitor.caller), isFailure: false)
            } catch let error as AdminError {
                notice = DashboardSessions.Notice(text: "Not done: \(error.detail).", isFailure: true)
            }
            access.sessions.tell(session, notice)
            return DashboardDoor.redirect(to: Page.Place(rawValue: form["next"] ?? "")?.rawValue ?? "/")
        }
    }
}

extension FormFields {
    /// A field that has to be there.
    func required(_ name: String) throws(AdminError) -> String {
        guard let value = self[name] else { throw AdminError(.malformed, "the form has no \(name)") }
        return value
    }
}
