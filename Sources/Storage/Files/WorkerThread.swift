// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Glibc

/// A thread of its own for work that waits for files; it takes no signals.
final class WorkerThread: @unchecked Sendable {
    private final class Body: Sendable {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }

    private var thread = pthread_t()
    private var isRunning = false

    /// Starts a thread that ends when `run` returns.
    init(_ run: @escaping @Sendable () -> Void) throws(AuditLogError) {
        var all = sigset_t()
        var before = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_SETMASK, &all, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        let body = Unmanaged.passRetained(Body(run))
        let code = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<Body>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }, body.toOpaque())
        guard code == 0 else {
            body.release()
            throw .unavailable("no thread could be started: \(SystemCall.message(of: code))")
        }
        isRunning = true
    }

    /// Waits for the end of the thread; called once.
    func join() {
        guard isRunning else { return }
        isRunning = false
        pthread_join(thread, nil)
    }
}
