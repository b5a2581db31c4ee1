// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Synchronization
import Transport

/// What all connections share. Safe from any thread.
final class MeshCore: Sendable {
    let authorizer: Authorizer
    let registry: Registry
    /// What was allowed a moment ago and is to be followed.
    let allowed = AllowedRequests()
    let services: CarriedServices
    let leaks: LeakInspector
    let channels = MeshChannels()
    let isAuditAvailable: @Sendable () -> Bool
    private let current: Mutex<MeshSettings>

    init(
        authorizer: Authorizer, registry: Registry, settings: MeshSettings, services: CarriedServices,
        leaks: LeakInspector, isAuditAvailable: @escaping @Sendable () -> Bool
    ) {
        self.authorizer = authorizer
        self.registry = registry
        self.services = services
        self.leaks = leaks
        self.isAuditAvailable = isAuditAvailable
        current = Mutex(settings)
    }

    /// The settings in force.
    var settings: MeshSettings {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// Whether questions are answered.
    var isServing: Bool { isAuditAvailable() && !channels.isClosed }
}
