// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Dispatch
import Synchronization

/// Runs asynchronous work from a command that must keep the main thread.
enum Blocking {
    /// Runs `body` on other threads and waits for it.
    static func wait<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let result = Box<Value>()
        let done = DispatchSemaphore(value: 0)
        Task.detached {
            do {
                result.set(.success(try await body()))
            } catch {
                result.set(.failure(error))
            }
            done.signal()
        }
        done.wait()
        guard let outcome = result.value else { throw CommandFailure("nothing came of the work") }
        return try outcome.get()
    }

    private final class Box<Value: Sendable>: Sendable {
        private let storage = Mutex<Result<Value, any Error>?>(nil)
        var value: Result<Value, any Error>? { storage.withLock { $0 } }
        func set(_ result: Result<Value, any Error>) { storage.withLock { $0 = result } }
    }
}
