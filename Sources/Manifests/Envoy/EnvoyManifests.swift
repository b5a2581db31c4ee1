// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity
internal import YettConfiguration

/// A complete bootstrap for an Envoy that carries the services' traffic and asks the gate about each request.
struct EnvoyManifests {
    private let configuration: GateConfiguration
    private let options: RenderOptions
    private let clusters: EnvoyClusters
    private let services: [ServiceConfiguration]
    private let notes: [String]

    init(_ configuration: GateConfiguration, _ options: RenderOptions) throws(ManifestError) {
        self.configuration = configuration
        self.options = options
        (services, notes) = configuration.meshServices
        clusters = try EnvoyClusters(configuration, options)
    }

    func render() -> Rendering {
        var labels = LabelAllocator(prefix: "service-")
        let named = services.map { ($0, labels.label(for: $0.name)) }
        var rendering = Rendering()
        rendering.documents = [Manifest(name: "envoy.yaml", text: bootstrap(named))]
        rendering.notes =
            [
                "Envoy gets its certificate as the identity of an entry (identity.entries) that fits its process; mesh.envoys "
                    + "lists it"
            ] + notes
            + services.filter { configuration.meshDomains(of: $0).isEmpty }.map { service in
                "\(service.name) is left out: it has no name by which requests could mean it; write hosts"
            }
        return rendering
    }

    private func bootstrap(_ services: [(ServiceConfiguration, String)]) -> String {
        YAMLEmitter.document(
            """
            Envoy in front of the services. It knows callers by their certificates, asks the gate about each request, and
            refuses when the gate does not answer. There is no admin interface.
            """,
            [
                "node": ["id": "yett-front", "cluster": "yett-front"],
                "overload_manager": overload,
                "static_resources": [
                    "listeners": [listener(services)],
                    "clusters": .list(
                        [clusters.authorization, clusters.identity] + services.map { clusters.service($0, name: $1) }),
                ],
            ])
    }

    private func listener(_ services: [(ServiceConfiguration, String)]) -> YAMLNode {
        [
            "name": "services",
            "address": ["socket_address": ["address": "0.0.0.0", "port_value": 10443]],
            "per_connection_buffer_limit_bytes": 1_048_576,
            "filter_chains": [
                [
                    "transport_socket": [
                        "name": "envoy.transport_sockets.tls",
                        "typed_config": EnvoyTypes.configuration(EnvoyTypes.downstreamTLS, clusters.downstreamTLS),
                    ],
                    "transport_socket_connect_timeout": "10s",
                    "filters": [
                        [
                            "name": "envoy.filters.network.http_connection_manager",
                            "typed_config": connectionManager(services),
                        ]
                    ],
                ]
            ],
        ]
    }

    private func connectionManager(_ services: [(ServiceConfiguration, String)]) -> YAMLNode {
        let limits = configuration.egress.limits
        let times = configuration.serviceProxy?.limits ?? ServiceProxyLimits()
        return EnvoyTypes.configuration(
            EnvoyTypes.connectionManager,
            [
                "stat_prefix": "services",
                "use_remote_address": true,
                "forward_client_cert_details": .noted("Nobody says by a header who they are.", "SANITIZE"),
                "normalize_path": .noted("What is judged is what is forwarded.", true),
                "merge_slashes": true,
                "path_with_escaped_slashes_action": "REJECT_REQUEST",
                "max_request_headers_kb": .integer(min(8192, max(1, limits.headerBytes / 1024))),
                "request_headers_timeout": Self.seconds(times.handshakeTime),
                "stream_idle_timeout": Self.seconds(times.idleTime),
                "common_http_protocol_options": [
                    "headers_with_underscores_action": "REJECT_REQUEST",
                    "max_headers_count": .integer(limits.headerCount),
                    "max_requests_per_connection": 1000,
                    "idle_timeout": Self.seconds(times.idleTime),
                    "max_connection_duration": .noted(
                        "How long a certificate that is not renewed goes on to count on an open connection.",
                        Self.seconds(configuration.identity.x509Lifetime)),
                ],
                "http2_protocol_options": [
                    "max_concurrent_streams": 100, "initial_stream_window_size": 65_536,
                    "initial_connection_window_size": 1_048_576,
                ],
                "route_config": ["name": "services", "virtual_hosts": .list(virtualHosts(services))],
                "http_filters": .list([authorization] + (followed.isEmpty ? [] : [following]) + [router]),
                "access_log": .noted(
                    "What came of each request, for the gate's record and for its watch.", [accessLog]),
            ])
    }

