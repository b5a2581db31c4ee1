// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Synchronization

/// What exchanges with one server leave for later ones: each table has a bound and forgets the oldest.
final class MCPMemory: Sendable {
    /// A task that a server runs, and the call that began it.
    struct ServerTask: Sendable {
        /// Who called.
        let caller: String
        /// The tool.
        let tool: String
        /// Its arguments, where they are small enough to be kept.
        let arguments: JSONValue?
    }

    /// A request of a server that a client may answer once.
    struct ServerRequest: Hashable, Sendable {
        /// Whom the server asked.
        let caller: String
        /// In which session, as the server names it.
        let session: String
        /// The request's identifier.
        let id: JSONRPCID
    }

    private struct Tables {
        var tasks = BoundedTable<[UInt8], ServerTask>(capacity: 4096)
        var requests = BoundedTable<ServerRequest, MCPMethod>(capacity: 4096)
        var resumptions = BoundedTable<MCPResumption.Key, MCPResumption>(capacity: 512)
        var states = BoundedTable<[UInt8], Bool>(capacity: 16_384)
    }

    private let tables = Mutex(Tables())

    /// Nothing is remembered.
    init() {}

    /// A server began a task for a caller.
    func open(task id: String, _ task: ServerTask) { tables.withLock { $0.tasks.insert(Array(id.utf8), task) } }

    /// The task of an identifier, when it is this caller's.
    func task(_ id: String, of caller: String) -> ServerTask? {
        tables.withLock { tables in
            guard let task = tables.tasks[Array(id.utf8)], task.caller.utf8.elementsEqual(caller.utf8) else {
                return nil
            }
            return task
        }
    }

    /// A server asked a client something.
    func open(_ request: ServerRequest, _ method: MCPMethod) { tables.withLock { $0.requests.insert(request, method) } }

    /// Ends the waiting of a request; `nil` when none waits.
    func close(_ request: ServerRequest) -> MCPMethod? { tables.withLock { $0.requests.remove(request) } }

    /// A request may go on behind an event.
    func keep(_ resumption: MCPResumption, _ key: MCPResumption.Key) {
        tables.withLock { $0.resumptions.insert(key, resumption) }
    }

    /// The request that goes on behind an event. It stays, because a client may have to try again.
    func resume(_ key: MCPResumption.Key) -> MCPResumption? { tables.withLock { $0.resumptions[key] } }

    /// A request that was answered does not go on.
    func end(_ key: MCPResumption.Key) { tables.withLock { _ = $0.resumptions.remove(key) } }

    /// Whether a state comes back for the first time.
    func use(state digest: [UInt8]) -> Bool {
        tables.withLock { tables in
            if tables.states[digest] != nil { return false }
            tables.states.insert(digest, true)
            return true
        }
    }
}

/// A table that forgets what was put into it first when it is full.
struct BoundedTable<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let capacity: Int
    private var values: [Key: (value: Value, turn: UInt64)] = [:]
    private var order: [(key: Key, turn: UInt64)] = []
    private var first = 0
    private var turn: UInt64 = 0

    /// An empty table.
    init(capacity: Int) { self.capacity = max(capacity, 1) }

    /// How many there are.
    var count: Int { values.count }

    /// The value of a key.
    subscript(key: Key) -> Value? { values[key]?.value }

    /// Puts a value in; the oldest leaves when there is no room.
    mutating func insert(_ key: Key, _ value: Value) {
        turn &+= 1
        values[key] = (value, turn)
        order.append((key, turn))
        while values.count > capacity, first < order.count {
            let oldest = order[first]
            first &+= 1
            if values[oldest.key]?.turn == oldest.turn { values[oldest.key] = nil }
        }
        // What was removed or replaced leaves gaps.
        if first > capacity || order.count &- first > capacity &* 2 {
            order = order[first...].filter { values[$0.key]?.turn == $0.turn }
            first = 0
        }
    }

    /// Takes a value out.
    mutating func remove(_ key: Key) -> Value? { values.removeValue(forKey: key)?.value }
}
