// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

public import Identity

/// What a task says of every call that belongs to it.
public struct TaskContext: Sendable, Hashable {
    /// The task.
    public let task: TaskFacts
    /// On whose behalf it was started.
    public let person: Person?
    /// The agents that delegated, nearest first.
    public let actorChain: [SPIFFEID]

    /// Writes the context into facts.
    public func apply(to facts: inout Facts) {
        facts.task = task
        facts.person = person
        facts.actorChain = actorChain
    }
}

extension TaskBook {
    /// The context of calls within a task; `nil` when there is no such task.
    public func context(of id: TaskID) -> TaskContext? {
        guard let links = links(of: id), let task = links.first else { return nil }
        return TaskContext(
            task: task.facts, person: task.person, actorChain: Array(AgentTask.chain(links).dropFirst()))
    }
}
