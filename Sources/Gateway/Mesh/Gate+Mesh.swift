// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import MeshPlane
internal import NIOCore
internal import PKI
internal import ServicePlane
internal import Synchronization
internal import Transport
internal import YettConfiguration

extension MeshSettings {
    /// What a configuration says.
    ///
    /// - Parameter descriptions: The services with what they are shown.
    init(_ configuration: GateConfiguration, _ descriptions: [ServiceDescription]) {
        self.init(
            envoys: Set(configuration.mesh?.envoys ?? []), users: Set(configuration.mesh?.uids ?? []),
            services: configuration.services.filter { !$0.isBuiltIn }.map { service in
                var known = MeshService(service)
                let description = descriptions.first { $0.name.utf8.elementsEqual(service.name.utf8) }
                known.credential =
                    description.map { MeshCredential($0) } ?? (service.credential == nil ? MeshCredential.none : .other)
                return known
            })
        observed = Set((configuration.mesh?.observe ?? []).map { Array($0.utf8) })
        followed = Set((configuration.mesh?.follow ?? []).map { Array($0.utf8) })
    }
}

extension MeshService {
    fileprivate init(_ service: ServiceConfiguration) {
        let language: Language =
            switch service.protocolName {
            case .http where service.openAPI == nil: .http
            case .http, .mcp, .llm, .a2a: .read
            case .postgres, .tcp: .other(service.protocolName.rawValue)
            }
        let isSecure = if case .off = service.tls { false } else { true }
        self.init(
            name: service.name, language: language,
            destination: Destination(host: service.host, port: service.port, scheme: isSecure ? .https : .http),
            hosts: service.virtualHosts.map(\.description), requiresTask: service.tasks == .required,
            approvedTools: Set(service.approvedTools.map { Array($0.utf8) }))
    }
}

extension MeshCredential {
    fileprivate init(_ description: ServiceDescription) {
        switch description.credential {
        case nil: self = description.assertion == nil ? .none : .obtained
        case .token?: self = .obtained
        // One thing or the other: what is fixed is no part of what is obtained.
        case .fixed? where description.assertion != nil: self = .other
        case .fixed(let fixed)?:
            // Messages to Envoy hold text.
            guard String(validating: fixed.secretValue, as: UTF8.self) != nil else {
                self = .other
                return
            }
            self = .field(name: fixed.field, secret: fixed.secretValue)
        case .signed(let credential)?: self = .signed(hashesBody: credential.payload == .hashed)
        }
    }
}

extension Gate {
    /// Opens where Envoys ask.
    func listenToMesh(_ configuration: GateConfiguration) async throws {
        guard let mesh, let section = configuration.mesh else { return }
        var specifications: [(place: String, ListenerSpecification)] = []
        if let address = section.address {
            guard let source = identity?.source else {
                throw GatewayError(
                    ["mesh.address: the gate has no identity to show"], remedy: "set identity.source",
                    isConfiguration: true)
            }
            let place = "\(ListenerConfiguration.Address.tcp(address, port: section.port))"
            let refusals = RefusedHandshakes(at: place, clock: clock, logger: logger)
            let tls = SVIDServerTLS(
                .identity(source), clients: .required, protocols: ["h2", "http/1.1"],
                now: { [clock] in clock.wall() / 1_000_000 },
                report: refusals.report)
            specifications.append(
                (
                    place,
                    ListenerSpecification(
                        address: .tcp(try SocketAddress(address, port: section.port)), identification: .certificate,
                        protocols: .http, tls: tls, handed: try handed(.tcp(address, port: section.port)))
                ))
        }
        if let path = section.socket {
            specifications.append(
                (
                    "unix:\(path)",
                    // Who may ask is judged by the kernel's word, connection by connection.
                    ListenerSpecification(
                        address: .unix(path: path, mode: 0o666), identification: .process, protocols: .http,
                        handed: try handed(.unix(path: path, mode: 0o666)))
                ))
        }
        for (place, specification) in specifications {
            do {
                let bound = try await mesh.listen(on: specification)
                state.withLock { $0.listeners.append(bound) }
            } catch {
                throw GatewayError(["mesh: \(place): \(error)"], remedy: "see who has the address: ss -ltnp")
            }
        }
    }
}
