// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// One launcher for all drivers of a process that ask for the same: each further one would be another process with
/// groups and user ids of its own.
enum SharedLaunchers {
    private struct Entry {
        let key: [[UInt8]]
        weak var launcher: SandboxLauncher?
    }

    private static let entries = Mutex<[Entry]>([])

    /// The launcher with these settings, started when there is none or it broke down. It ends when nobody holds it any
    /// more.
    static func launcher(_ settings: SandboxLauncher.Settings) throws(SandboxError) -> SandboxLauncher {
        let made: Result<SandboxLauncher, SandboxError> = entries.withLock { entries in
            let key = key(settings)
            if let known = entries.first(where: { $0.key == key })?.launcher, known.isAlive {
                return .success(known)
            }
            do throws(SandboxError) {
                let new = try SandboxLauncher(settings)
                entries.removeAll { $0.key == key || $0.launcher == nil }
                entries.append(Entry(key: key, launcher: new))
                return .success(new)
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    private static func key(_ settings: SandboxLauncher.Settings) -> [[UInt8]] {
        [
            settings.helper ?? "", settings.bubblewrap ?? "", "\(settings.users.lowerBound)",
            "\(settings.users.upperBound)", "\(settings.jobs)",
        ].map { Array($0.utf8) }
    }
}

extension NamespaceDriver.Settings {
    /// What of it concerns the launcher.
    var launcher: SandboxLauncher.Settings {
        SandboxLauncher.Settings(helper: helper, users: users, jobs: jobs, bubblewrap: bubblewrap)
    }
}
