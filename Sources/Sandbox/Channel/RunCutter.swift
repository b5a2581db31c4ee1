// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// Ends a run from another thread, whether it has a worker yet or not.
final class RunCutter: Sendable {
    private let state = Mutex<(isCut: Bool, channel: StreamChannel?)>((false, nil))

    /// Whether the run was cut.
    var isCut: Bool { state.withLock { $0.isCut } }

    /// Names the channel to shut; false when the run was cut already.
    func watch(_ channel: StreamChannel) -> Bool {
        state.withLock { state in
            state.channel = channel
            return !state.isCut
        }
    }

    /// Cuts the run.
    func cut() {
        let channel = state.withLock { state in
            state.isCut = true
            return state.channel
        }
        channel?.shut()
    }
}
