// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Identity
import Synchronization

/// Whose the tasks and conversations of one agent are: the first caller who began or was given one.
///
/// Each caller has room of its own, so that nobody drives out what is another's. What is forgotten, as after a restart,
/// is unknown to everybody.
final class A2AMemory: Sendable {
    /// Who owns something: an agent, and the outermost task in which it worked.
    struct Owner: Hashable, Sendable {
        /// The agent.
        let agent: SPIFFEID
        /// The task; `nil` outside of tasks.
        let task: TaskID?
    }

    /// What is owned.
    enum Kind: UInt8, Sendable {
        /// A task of the agent.
        case task
        /// A conversation.
        case context
    }

    private struct Key: Hashable {
        let kind: Kind
        let id: [UInt8]
    }

    private struct State {
        var owners: [Key: Owner] = [:]
        var order: [SPIFFEID: Queue] = [:]
    }

    /// What one agent has, oldest first.
    private struct Queue {
        var keys: [Key] = []
        var first = 0

        var count: Int { keys.count &- first }

        mutating func removeFirst() -> Key? {
            guard first < keys.count else { return nil }
            let key = keys[first]
            first &+= 1
            if first > 1024, first > keys.count / 2 {
                keys.removeFirst(first)
                first = 0
            }
            return key
        }
    }

    private let capacity: Int
    private let total: Int
    private let state = Mutex(State())

    /// Nothing is remembered.
    ///
    /// - Parameters:
    ///   - capacity: How much of one agent is remembered.
    ///   - total: How much of all agents.
    init(capacity: Int = 8192, total: Int = 1 << 18) {
        self.capacity = max(capacity, 1)
        self.total = max(total, 1)
    }

    /// What came of a claim.
    enum Claim: Sendable {
        /// It is the caller's from now on.
        case new
        /// It is the caller's.
        case own
        /// It is another's, or there is no room.
        case refused
    }

    /// Whether something is this owner's.
    func owns(_ kind: Kind, _ id: String, _ owner: Owner) -> Bool {
        state.withLock { $0.owners[Key(kind: kind, id: Array(id.utf8))] == owner }
    }

    /// Whether something is nobody's, as far as is remembered.
    func isFree(_ kind: Kind, _ id: String) -> Bool {
        state.withLock { $0.owners[Key(kind: kind, id: Array(id.utf8))] == nil }
    }

    /// Makes something the owner's that is nobody's.
    func claim(_ kind: Kind, _ id: String, _ owner: Owner) -> Claim {
        let key = Key(kind: kind, id: Array(id.utf8))
        return state.withLock { state in
            if let known = state.owners[key] { return known == owner ? .own : .refused }
            var queue = state.order[owner.agent] ?? Queue()
            if queue.count >= capacity || state.owners.count >= total {
                guard let oldest = queue.removeFirst() else { return .refused }
                state.owners[oldest] = nil
            }
            queue.keys.append(key)
            state.order[owner.agent] = queue
            state.owners[key] = owner
            return .new
        }
    }
}