    private func virtualHosts(_ services: [(ServiceConfiguration, String)]) -> [YAMLNode] {
        var taken: Set<String> = []
        var all: [YAMLNode] = []
        for (service, name) in services {
            let domains = configuration.meshDomains(of: service).filter { taken.insert($0).inserted }
            guard !domains.isEmpty else { continue }
            var route: [YAMLNode.Entry] = [
                YAMLNode.Entry("cluster", .string(name)),
                YAMLNode.Entry("timeout", "0s"),
            ]
            if let host = EnvoyClusters.serverName(of: service) {
                route.append(YAMLNode.Entry("host_rewrite_literal", .string(host)))
            }
            var filters = [
                YAMLNode.Entry(
                    "envoy.filters.http.ext_authz",
                    EnvoyTypes.configuration(
                        EnvoyTypes.authorizationOfRoute,
                        ["check_settings": ["context_extensions": ["service": .string(service.name)]]]))
            ]
            if followed.contains(where: { $0.utf8.elementsEqual(service.name.utf8) }) {
                filters.append(
                    YAMLNode.Entry(
                        "envoy.filters.http.ext_proc",
                        EnvoyTypes.configuration(
                            EnvoyTypes.processingOfRoute, ["overrides": ["processing_mode": Self.processingMode]])))
            }
            all.append([
                "name": .string(name), "domains": .strings(domains.flatMap { [$0, "\($0):*"] }),
                "routes": [
                    [
                        "match": ["prefix": "/"], "route": .map(route),
                        "typed_per_filter_config": .map(filters),
                    ]
                ],
            ])
        }
        return all
    }

    private var authorization: YAMLNode {
        [
            "name": "envoy.filters.http.ext_authz",
            "typed_config": EnvoyTypes.configuration(
                EnvoyTypes.authorization,
                [
                    "transport_api_version": "V3",
                    "failure_mode_allow": .noted("Without the gate nothing passes.", false),
                    "include_peer_certificate": true,
                    "with_request_body": [
                        "max_request_bytes": 1_048_576, "allow_partial_message": true, "pack_as_bytes": true,
                    ],
                    "grpc_service": [
                        "envoy_grpc": ["cluster_name": .string(EnvoyClusters.authorizationName)], "timeout": "1s",
                    ],
                ]),
        ]
    }

    private var followed: [String] { configuration.mesh?.follow ?? [] }

    private static let processingMode: YAMLNode = ["response_header_mode": "SKIP", "response_trailer_mode": "SEND"]

    private var following: YAMLNode {
        [
            "name": "envoy.filters.http.ext_proc",
            "disabled": .noted("Routes turn it on; Envoy asks nobody about requests that no route takes.", true),
            "typed_config": EnvoyTypes.configuration(
                EnvoyTypes.processing,
                [
                    "failure_mode_allow": .noted("A gate that is gone ends what it followed.", false),
                    "message_timeout": "1s",
                    "processing_mode": .noted(
                        "The last one keeps the stream, on which the gate cuts the request.", Self.processingMode),
                    "metadata_options": [
                        "forwarding_namespaces": ["untyped": .strings(["envoy.filters.http.ext_authz"])]
                    ],
                    "grpc_service": ["envoy_grpc": ["cluster_name": .string(EnvoyClusters.authorizationName)]],
                ]),
        ]
    }

    private var accessLog: YAMLNode {
        [
            "name": "envoy.access_loggers.http_grpc",
            "typed_config": EnvoyTypes.configuration(
                EnvoyTypes.accessLog,
                [
                    "common_config": [
                        "log_name": "yett", "transport_api_version": "V3",
                        "grpc_service": ["envoy_grpc": ["cluster_name": .string(EnvoyClusters.authorizationName)]],
                    ]
                ]),
        ]
    }

    private var router: YAMLNode {
        [
            "name": "envoy.filters.http.router",
            "typed_config": EnvoyTypes.configuration(EnvoyTypes.router, ["suppress_envoy_headers": true]),
        ]
    }

    private var overload: YAMLNode {
        let connections = configuration.serviceProxy?.limits.connections ?? ServiceProxyLimits().connections
        return [
            "refresh_interval": "0.25s",
            "resource_monitors": [
                [
                    "name": "envoy.resource_monitors.global_downstream_max_connections",
                    "typed_config": EnvoyTypes.configuration(
                        EnvoyTypes.connections, ["max_active_downstream_connections": .integer(connections)]),
                ],
                [
                    "name": "envoy.resource_monitors.fixed_heap",
                    "typed_config": EnvoyTypes.configuration(
                        EnvoyTypes.heap, ["max_heap_size_bytes": 1_073_741_824]),
                ],
            ],
            "actions": [
                [
                    "name": "envoy.overload_actions.stop_accepting_requests",
                    "triggers": [
                        ["name": "envoy.resource_monitors.fixed_heap", "threshold": ["value": .decimal("0.95")]]
                    ],
                ]
            ],
        ]
    }

    /// A time as Envoy writes it: seconds with at most three digits behind the point.
    static func seconds(_ time: Duration) -> YAMLNode {
        let (seconds, attoseconds) = time.components
        let milliseconds = String(attoseconds / 1_000_000_000_000_000)
        guard attoseconds > 0 else { return "\(seconds)s" }
        return "\(seconds).\(String(repeating: "0", count: 3 - milliseconds.utf8.count))\(milliseconds)s"
    }
}
