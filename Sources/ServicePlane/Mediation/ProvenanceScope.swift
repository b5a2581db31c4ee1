// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity

/// Whose values are followed together in an exchange: those of the outermost task, so that handing on a part neither
/// forgets what was read nor lets an agent's own words vouch; outside of tasks those of the agent.
struct ProvenanceScope {
    let key: ProvenanceBook.Key
    /// What it begins with.
    let beginning: ProvenanceBook.Beginning

    /// `nil` when nobody is known.
    init?(_ context: any MediationContext, _ facts: Facts) {
        if let root = context.taskLinks.last {
            key = .task(root.id)
            // What an agent wrote as the purpose of a task names nothing.
            let isOfPerson = root.origin.utf8.starts(with: "uid:".utf8)
            beginning = ProvenanceBook.Beginning(
                request: isOfPerson ? root.purpose : "", identity: isOfPerson ? context.personValues : [],
                expires: root.expires)
        } else if let task = context.task, let id = TaskID(task.task.id) {
            key = .task(id)
            beginning = ProvenanceBook.Beginning(expires: task.task.expires)
        } else if let identity = context.identity ?? facts.identity {
            key = .agent(identity.id)
            beginning = ProvenanceBook.Beginning()
        } else {
            return nil
        }
    }
}
