// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServiceLifecycle

/// Once a second, cuts what ended by the clock.
struct ClockService: Service {
    let gate: Gate

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: .seconds(1))
                gate.tick()
            }
        }
    }
}
