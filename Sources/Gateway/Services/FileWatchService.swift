// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServiceLifecycle
internal import Synchronization

/// Reloads when the configuration file was written or replaced: looks at it once a second.
struct FileWatchService: Service {
    let gate: Gate

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var seen = FileStamp(of: gate.configurationPath)
            var settling: FileStamp?
            while true {
                try await Task.sleep(for: .seconds(1))
                let stamp = FileStamp(of: gate.configurationPath)
                // What a command or a signal made the gate read is no news.
                seen = gate.state.withLock { $0.readStamp } ?? seen
                guard stamp != seen else {
                    settling = nil
                    continue
                }
                // An editor may still be writing: the file counts once it looks the same twice.
                guard let stamp, stamp == settling else {
                    settling = stamp
                    continue
                }
                seen = stamp
                settling = nil
                gate.reload(trigger: .file, by: nil)
            }
        }
    }
}
