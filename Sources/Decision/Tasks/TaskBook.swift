// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// All tasks that decisions know: those that run, and for a while those that ended, so that their refusals can say so.
public struct TaskBook: Sendable {
    private var tasks: [TaskID: AgentTask] = [:]
    private var handles: [[UInt8]: TaskID] = [:]

    /// The most tasks at one time, ended ones included.
    public static let largestCount = 4096
    /// How long an ended task is remembered, in seconds.
    public static let remembrance: Int64 = 3600

    /// No task.
    public static let empty = TaskBook()

    private init() {}

    /// A book with stored tasks. A task whose parent is missing is kept and never open.
    public init(_ tasks: [AgentTask]) {
        for task in tasks { insert(task) }
    }

    /// Whether there is no task at all.
    public var isEmpty: Bool { tasks.isEmpty }

    /// Every task, the newest first.
    public var all: [AgentTask] {
        tasks.values.sorted { ($0.started, $0.id.rawValue) > ($1.started, $1.id.rawValue) }
    }

    /// The task of an id.
    public subscript(id: TaskID) -> AgentTask? { tasks[id] }

    /// The task whose handle has this SHA-256 digest.
    public func task(handleDigest: [UInt8]) -> AgentTask? { handles[handleDigest].flatMap { tasks[$0] } }

    /// The task and those above it, nearest first; `nil` when one of them is missing.
    public func links(of id: TaskID) -> [AgentTask]? {
        var links: [AgentTask] = []
        var next: TaskID? = id
        while let id = next {
            guard links.count < AgentTask.maximumDepth, let task = tasks[id] else { return nil }
            links.append(task)
            next = task.parent
        }
        return links
    }

    /// The task and every task below it.
    public func descendants(of id: TaskID) -> Set<TaskID> {
        Set(tasks.keys.filter { links(of: $0)?.contains { $0.id == id } ?? ($0 == id) })
    }

    /// How a task stands at a time, the tasks above it included.
    public func state(of id: TaskID, at time: Int64) -> TaskState {
        guard let links = links(of: id) else { return .unknown }
        for link in links {
            if let stop = link.stop { return .stopped(stop) }
            if time >= link.expires { return .expired }
        }
        return .open(links)
    }

    /// Adds a task.
    public mutating func insert(_ task: AgentTask) {
        tasks[task.id] = task
        handles[task.handleDigest] = task.id
    }

    /// Stops a task; the tasks below it are over with it.
    ///
    /// - Returns: Whether it was there and not stopped before.
    @discardableResult
    public mutating func stop(_ id: TaskID, _ stop: AgentTask.Stop) -> Bool {
        guard let task = tasks[id], task.stop == nil else { return false }
        tasks[id]?.stop = stop
        return true
    }

    /// Forgets tasks that ended long ago and that no remembered task stands under.
    ///
    /// - Returns: Those that were forgotten.
    public mutating func purge(at time: Int64) -> [TaskID] {
        let isOld = { (task: AgentTask) in
            min(task.expires, task.stop?.time ?? task.expires) &+ Self.remembrance <= time
        }
        // A sub-task never outlives its parent by more than the remembrance, so that whole branches go.
        let old = tasks.values.filter(isOld)
        for task in old {
            tasks[task.id] = nil
            handles[task.handleDigest] = nil
        }
        return old.map(\.id)
    }
}

/// How a task stands.
public enum TaskState: Sendable, Hashable {
    /// It runs; with it the tasks above it, itself first.
    case open([AgentTask])
    /// It, or a task above it, was stopped.
    case stopped(AgentTask.Stop)
    /// Its time, or that of a task above it, is over.
    case expired
    /// There is no such task, or not any more.
    case unknown

    /// The state in one word.
    public var name: String {
        switch self {
        case .open: "open"
        case .stopped: "stopped"
        case .expired: "expired"
        case .unknown: "unknown"
        }
    }
}
