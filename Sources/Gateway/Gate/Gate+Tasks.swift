// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import AdminPlane
internal import AuditTree
internal import Decision
internal import Identity
internal import IdentityPlane
internal import Logging
internal import ServicePlane
internal import Storage
internal import Synchronization
internal import Telemetry

extension Gate {
    /// Starts a task: it is on the device and in the log before anything can be done within it.
    func startTask(_ request: TaskRequest, by caller: Operator) async throws -> TaskStartReport {
        var order = try order(request, origin: caller.name)
        let signedIn = try await signedIn(request)
        if let signedIn { try apply(signedIn, to: &order) }
        let (task, handle) = try begin(order, event: event(.taskStart, by: caller)) { task throws(AdminError) in
            if let signedIn, people?.attach(task.id, until: task.expires, to: signedIn.signIn) != true {
                throw AdminError(.forbidden, "\(PeopleError.noSession)", remedy: PeopleError.noSession.remedy)
            }
        }
        // Once more, now that the task is there: whoever was signed out meanwhile has none.
        if let signedIn, people?.attach(task.id, until: task.expires, to: signedIn.signIn) != true {
            _ = end(task, why: "\(PeopleError.noSession)", by: caller)
            throw AdminError(.forbidden, "\(PeopleError.noSession)", remedy: PeopleError.noSession.remedy)
        }
        try await shareBegun(task)
        return TaskStartReport(task: report(of: task), handle: handle.secret)
    }

    /// Makes a task of an order, keeps it, records it and lets decisions know it.
    ///
    /// - Parameters:
    ///   - template: The record, as far as it says who asks.
    ///   - attach: Ties the task to whatever it rests on, before it is kept.
    func begin(
        _ order: TaskOrder, event template: AuditEvent, attach: (AgentTask) throws(AdminError) -> Void
    ) throws(AdminError) -> (task: AgentTask, handle: TaskHandle) {
        var generator = SystemRandomNumberGenerator()
        let handle = TaskHandle(using: &generator)
        let id = TaskID.random(using: &generator)
        let task = try keeper.changing.withLock { (_) throws(AdminError) -> AgentTask in
            guard !state.withLock({ $0.isDraining }) else {
                throw AdminError(.unavailable, "the gate is stopping", remedy: "try again after its restart")
            }
            let task = try admit(order, id: id, handle: handle)
            try attach(task)
            var event = template
            event.describe(task)
            event.detail =
                "grants \(task.grants.map(\.name).joined(separator: ", ")); ends at \(Timestamp.text(seconds: task.expires))"
            do throws(StateDatabaseError) {
                try keeper.keep(task)
            } catch {
                throw AdminError(.unavailable, "the task cannot be kept, so it does not begin: \(error)")
            }
            do {
                try log.record(event)
            } catch {
                try? keeper.database.forget(tasks: [task.id.description])
                throw AdminError(.unavailable, "the task cannot be recorded, so it does not begin: \(error)")
            }
            authorizer.changeTasks { _, book in book.insert(task) }
            return task
        }
        logger.info(
            "a task began",
            metadata: [
                LogField.task: .string(task.id.description), LogField.agent: .string(task.agent.description),
                LogField.trigger: .string(order.origin),
            ])
        return (task, handle)
    }

    /// The tasks, the newest first.
    func tasks() async throws -> [TaskReport] { authorizer.snapshot.tasks.all.map(report) }

    /// One task.
    func task(_ id: String) async throws -> TaskReport { report(of: try find(id)) }

    /// Stops a task and those below it: at once for decisions and tokens, then for what is open.
    func stopTask(_ id: String, why: String?, by caller: Operator) async throws -> TaskStopReport {
        let task = try find(id)
        let end = end(task, why: why, by: caller)
        guard !end.stopped.isEmpty else {
            throw AdminError(
                .conflict, "task \(task.id) is \(authorizer.snapshot.tasks.state(of: task.id, at: now).name) already",
                remedy: "yett task list")
        }
        if let failure = end.failure {
            throw AdminError(
                .failed,
                "the task is stopped, but this could not be written down and a restart would revive it: \(failure)",
                remedy: "mend the disk, then stop the task again after the restart")
        }
        return TaskStopReport(stopped: end.stopped.map(\.description).sorted(), cut: end.cut)
    }

    /// How a task ended: which tasks with it, how many connections were cut, and what could not be written down.
    struct TaskEnd {
        var stopped: [TaskID]
        var cut: Int
        var failure: StateDatabaseError?
    }

    /// Ends a task and those below it, for an operator or by the gate itself.
    func end(_ task: AgentTask, why: String?, by caller: Operator?) -> TaskEnd {
        let stop = AgentTask.Stop(time: now, why: why)
        let stopped = authorizer.changeTasks { _, book -> [AgentTask] in
            let ids = book.descendants(of: task.id).sorted { $0.rawValue < $1.rawValue }
            let open = ids.filter { id in
                if case .open = book.state(of: id, at: stop.time) { true } else { false }
            }
            for id in open { book.stop(id, stop) }
            return open.compactMap { book[$0] }
        }
        guard !stopped.isEmpty else { return TaskEnd(stopped: [], cut: 0) }
        let ids = Set(stopped.map(\.id.description))
        let reason = CutReason(.taskStopped, detail: why)
        let count = registry.cut(where: { $0.facts.task.map { ids.contains($0.id) } ?? false }, reason)
        // What the parts of a task have seen is kept with the outermost one.
        services.forget(stopped.map(\.id))
        watchLivePermits()
        defer { cluster?.wake() }
        var failure: StateDatabaseError?
        for task in stopped {
            do throws(StateDatabaseError) {
                try keeper.keep(task)
            } catch {
                failure = error
            }
        }
        for stopped in stopped {
            var event = event(.taskStop, by: caller)
            event.describe(stopped)
            event.reasons = [ReasonCode.taskStopped.rawValue]
            event.cause = why
            if stopped.id == task.id { event.detail = "\(count) connections cut" }
            record(event)
        }
        var metadata: Logger.Metadata = [
            LogField.task: .string(task.id.description), LogField.cut: .stringConvertible(count),
        ]
        if let caller { metadata[LogField.operatorUser] = .stringConvertible(caller.uid) }
        logger.notice("a task was stopped", metadata: metadata)
        return TaskEnd(stopped: stopped.map(\.id), cut: count, failure: failure)
    }

