// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Authority
internal import Decision
internal import Identity
internal import IdentityPlane
internal import Logging
internal import NIOCore
internal import PKI
internal import ServiceLifecycle
internal import Synchronization
internal import Transport
internal import YettConfiguration

/// The ways in for those who want an identity or a token, as far as the configuration asks for them.
struct IdentityServices {
    private let gate: Gate
    private let socket: String?
    private let endpoints: IdentityConfiguration.TokenEndpoints?

    init(_ gate: Gate, _ configuration: GateConfiguration) {
        self.gate = gate
        socket = gate.identity?.authority == nil ? nil : configuration.identity.socket
        endpoints = gate.tokens == nil ? nil : configuration.identity.endpoints
    }

    /// The socket of the Workload API.
    var workloadSocket: String? { socket }

    /// The URL of the token endpoints.
    var tokenEndpoints: String? { endpoints?.issuer }

    /// Where launched agents ask: who asks there and belongs to no launch is refused.
    static func launchSocket(beside socket: String) -> String { socket + ".launch" }

    /// How many listeners there are.
    var count: Int { (socket == nil ? 0 : 2) + (endpoints == nil ? 0 : 1) }

    /// What runs, the one that the others need first.
    ///
    /// - Parameter readiness: Told of each listener.
    func services(_ readiness: Readiness) -> [any Service] {
        guard let identity = gate.identity else { return [] }
        var services: [any Service] = [IdentityService(identity: identity)]
        let recorder = IssuanceRecorder(log: gate.log, clock: gate.clock)
        if let socket, let authority = identity.authority, let source = identity.source as? EmbeddedIdentitySource {
            for (path, isForLaunches) in [(socket, false), (Self.launchSocket(beside: socket), true)] {
                let issuer = EmbeddedIssuer(
                    authority, clock: AuthorityClock(gate.clock), launch: gate.launches.launch(of:),
                    servesLaunchesOnly: isForLaunches, record: recorder.record)
                let plane = IdentityPlane(
                    issuer: issuer, source: source, socketPath: path, logger: gate.logger,
                    now: { [clock = gate.clock] in clock.wall() / 1_000_000 }, onListening: readiness.arrive)
                services.append(ListeningService(service: plane, place: "identity.socket: \(path)"))
            }
        }
        if let endpoints, let tokens = gate.tokens {
            services.append(
                ListeningService(
                    service: server(endpoints, tokens, identity, recorder, readiness),
                    place: "identity.endpoints: \(Host.address(endpoints.address)):\(endpoints.port)"))
        }
        return services
    }

    private func server(
        _ endpoints: IdentityConfiguration.TokenEndpoints, _ tokens: GateTokenService, _ identity: GateIdentity,
        _ recorder: IssuanceRecorder, _ readiness: Readiness
    ) -> TokenServer {
        let time: @Sendable () -> Int64 = { [clock = gate.clock] in clock.monotonic() / 1000 }
        let remote = identity.authority.map { authority in
            JoinRoutes(
                GateRemoteIssuer(authority: authority, authorizer: gate.authorizer, recorder: recorder) { [gate] in
                    gate.state.withLock { $0.configuration.services.compactMap(\.spiffeID) }
                }, time: time)
        }
        return TokenServer(
            tokens.service, joins: remote,
            delegations: DelegationRoutes(gate, time: time),
            security: security(identity), host: "\(endpoints.address)",
            port: Int(endpoints.port), logger: gate.logger
        ) { [gate] port in
            gate.state.withLock { $0.tokenPort = port }
            readiness.arrive()
        }
    }

    /// TLS with the gate's own certificate; a client may show one, and whoever shows none is nobody.
    private func security(_ identity: GateIdentity) -> TokenSecurity {
        let tls = SVIDServerTLS(source: identity.source, clients: .optional)
        return TokenSecurity(protect: tls.add) { channel in
            let peer = try? await channel.eventLoop.submit { TLSPeer.of(channel) }.get()
            guard let known = peer?.identity, let svid = tls.standing(of: known)?.svid else { return nil }
            return ExchangeClient(
                id: svid.id, certificateThumbprint: svid.thumbprint, certificateExpiry: svid.notAfter, basis: svid.basis
            )
        }
    }
}
