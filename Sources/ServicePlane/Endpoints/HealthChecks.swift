// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// What the gate asks endpoints on its own account, to know whether they are well. Used on one event loop only.
final class HealthChecks {
    private let loop: ServiceLoop
    private var checks: [HealthCheck] = []
    private var isStopped = false

    init(on loop: ServiceLoop) { self.loop = loop }

    /// Asks the endpoints of these services from now on, and no others.
    func ask(_ services: [GateService]) {
        guard !isStopped else { return }
        for check in checks { check.stop() }
        checks = services.flatMap { service in
            guard let rules = service.description.health, let endpoints = service.endpoints?.all else {
                return [HealthCheck]()
            }
            return endpoints.enumerated().map { index, endpoint in
                let check = HealthCheck(endpoint, of: service.name, rules, loop)
                // Not all in the same moment.
                check.start(after: rules.interval / Int64(endpoints.count) &* Int64(index))
                return check
            }
        }
    }

    /// Asks nobody any more.
    func stop() {
        isStopped = true
        for check in checks { check.stop() }
        checks = []
    }
}