    /// Called once a second: keeps what was spent and forgets what is over.
    func keepTasks() {
        services.forgetEnded(at: now)
        guard !authorizer.snapshot.tasks.isEmpty else { return }
        do throws(StateDatabaseError) {
            try keeper.keepUsage(in: authorizer)
            try keeper.purge(in: authorizer, at: now, isShared: cluster?.members != nil)
        } catch {
            logger.error("the tasks could not be kept", metadata: [LogField.error: .string("\(error)")])
        }
    }

    /// What a request asks for.
    ///
    /// - Parameter origin: Who asks: `uid:` and a user, or an agent's SPIFFE ID.
    func order(_ request: TaskRequest, origin: String) throws(AdminError) -> TaskOrder {
        var grants: [TaskGrant] = []
        for part in request.grants { grants.append(try part.grant()) }
        var order = TaskOrder(
            origin: origin, agent: try identifier(of: request.agent), purpose: request.purpose,
            grants: grants)
        if let text = request.person {
            let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let issuer = parts.first, let subject = parts.last, !issuer.isEmpty,
                !subject.isEmpty, text.utf8.count <= 1024, text.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f })
            else {
                throw AdminError(.malformed, "a person is ISSUER#SUBJECT, as in https://idp.example.org#248289761001")
            }
            order.person = Person(issuer: String(issuer), subject: String(subject), authenticationTime: 0)
        }
        let cost = request.cost.map { Money($0) }
        if cost == .some(nil) {
            throw AdminError(.malformed, "a cost is an amount such as 2.50, with six digits behind the point at most")
        }
        if request.calls != nil || request.bytes != nil || request.tokens != nil || cost != nil {
            order.budget = GrantBudget(
                calls: request.calls, bytes: request.bytes, tokens: request.tokens, cost: cost ?? nil)
        }
        order.seconds = request.seconds
        if let parent = request.parent {
            guard let id = TaskID(parent) else {
                throw AdminError(.malformed, "“\(parent)” is no task id", remedy: "yett task list")
            }
            order.parent = id
        }
        return order
    }

    private func admit(_ order: TaskOrder, id: TaskID, handle: TaskHandle) throws(AdminError) -> AgentTask {
        do throws(TaskError) {
            let snapshot = authorizer.snapshot
            guard snapshot.tasks.all.count < TaskBook.largestCount else { throw .count }
            return try snapshot.task(order, id: id, handleDigest: handle.digest, at: now)
        } catch {
            let kind: AdminError.Kind =
                switch error {
                case .parentEnded: .conflict
                case .count: .unavailable
                case .unknownAgent: .unknown
                default: .malformed
                }
            throw AdminError(kind, "\(error)", remedy: "see what the agent may do: yett check --print")
        }
    }

    private func find(_ id: String) throws(AdminError) -> AgentTask {
        guard let parsed = TaskID(id), let task = authorizer.snapshot.tasks[parsed] else {
            throw AdminError(.unknown, "no task is named “\(id)”", remedy: "yett task list")
        }
        return task
    }

    /// What is told of a task.
    func report(of task: AgentTask) -> TaskReport {
        let (snapshot, now) = (authorizer.snapshot, now)
        let id = task.id.description
        var report = TaskReport(
            id: id, state: snapshot.tasks.state(of: task.id, at: now).name, agent: task.agent.description,
            origin: task.origin, purpose: task.purpose, grants: task.grants.map(TaskPart.init),
            startedAt: Timestamp.text(seconds: task.started), expiresAt: Timestamp.text(seconds: task.expires),
            secondsLeft: max(0, task.expires - now),
            connections: registry.all().count { $0.facts.task?.id == id })
        report.person = task.person.map { "\($0.issuer)#\($0.subject)" }
        report.calls = task.budget?.calls
        report.bytes = task.budget?.bytes
        report.tokens = task.budget?.tokens
        report.cost = task.budget?.cost?.description
        if let usage = authorizer.ledger.usage(of: task)[""] {
            report.usedCalls = usage.calls
            report.usedBytes = usage.bytes
            report.usedTokens = usage.tokens
            report.usedCost = usage.cost.description
        }
        report.parent = task.parent?.description
        report.stoppedWhy = task.stop?.why
        if task.stop != nil || report.state != "open" { report.secondsLeft = 0 }
        return report
    }
}

extension AuditEvent {
    /// Names a task and who stands behind it.
    fileprivate mutating func describe(_ task: AgentTask) {
        self.task = task.id.description
        agent = task.agent.description
        person = task.person.map { "\($0.issuer)#\($0.subject)" }
        operation = task.purpose
    }
}
