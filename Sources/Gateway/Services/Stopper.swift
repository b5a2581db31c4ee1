// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import ServiceLifecycle
internal import Synchronization

/// Stops the service group once there is one.
final class Stopper: Sendable {
    /// The group.
    let group = Mutex<ServiceGroup?>(nil)

    /// Asks every service to end in order.
    @Sendable func stop() async {
        await group.withLock { $0 }?.triggerGracefulShutdown()
    }
}
