// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity
public import Protocols
import Synchronization

/// The provenance of everything that is going on: one for each task, and one for each agent that works without a task.
///
/// It is shared by all services, so that what was read at one of them counts at the next. Nothing is dropped to make room
/// while it is in use: where there is no room the call is refused, because a task that was forgotten would seem to have
/// read nothing.
public final class ProvenanceBook: Sendable {
    /// Whose calls belong together.
    public enum Key: Hashable, Sendable {
        /// Those of a task and of all tasks below it.
        case task(TaskID)
        /// Those of an agent outside of tasks.
        case agent(SPIFFEID)
    }

    /// What a task begins with, and when it ends.
    public struct Beginning: Sendable {
        /// The person's words; empty when nobody asked.
        public var request: String
        /// What is known of the person.
        public var identity: [String]
        /// When it ends, in Unix seconds; `nil` without an end of its own.
        public var expires: Int64?

        /// Collects what is known.
        public init(request: String = "", identity: [String] = [], expires: Int64? = nil) {
            self.request = request
            self.identity = identity
            self.expires = expires
        }
    }

    /// The choices of the administrator.
    public let settings: ProvenanceSettings

    private let limits: Limits
    private let table: Mutex<Table>

    /// Bounds of the book.
    public struct Limits: Sendable, Hashable {
        /// Tasks and agents.
        public var entries = 4096
        /// Bytes of the results that are remembered, all tasks together; later ones vouch for nothing.
        public var bytes = 256 << 20
        /// Seconds without a call after which an agent without a task begins anew.
        public var idle: Int64 = 1800
        /// Seconds after which it begins anew in any case.
        public var age: Int64 = 8 * 3600

        /// The defaults.
        public init() {}
    }

    private struct Table {
        var entries: [Key: Entry] = [:]
        var bytes = 0
    }

    /// One task. Its own lock, so that judging one does not hold up the others.
    private final class Entry: Sendable {
        let state: Mutex<TaskProvenance>
        let started: Int64
        let expires: Int64?
        let usage: Mutex<(last: Int64, bytes: Int)>

        init(_ beginning: Beginning, _ settings: ProvenanceSettings, at time: Int64) {
            state = Mutex(
                TaskProvenance(request: beginning.request, identity: beginning.identity, settings: settings))
            started = time
            expires = beginning.expires
            usage = Mutex((time, 0))
        }

        init(copy other: Entry) {
            state = Mutex(other.state.withLock { $0 })
            started = other.started
            expires = other.expires
            usage = Mutex(other.usage.withLock { $0 })
        }

        func isOver(at time: Int64, _ limits: Limits) -> Bool {
            if let expires { return time >= expires }
            return time &- started >= limits.age || time &- usage.withLock { $0.last } >= limits.idle
        }
    }

    /// An empty book.
    public init(settings: ProvenanceSettings = ProvenanceSettings(), limits: Limits = Limits()) {
        self.settings = settings
        self.limits = limits
        table = Mutex(Table())
    }

    /// How many tasks and agents there are.
    public var count: Int { table.withLock { $0.entries.count } }

    /// Judges a call, and counts it when it is allowed unless it was counted before.
    ///
    /// - Parameter settings: The choices for the service that is called, where they are others than the book's. The
    ///   bounds are the book's.
    public func admit(
        _ key: Key, _ beginning: @autoclosure () -> Beginning, tool: String, arguments: JSONValue,
        annotations: ToolAnnotations, tools: TaskTools? = nil, settings: ProvenanceSettings? = nil, at time: Int64,
        isCounted: Bool = true
    ) -> ProvenanceVerdict {
        guard let entry = entry(key, beginning(), at: time) else {
            return .denied(ProvenanceDenial(rule: .tooManyTasks, argument: nil, origin: .unseen))
        }
        var choices = settings ?? self.settings
        choices.limits = self.settings.limits
        return entry.state.withLock { [choices] task in
            task.settings = choices
            guard isCounted || task.calls[tool] == nil else {
                return task.judgeAgain(tool, arguments: arguments, annotations: annotations, tools: tools)
            }
            return task.admit(tool, arguments: arguments, annotations: annotations, tools: tools)
        }
    }

    /// What ``admit`` would say of a call now; nothing is counted.
    public func foresee(
        _ key: Key, _ beginning: @autoclosure () -> Beginning, tool: String, arguments: JSONValue,
        annotations: ToolAnnotations, tools: TaskTools? = nil, settings: ProvenanceSettings? = nil, at time: Int64
    ) -> ProvenanceVerdict {
        guard let entry = entry(key, beginning(), at: time) else {
            return .denied(ProvenanceDenial(rule: .tooManyTasks, argument: nil, origin: .unseen))
        }
        var choices = settings ?? self.settings
        choices.limits = self.settings.limits
        return entry.state.withLock { [choices] task in
            task.settings = choices
            return task.judge(tool, arguments: arguments, annotations: annotations, tools: tools)
        }
    }

    /// Begins to follow a task in which nothing is judged yet; what it reads may count later.
    public func begin(_ key: Key, _ beginning: @autoclosure () -> Beginning, at time: Int64) {
        _ = entry(key, beginning(), at: time)
    }

    /// Adds what a call brought back. Without an entry, or beyond the bound, nothing is added and nothing vouches.
    public func note(
        _ result: JSONValue, of tool: String, arguments: JSONValue, annotations: ToolAnnotations, for key: Key,
        bytes: Int
    ) {
        let entry: Entry? = table.withLock { table in
            guard let entry = table.entries[key], bytes >= 0, bytes <= limits.bytes &- table.bytes else { return nil }
            table.bytes &+= bytes
            entry.usage.withLock { $0.bytes &+= bytes }
            return entry
        }
        entry?.state.withLock { $0.note(result: result, of: tool, arguments: arguments, annotations: annotations) }
    }

    /// Forgets a task, as when it was stopped, or an agent.
    public func forget(_ key: Key) {
        table.withLock { Self.remove(key, from: &$0) }
    }

    /// Forgets whatever is over at a time.
    public func forgetEnded(at time: Int64) {
        table.withLock { table in
            for (key, entry) in table.entries where entry.isOver(at: time, limits) { Self.remove(key, from: &table) }
        }
    }

    /// A book with the same in it, for judging what is not to be counted.
    public func copy() -> ProvenanceBook {
        let copy = ProvenanceBook(settings: settings, limits: limits)
        let entries = table.withLock { $0.entries.mapValues(Entry.init(copy:)) }
        copy.table.withLock { $0.entries = entries }
        return copy
    }

    private static func remove(_ key: Key, from table: inout Table) {
        guard let entry = table.entries.removeValue(forKey: key) else { return }
        table.bytes &-= entry.usage.withLock { $0.bytes }
    }

    private func entry(_ key: Key, _ beginning: Beginning, at time: Int64) -> Entry? {
        table.withLock { table in
            if let entry = table.entries[key] {
                guard entry.isOver(at: time, limits) else {
                    entry.usage.withLock { $0.last = max($0.last, time) }
                    return entry
                }
                Self.remove(key, from: &table)
            }
            if table.entries.count >= limits.entries {
                for (key, entry) in table.entries where entry.isOver(at: time, limits) {
                    Self.remove(key, from: &table)
                }
                guard table.entries.count < limits.entries else { return nil }
            }
            let entry = Entry(beginning, settings, at: time)
            table.entries[key] = entry
            return entry
        }
    }
}
