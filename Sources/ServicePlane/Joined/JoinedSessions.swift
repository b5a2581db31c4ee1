// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Protocols
import Synchronization

/// The sessions of clients with endpoints that join several servers (until 2025-11-25), and in each of them those with the
/// members. Bounded: the oldest is forgotten, and its client begins anew.
final class JoinedSessions: Sendable {
    /// A session with one member.
    struct Member: Sendable {
        /// As the gate gave it out at the member; `nil` for a server without sessions.
        let id: String?
        /// The revision that the member speaks.
        let revision: MCPRevision
    }

    /// A session with the endpoint.
    struct Session: Sendable {
        /// The parameters with which the client began, for members that are asked later.
        let opening: JSONObject
        /// By member.
        var members: [String: Member] = [:]
    }

    private let sessions = Mutex(BoundedTable<String, Session>(capacity: 4096))

    /// Begins a session.
    ///
    /// - Returns: Its name.
    func begin(_ opening: JSONObject) -> String {
        var random = SystemRandomNumberGenerator()
        let name = String(random.next() as UInt64, radix: 16) + String(random.next() as UInt64, radix: 16)
        sessions.withLock { $0.insert(name, Session(opening: opening)) }
        return name
    }

    subscript(name: String) -> Session? { sessions.withLock { $0[name] } }

    /// Takes note of a session with a member; `nil` when there is none any more.
    func set(_ member: Member?, of name: String, in session: String) {
        sessions.withLock { table in
            guard var known = table[session] else { return }
            known.members[name] = member
            table.insert(session, known)
        }
    }

    /// Ends a session.
    func end(_ name: String) { sessions.withLock { _ = $0.remove(name) } }
}
