// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Authority
internal import Identity
internal import IdentityPlane
internal import Logging
internal import NIOCore
internal import Outbound
internal import Resolver
internal import ServiceLifecycle
internal import Synchronization
internal import Telemetry
internal import Transport
internal import YettConfiguration

/// Federation with other trust domains, as far as the configuration asks for it: the endpoint with the own bundle, and
/// the looks at those of others.
struct FederationServices {
    private let gate: Gate
    private let directory: String
    private let endpoint: BundleEndpointConfiguration?
    private let webTLS: BundleEndpointTLS?
    private let partners: [FederationPartner]

    /// Reads the files that the configuration names.
    ///
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    init(_ gate: Gate, _ configuration: GateConfiguration) throws(GatewayError) {
        self.gate = gate
        directory = configuration.identity.directory + "/federation"
        (partners, webTLS) = try Self.materials(configuration.identity)
        endpoint = gate.identity?.authority == nil ? nil : configuration.identity.bundleEndpoint
    }

    /// What is wrong with the files that a configuration names.
    ///
    /// - Throws: ``GatewayError`` with everything that cannot be used.
    static func check(_ configuration: GateConfiguration) throws(GatewayError) {
        _ = try materials(configuration.identity)
    }

    /// How many listeners there are.
    var count: Int { endpoint == nil ? 0 : 1 }

    /// What runs.
    ///
    /// - Parameter readiness: Told of each listener.
    func services(_ readiness: Readiness) -> [any Service] {
        guard let identity = gate.identity, let authority = identity.authority else { return [] }
        var services: [any Service] = []
        if !partners.isEmpty { services.append(federation(authority)) }
        if let endpoint {
            let service = BundleEndpoint(
                address: endpoint.address, port: endpoint.port, path: endpoint.path,
                tls: webTLS ?? .spiffe(identity.source), bundle: { authority.state.bundle },
                onListening: { _ in readiness.arrive() })
            services.append(
                ListeningService(
                    service: service,
                    place: "identity.bundle_endpoint: \(Host.address(endpoint.address)):\(endpoint.port)"))
        }
        return services
    }

    private func federation(_ authority: Authority) -> Federation {
        Federation(
            partners: partners, directory: directory, own: { authority.state.bundle },
            addressGuard: { [gate] exceptions in
                AddressGuard(
                    exceptions: exceptions,
                    ownListeners: gate.openListeners, localAddresses: LocalAddresses.all())
            },
            lookup: { [names = gate.fixedNames] name, done in
                names.resolve(name) { result in done(result.map(\.addresses).mapError { $0 }) }
            }, now: { [clock = gate.clock] in clock.wall() / 1_000_000 },
            publish: { bundles in await authority.setFederatedBundles(bundles) },
            report: { [logger = gate.logger] report in
                switch report.outcome {
                case .unchanged: break
                case .changed: logger.notice("\(report)")
                case .failed, .unsaved: logger.warning("\(report)")
                }
            })
    }

    // MARK: Files

    private static let largestFile = 1 << 20

    private static func materials(
        _ identity: IdentityConfiguration
    ) throws(GatewayError) -> ([FederationPartner], BundleEndpointTLS?) {
        var mistakes: [String] = []
        var partners: [FederationPartner] = []
        for entry in identity.federation {
            do {
                partners.append(try partner(entry))
            } catch {
                mistakes.append("identity.federation: \(entry.trustDomain): \(error)")
            }
        }
        var webTLS: BundleEndpointTLS?
        if case .web(let path, let key)? = identity.bundleEndpoint?.profile {
            do {
                webTLS = try .web(
                    certificate: try SmallFile.read(path, limit: largestFile), key: try SecretReader.read(key))
            } catch {
                mistakes.append("identity.bundle_endpoint: \(error)")
            }
        }
        guard mistakes.isEmpty else { throw GatewayError(mistakes, isConfiguration: true) }
        return (partners, webTLS)
    }

    private static func partner(_ entry: FederationConfiguration) throws -> FederationPartner {
        let initial = try entry.bundle.map { path in
            try TrustBundle(parsing: try SmallFile.read(path, limit: largestFile), trustDomain: entry.trustDomain)
        }
        let profile: FederationPartner.Profile
        switch entry.profile {
        case .spiffe(let endpoint): profile = .spiffe(endpoint: endpoint)
        case .web(let path):
            let authorities = try path.map { try SmallFile.read($0, limit: largestFile) }
            // What cannot be read is said now, and not at the first look.
            if let authorities { _ = try OutboundTrust.web(authorities: authorities) }
            profile = .web(authorities: authorities)
        }
        return FederationPartner(
            trustDomain: entry.trustDomain, url: try OutboundURL(parsing: entry.url), profile: profile,
            initial: initial,
            networks: entry.networks)
    }
}
