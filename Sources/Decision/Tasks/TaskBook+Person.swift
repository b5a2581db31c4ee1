// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

extension TaskBook {
    /// Writes what holds for a person now into some tasks and those below them, as far as they are the same person's.
    ///
    /// - Returns: The tasks that are different now.
    public mutating func renew(_ person: Person, of ids: Set<TaskID>) -> [AgentTask] {
        var changed: [AgentTask] = []
        for id in ids.reduce(into: Set<TaskID>(), { $0.formUnion(descendants(of: $1)) }) {
            guard let task = self[id], let old = task.person, old != person,
                old.issuer.utf8.elementsEqual(person.issuer.utf8), old.subject.utf8.elementsEqual(person.subject.utf8)
            else { continue }
            let renewed = task.with(person)
            insert(renewed)
            changed.append(renewed)
        }
        return changed
    }
}

extension AgentTask {
    /// The same task for a person of whom something else holds now.
    fileprivate func with(_ person: Person) -> AgentTask {
        AgentTask(
            id: id, handleDigest: handleDigest, origin: origin, person: person, agent: agent, purpose: purpose,
            grants: grants, budget: budget, started: started, expires: expires, parent: parent, stop: stop)
    }
}
