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

    init(_ database: StateDatabase) { self.database = database }

    /// Reads the tasks that are kept. One that cannot be read is none.
    ///
    /// - Returns: How many could not be read.
    func load(into authorizer: Authorizer) throws(StateDatabaseError) -> Int {
        let stored = try database.tasks()
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

    /// Forgets tasks that ended long ago.
    func purge(in authorizer: Authorizer, at time: Int64) throws(StateDatabaseError) {
        try changing.withLock { (_) throws(StateDatabaseError) in
            var probe = authorizer.snapshot.tasks
            guard !probe.purge(at: time).isEmpty else { return }
            let gone = authorizer.changeTasks { _, book in book.purge(at: time) }
            authorizer.ledger.forget(gone)
            kept.withLock { kept in
                for id in gone { kept[id] = nil }
            }
            try database.forget(tasks: gone.map(\.description))
        }
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
