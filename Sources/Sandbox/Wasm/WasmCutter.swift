// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Synchronization

/// Ends a run from another thread, whether it has a worker yet or not.
final class WasmCutter: Sendable {
    private let state = Mutex<(isCut: Bool, channel: WasmChannel?)>((false, nil))

    /// Whether the run was cut.
    var isCut: Bool { state.withLock { $0.isCut } }

    /// Names the channel to shut; false when the run was cut already.
    func watch(_ channel: WasmChannel) -> Bool {
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
