// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// A driver's hold on the launcher that it shares with others: got at the first use, and again after it broke down.
final class HeldLauncher: Sendable {
    private let settings: SandboxLauncher.Settings
    private let held = Mutex<SandboxLauncher?>(nil)

    init(_ settings: SandboxLauncher.Settings) {
        self.settings = settings
    }

    /// The launcher's process while it is held, for tests.
    var process: Int32? { held.withLock { $0?.pid } }

    /// The launcher, which lives.
    func running() throws(SandboxError) -> SandboxLauncher {
        let settings = settings
        let made: Result<SandboxLauncher, SandboxError> = held.withLock { held in
            if let known = held, known.isAlive { return .success(known) }
            do throws(SandboxError) {
                let new = try SharedLaunchers.launcher(settings)
                held = new
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    /// Gives the launcher up; it ends with whoever uses it last.
    func stop() {
        let ending = held.withLock { held in
            defer { held = nil }
            return held
        }
        withExtendedLifetime(ending) {}
    }
}
