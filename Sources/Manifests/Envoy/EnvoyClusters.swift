// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import YettConfiguration

/// Where an Envoy connects: the gate that decides, the socket that gives identities, and the services.
struct EnvoyClusters {
    static let authorizationName = "yett"
    private static let identityName = "yett-identity"
    private static let systemAuthorities = "/etc/ssl/certs/ca-certificates.crt"

    private let configuration: GateConfiguration
    private let identitySocket: String
    private let gate: Place

    /// How the gate is reached.
    private enum Place {
        case socket(String)
        case network(Host, UInt16)
    }

    init(_ configuration: GateConfiguration, _ options: RenderOptions) throws(ManifestError) {
        self.configuration = configuration
        guard let mesh = configuration.mesh else {
            throw ManifestError(
                "no Envoy may ask the gate: the configuration has no section mesh",
                remedy: "write mesh: {socket: /run/yett/mesh.sock, uids: [UID OF ENVOY]}")
        }
        switch configuration.identity.source {
        case .workloadAPI(.unix(let path)): identitySocket = path
        case .embedded, .none, .workloadAPI:
            guard let socket = configuration.identity.socket else {
                throw ManifestError(
                    "Envoy gets its certificates from the socket of the Workload API, and there is none",
                    remedy: "write identity: {source: embedded, socket: /run/yett-workload/api.sock}")
            }
            identitySocket = socket
        }
        if let socket = mesh.socket, options.gateAddress == nil {
            gate = .socket(socket)
        } else {
            gate = try Self.place(mesh, options)
        }
    }

    private static func place(_ mesh: MeshConfiguration, _ options: RenderOptions) throws(ManifestError) -> Place {
        guard let address = mesh.address, mesh.port > 0 else {
            throw ManifestError(
                "Envoys cannot be told where to ask: mesh has no address with a port",
                remedy: "write mesh: {address: \"0.0.0.0:9191\", envoys: [...]}")
        }
        guard let text = options.gateAddress else {
            let loopback = IPAddress.v4(IPv4Address(rawValue: 0x7F00_0001))
            return .network(.address(address.isUnspecified ? loopback : address), mesh.port)
        }
        guard let host = try? Host(parsing: text) else {
            throw ManifestError(
                "the gate's address is neither a name nor an address", remedy: "name one: --gate gate.example.org")
        }
        return .network(host, mesh.port)
    }

    /// What callers are shown and have to show.
    var downstreamTLS: YAMLNode {
        [
            "require_client_certificate": true,
            "disable_stateless_session_resumption": .noted(
                "A session would outlive what its certificate proved.", true),
            "disable_stateful_session_resumption": true,
            "common_tls_context": commonTLS(
                protocols: ["h2", "http/1.1"], bundle: configuration.identity.federation.isEmpty ? "ROOTCA" : "ALL",
                names: [["san_type": "URI", "matcher": ["prefix": "spiffe://"]]]),
        ]
    }

    /// The gate that decides.
    var authorization: YAMLNode {
        var entries: [YAMLNode.Entry]
        switch gate {
        case .socket(let path):
            entries = base(Self.authorizationName, "STATIC", [["pipe": ["path": .string(path)]]], timeout: "1s")
        case .network(let host, let port):
            entries = base(Self.authorizationName, Self.kind([host]), [Self.address(host, port)], timeout: "1s")
            entries.append(
                transportSocket([
                    "common_tls_context": commonTLS(
                        protocols: ["h2"], bundle: "ROOTCA",
                        names: [["san_type": "URI", "matcher": ["exact": .string(configuration.gateIdentity)]]])
                ]))
        }
        entries.append(http(["explicit_http_config": ["http2_protocol_options": .nothing]]))
        return .map(entries)
    }

    /// The socket that gives this Envoy its identity.
    var identity: YAMLNode {
        .map(
            base(Self.identityName, "STATIC", [["pipe": ["path": .string(identitySocket)]]], timeout: "1s")
                + [http(["explicit_http_config": ["http2_protocol_options": .nothing]])])
    }

    /// A service.
    func service(_ service: ServiceConfiguration, name: String) -> YAMLNode {
        let places = service.places
        let limits = configuration.serviceProxy?.limits ?? ServiceProxyLimits()
        var entries = base(
            name, Self.kind(places.map(\.host)), places.map { Self.address($0.host, $0.port) },
            timeout: EnvoyManifests.seconds(limits.dialTime))
        entries += [
            YAMLNode.Entry("per_connection_buffer_limit_bytes", 1_048_576),
            YAMLNode.Entry(
                "circuit_breakers",
                [
                    "thresholds": [
                        [
                            "max_connections": 1024,
                            "max_pending_requests": .integer(min(limits.pendingDials, Int(Int32.max))),
                            "max_requests": .integer(min(limits.connections, Int(Int32.max))),
                        ]
                    ]
                ]),
        ]
        if let tls = upstreamTLS(service) { entries.append(transportSocket(tls)) }
        switch service.http {
        case .http2: entries.append(http(["explicit_http_config": ["http2_protocol_options": .nothing]]))
        case .auto where service.tls != .off: entries.append(http(["auto_config": .nothing]))
        case .http1, .auto: entries.append(http(["explicit_http_config": ["http_protocol_options": .nothing]]))
        }
        return .map(entries)
    }

