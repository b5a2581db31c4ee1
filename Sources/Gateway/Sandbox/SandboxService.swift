// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import SandboxPlane
internal import ServiceLifecycle

/// Tries the drivers of sandboxes as long as the gate runs.
struct SandboxService: Service {
    let plane: SandboxPlane

    func run() async throws {
        await cancelWhenGracefulShutdown { await plane.run() }
    }
}
