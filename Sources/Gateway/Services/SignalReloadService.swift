// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServiceLifecycle
internal import UnixSignals

/// Reloads on SIGHUP.
struct SignalReloadService: Service {
    let gate: Gate

    func run() async throws {
        let signals = await UnixSignalsSequence(trapping: .sighup)
        await cancelWhenGracefulShutdown {
            for await _ in signals {
                await gate.reload(trigger: .signal, by: nil)
            }
        }
    }
}
