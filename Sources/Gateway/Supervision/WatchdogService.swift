// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServiceLifecycle
internal import Transport

/// Tells the service manager that the gate lives, twice in the time that it waits, as long as every event loop answers.
///
/// A loop that does not answer keeps the sign of life back, and the service manager ends the gate and starts it anew.
struct WatchdogService: Service {
    let gate: Gate
    let time: Duration

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                _ = await gate.loops.counts()
                gate.supervision.tell(gate.logger) { supervisor throws(SupervisorError) in try supervisor.alive() }
                try await Task.sleep(for: time / 2)
            }
        }
    }
}
