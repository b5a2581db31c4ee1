// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Authority
import Foundation
import GateSupport
import Identity
import Outbound
import ServiceLifecycle
import Synchronization

@testable import IdentityPlane

/// Endpoints and federations that run while a test does.
enum FederationHarness {
    /// Runs a test with endpoints that serve.
    static func serve(
        _ endpoints: [@Sendable (@escaping @Sendable (UInt16) -> Void) throws -> BundleEndpoint],
        _ test: ([UInt16]) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            var ports: [UInt16] = []
            for endpoint in endpoints {
                let (listening, continuation) = AsyncStream<UInt16>.makeStream()
                let service = try endpoint { port in
                    continuation.yield(port)
                    continuation.finish()
                }
                group.addTask { try await service.run() }
                for await port in listening { ports.append(port) }
            }
            do {
                try await test(ports)
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }

    /// An endpoint for a domain.
    static func endpoint(
        _ domain: Domain, tls: BundleEndpointTLS? = nil, path: String = "/", limits: BundleEndpointLimits = .init(),
        bundle: (@Sendable () -> TrustBundle?)? = nil
    ) -> @Sendable (@escaping @Sendable (UInt16) -> Void) throws -> BundleEndpoint {
        { listening in
            BundleEndpoint(
                address: .v4(IPv4Address(127, 0, 0, 1)), port: 0, path: path, tls: tls ?? .spiffe(domain.source),
                bundle: bundle ?? { domain.bundle }, limits: limits, onListening: listening)
        }
    }

    /// Lets a domain follow partners while a test runs.
    static func follow(
        _ partners: [FederationPartner], for domain: Domain, directory: String? = nil,
        _ test: (Reports) async throws -> Void
    ) async throws {
        let reports = Reports()
        var limits = FederationLimits()
        limits.pause = .milliseconds(20)
        limits.shortestPause = .milliseconds(20)
        limits.longestPause = .milliseconds(20)
        let federation = Federation(
            partners: partners, directory: directory, own: { domain.bundle }, limits: limits,
            addressGuard: { AddressGuard(exceptions: $0) }, lookup: Domain.lookup,
            publish: { await domain.authority.setFederatedBundles($0) }, report: reports.add)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await federation.run() }
            do {
                try await test(reports)
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }

    static func partner(
        _ name: TrustDomain, _ port: UInt16, _ profile: FederationPartner.Profile, initial: TrustBundle? = nil,
        host: String = "bundles.test", path: String = "/", networks: [AddressBlock] = Domain.networks
    ) throws -> FederationPartner {
        let url = try OutboundURL(parsing: "https://\(host):\(port)\(path)")
        return FederationPartner(
            trustDomain: name, url: url, profile: profile, initial: initial, networks: networks)
    }
}
