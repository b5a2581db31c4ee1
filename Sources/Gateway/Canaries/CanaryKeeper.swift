// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import LeakDetection
internal import Storage
internal import Synchronization

/// What operators have planted, brought through a restart.
final class CanaryKeeper: Sendable {
    /// The most there may be.
    static let most = 1000

    private let database: StateDatabase
    private let canaries: Mutex<[StoredCanary]>

    /// Reads what is kept, before anybody is served.
    init(_ database: StateDatabase) throws(StateDatabaseError) {
        self.database = database
        canaries = Mutex(try database.canaries())
    }

    /// Everything that is planted, by name.
    var all: [StoredCanary] { canaries.withLock { $0 } }

    /// What is looked for because of it.
    var secrets: [RegisteredSecret] {
        all.flatMap { canary in
            canary.marks.split(separator: "\n").map { mark in
                RegisteredSecret(canary: canary.name, bytes: Array(mark.utf8), owner: canary.agent ?? "anybody")
            }
        }
    }

    /// Whether something of this name is planted.
    func contains(_ name: String) -> Bool { all.contains { $0.name.utf8.elementsEqual(name.utf8) } }

    /// Keeps one more, on the device before the call returns.
    func keep(_ canary: StoredCanary) throws(StateDatabaseError) {
        try database.keep(canary)
        canaries.withLock { canaries in
            canaries.append(canary)
            canaries.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
    }

    /// Forgets one.
    func forget(_ name: String) throws(StateDatabaseError) {
        try database.forget(canary: name)
        canaries.withLock { $0.removeAll { $0.name.utf8.elementsEqual(name.utf8) } }
    }
}