    private func upstreamTLS(_ service: ServiceConfiguration) -> YAMLNode? {
        let protocols: [String] =
            switch service.http {
            case .auto: ["h2", "http/1.1"]
            case .http1: ["http/1.1"]
            case .http2: ["h2"]
            }
        let name = Self.serverName(of: service)
        switch service.tls {
        case .off: return nil
        case .web(let authority):
            var names: YAMLNode = ["san_type": "DNS", "matcher": ["exact": .string(name ?? "")]]
            if name == nil { names = ["san_type": "IP_ADDRESS", "matcher": ["exact": .string("\(service.host)")]] }
            return .map(
                (name.map { [YAMLNode.Entry("sni", .string($0))] } ?? []) + [
                    YAMLNode.Entry(
                        "common_tls_context",
                        [
                            "alpn_protocols": .strings(protocols),
                            "validation_context": [
                                "trusted_ca": ["filename": .string(authority ?? Self.systemAuthorities)],
                                "match_typed_subject_alt_names": [names],
                            ],
                        ])
                ])
        case .svid:
            let identity = service.spiffeID.map(\.description) ?? ""
            return [
                "common_tls_context": commonTLS(
                    protocols: protocols,
                    bundle: service.spiffeID?.trustDomain == configuration.trustDomain ? "ROOTCA" : "ALL",
                    names: [["san_type": "URI", "matcher": ["exact": .string(identity)]]])
            ]
        }
    }

    /// The name that a service is asked for in TLS, and as its host.
    static func serverName(of service: ServiceConfiguration) -> String? {
        if let name = service.serverName { return name.description }
        if case .name(let name) = service.host { return name.description }
        return nil
    }

    /// TLS 1.3 with the certificate and the authorities from the socket.
    private func commonTLS(protocols: [String], bundle: String, names: YAMLNode) -> YAMLNode {
        [
            "tls_params": ["tls_minimum_protocol_version": "TLSv1_3", "tls_maximum_protocol_version": "TLSv1_3"],
            "alpn_protocols": .strings(protocols),
            "tls_certificate_sds_secret_configs": [secret("default")],
            "combined_validation_context": [
                "default_validation_context": ["match_typed_subject_alt_names": names],
                "validation_context_sds_secret_config": secret(bundle),
            ],
        ]
    }

    private func secret(_ name: String) -> YAMLNode {
        [
            "name": .string(name),
            "sds_config": [
                "resource_api_version": "V3",
                "api_config_source": [
                    "api_type": "GRPC", "transport_api_version": "V3",
                    "grpc_services": [["envoy_grpc": ["cluster_name": .string(Self.identityName)]]],
                ],
            ],
        ]
    }

    private func base(_ name: String, _ kind: String, _ addresses: [YAMLNode], timeout: YAMLNode) -> [YAMLNode.Entry] {
        [
            YAMLNode.Entry("name", .string(name)), YAMLNode.Entry("type", .string(kind)),
            YAMLNode.Entry("connect_timeout", timeout),
            YAMLNode.Entry(
                "load_assignment",
                [
                    "cluster_name": .string(name),
                    "endpoints": [
                        ["lb_endpoints": .list(addresses.map { ["endpoint": ["address": $0]] })]
                    ],
                ]),
        ]
    }

    private func transportSocket(_ context: YAMLNode) -> YAMLNode.Entry {
        YAMLNode.Entry(
            "transport_socket",
            [
                "name": "envoy.transport_sockets.tls",
                "typed_config": EnvoyTypes.configuration(EnvoyTypes.upstreamTLS, context),
            ])
    }

    private func http(_ options: YAMLNode) -> YAMLNode.Entry {
        YAMLNode.Entry(
            "typed_extension_protocol_options",
            .map([
                YAMLNode.Entry(EnvoyTypes.httpOptionsName, EnvoyTypes.configuration(EnvoyTypes.httpOptions, options))
            ]))
    }

    /// Names are looked up by Envoy; addresses are not.
    private static func kind(_ hosts: [Host]) -> String {
        let hasName = hosts.contains { host in
            if case .name = host { true } else { false }
        }
        return hasName ? "STRICT_DNS" : "STATIC"
    }

    private static func address(_ host: Host, _ port: UInt16) -> YAMLNode {
        let text =
            switch host {
            case .name(let name): name.description
            case .address(let address): address.description
            }
        return ["socket_address": ["address": .string(text), "port_value": .integer(Int(port))]]
    }
}
