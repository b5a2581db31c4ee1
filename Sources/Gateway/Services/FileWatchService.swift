// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServiceLifecycle
internal import Synchronization

/// Reloads when the configuration or a file of the policy was written or replaced: looks at them once a second.
struct FileWatchService: Service {
    let gate: Gate

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var settling: WatchedFiles?
            while true {
                try await Task.sleep(for: .seconds(1))
                // What a command or a signal made the gate read is no news.
                let seen = gate.state.withLock { $0.files }
                let files = seen.now()
                guard files != seen, files.hasConfiguration else {
                    settling = nil
                    continue
                }
                // An editor may still be writing: files count once they look the same twice.
                guard files == settling else {
                    settling = files
                    continue
                }
                settling = nil
                await gate.reload(trigger: .file, by: nil)
            }
        }
    }
}
