// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServiceLifecycle

/// Keeps the gate's own identity up to date, and the authority behind it.
struct IdentityService: Service {
    let identity: GateIdentity

    func run() async throws {
        await cancelWhenGracefulShutdown { await identity.keep() }
    }
}
