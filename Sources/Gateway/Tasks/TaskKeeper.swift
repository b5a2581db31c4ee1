// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Decision
internal import Protocols
internal import Storage
internal import Synchronization

/// Brings tasks, and what was spent within them, through a restart.
final class TaskKeeper: Sendable {
    /// The gate's state on disk.
    let database: StateDatabase
    /// Held while tasks begin or are swept, so that what is on disk and what decisions read follow each other.
    let changing = Mutex<Void>(())
    private let kept = Mutex<[TaskID: String]>([:])
    /// The tasks that were stopped and are forgotten, until their own time is over: whoever puts one back does not revive
    /// it. A stopped task is remembered as a whole for an hour first, so that there are at most as many as the book holds
    /// for each hour of the longest life.
    private let stopped = Mutex<[TaskID: Int64]>([:])

    init(_ database: StateDatabase) { self.database = database }

    /// Reads the tasks that are kept. One that cannot be read is none.
    ///
    /// - Returns: How many could not be read.
    func load(into authorizer: Authorizer) throws(StateDatabaseError) -> Int {
        let stored = try database.tasks()
        let ended = try database.stoppedTasks()
        stopped.withLock { stopped in
            for task in ended { if let id = TaskID(task.id) { stopped[id] = task.expires } }
        }
        var tasks: [AgentTask] = []
        for row in stored {
            guard let json = try? JSONValue(parsing: row.document), let task = AgentTask(json) else { continue }
            tasks.append(task)
            if let usage = row.usage.flatMap(Self.usage) { authorizer.ledger.restore(usage, of: task) }
        }
        authorizer.changeTasks { _, book in book = TaskBook(tasks) }
        return stored.count - tasks.count
    }

    /// Keeps a task, new or changed.
    func keep(_ task: AgentTask) throws(StateDatabaseError) {
        try database.keep(StoredTask(id: task.id.description, document: task.json.text))
    }

    /// Keeps what was spent since the last time.
    func keepUsage(in authorizer: Authorizer) throws(StateDatabaseError) {
        var changed: [(id: TaskID, text: String)] = []
        for task in authorizer.snapshot.tasks.all {
            let usage = authorizer.ledger.usage(of: task)
            guard !usage.isEmpty else { continue }
            changed.append((task.id, Self.text(usage)))
        }
        changed = kept.withLock { kept in changed.filter { kept[$0.id] != $0.text } }
        try database.keep(usage: changed.map { ($0.id.description, $0.text) })
        kept.withLock { kept in
            for (id, text) in changed { kept[id] = text }
        }
    }

    /// Whether a task was stopped and is forgotten.
    func wasStopped(_ id: TaskID) -> Bool { stopped.withLock { $0[id] != nil } }

    /// Forgets tasks that ended long ago.
    ///
    /// - Parameter isShared: Whether others could put back one whose time is not over.
    func purge(in authorizer: Authorizer, at time: Int64, isShared: Bool) throws(StateDatabaseError) {
        try forgetStopped(at: time)
        try changing.withLock { (_) throws(StateDatabaseError) in
            let tasks = authorizer.snapshot.tasks
            var probe = tasks
            let old = probe.purge(at: time)
            guard !old.isEmpty else { return }
            if isShared { try keepStopped(old.compactMap { tasks[$0] }.filter { $0.stop != nil && $0.expires > time }) }
            let gone = authorizer.changeTasks { _, book in book.purge(at: time) }
            authorizer.ledger.forget(gone)
            kept.withLock { kept in
                for id in gone { kept[id] = nil }
            }
            try database.forget(tasks: gone.map(\.description))
        }
    }

    private func keepStopped(_ tasks: [AgentTask]) throws(StateDatabaseError) {
        try database.keep(stoppedTasks: tasks.map { ($0.id.description, $0.expires) })
        stopped.withLock { stopped in
            for task in tasks { stopped[task.id] = task.expires }
        }
    }

    private func forgetStopped(at time: Int64) throws(StateDatabaseError) {
        guard stopped.withLock({ $0.contains { $0.value <= time } }) else { return }
        try database.forgetStoppedTasks(at: time)
        stopped.withLock { stopped in stopped = stopped.filter { $0.value > time } }
    }

    private static func text(_ usage: [String: GrantUsage]) -> String {
        var object = JSONObject()
        for (name, usage) in usage.sorted(by: { $0.key < $1.key }) {
            object[name] = [
                .integer(usage.calls), .integer(usage.bytes), .integer(usage.tokens), .integer(usage.cost.picos),
            ]
        }
        return JSONValue.object(object).text
    }

    private static func usage(_ text: String) -> [String: GrantUsage]? {
        guard let object = (try? JSONValue(parsing: text))?.object else { return nil }
        var usage: [String: GrantUsage] = [:]
        for member in object.members {
            guard let calls = member.value[0]?.integer.flatMap({ Int(exactly: $0) }),
                let bytes = member.value[1]?.integer.flatMap({ Int(exactly: $0) }), calls >= 0, bytes >= 0
            else { return nil }
            // Older files know of no tokens and no cost.
            let tokens = member.value[2].map { $0.integer.flatMap { Int(exactly: $0) } } ?? 0
            guard let tokens, tokens >= 0 else { return nil }
            let picos = member.value[3].map { $0.integer.flatMap { Int(exactly: $0) } } ?? 0
            guard let picos, picos >= 0 else { return nil }
            usage[member.name] = GrantUsage(
                calls: calls, bytes: bytes, tokens: tokens, cost: Money(picos: picos))
        }
        return usage
    }
}
