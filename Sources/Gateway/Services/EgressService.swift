// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Logging
internal import ServiceLifecycle
internal import Synchronization

/// Keeps the data planes until shutdown, then lets what is open finish.
struct EgressService: Service {
    let gate: Gate
    let grace: Duration

    func run() async throws {
        try? await gracefulShutdown()
        gate.logger.notice("the gate stops; what is open may finish")
        gate.state.withLock { $0.isDraining = true }
        gate.tellStopping(grace: grace)
        await gate.drain(grace: Task.isCancelled ? .zero : grace)
        gate.launches.end(where: { _ in true }, cause: "the gate stops")
    }
}
