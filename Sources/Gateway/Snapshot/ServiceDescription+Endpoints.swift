// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import ServicePlane
internal import YettConfiguration

extension ServiceDescription {
    /// Takes over where the endpoints of a service are, and the rules about them.
    mutating func describeEndpoints(of service: ServiceConfiguration) {
        let name = service.serverName?.description
        endpoints = service.endpoints.map { place in
            var endpoint = EndpointDescription(place)
            guard let name else { return endpoint }
            endpoint.serverName = name
            endpoint.virtualHost = name
            return endpoint
        }
        ejection.failures = service.ejection.failures
        ejection.time = service.ejection.time.wholeNanoseconds
        ejection.longest = service.ejection.longest.wholeNanoseconds
        ejection.share = service.ejection.share
        guard let rules = service.health else { return }
        var health = HealthRules(path: rules.path)
        health.interval = rules.interval.wholeNanoseconds
        health.timeout = rules.timeout.wholeNanoseconds
        health.healthy = rules.healthy
        health.unhealthy = rules.unhealthy
        self.health = health
    }
}
