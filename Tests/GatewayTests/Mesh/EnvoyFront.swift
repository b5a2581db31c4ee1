// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport

/// A real Envoy in front of one upstream that asks a gate about every request.
struct EnvoyFront: Sendable {
    /// How Envoy reaches the gate.
    enum Way: String, Sendable, CaseIterable {
        case unix
        case tcp
    }

    let directory: String
    let port: UInt16
    private let program: Program

    /// Starts Envoy. `front.pem`, `front.key` and `bundle.pem` lie in the directory.
    ///
    /// - Parameter gate: The path of the Unix socket, or the port.
    init(in directory: String, way: Way, gate: String, upstream: UInt16) throws {
        let server = UpstreamServer.echo()
        port = server.port
        server.stop()
        self.directory = directory
        let text = Self.configuration(directory, port, way, gate, upstream)
        try text.write(toFile: directory + "/envoy.yaml", atomically: true, encoding: .utf8)
        program = try Program(
            try RealEnvoy.path.get(),
            [
                "-c", directory + "/envoy.yaml", "--base-id", "\(UInt32.random(in: 1...1_000_000))", "--concurrency",
                "1",
                "-l", "warning", "--disable-hot-restart",
            ], keepsErrors: true)
    }

    func stop() { program.stop() }

    /// What Envoy wrote so far.
    var log: String { program.outcome(within: 0).text }

    private static func configuration(
        _ directory: String, _ port: UInt16, _ way: Way, _ gate: String, _ upstream: UInt16
    ) -> String {
        let address =
            switch way {
            case .unix: "pipe: {path: \(gate)}"
            case .tcp: "socket_address: {address: 127.0.0.1, port_value: \(gate)}"
            }
        let tls = """
                  transport_socket:
                    name: envoy.transport_sockets.tls
                    typed_config:
                      "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext
                      common_tls_context:
                        alpn_protocols: [h2]
                        tls_params: {tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_3}
                        tls_certificates:
                          - {certificate_chain: {filename: \(directory)/front.pem}, private_key: {filename: \(directory)/front.key}}
                        validation_context:
                          trusted_ca: {filename: \(directory)/bundle.pem}
                          match_typed_subject_alt_names:
                            - {san_type: URI, matcher: {exact: "spiffe://gate.test/yett/gate"}}
            """
        return """
            static_resources:
              listeners:
                - address: {socket_address: {address: 127.0.0.1, port_value: \(port)}}
                  filter_chains:
                    - transport_socket:
                        name: envoy.transport_sockets.tls
                        typed_config:
                          "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
                          require_client_certificate: true
                          common_tls_context:
                            alpn_protocols: [http/1.1]
                            tls_certificates:
                              - {certificate_chain: {filename: \(directory)/front.pem}, private_key: {filename: \(directory)/front.key}}
                            validation_context: {trusted_ca: {filename: \(directory)/bundle.pem}}
                      filters:
                        - name: envoy.filters.network.http_connection_manager
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                            stat_prefix: front
                            route_config:
                              virtual_hosts:
                                - name: all
                                  domains: ["*"]
                                  routes:
                                    - match: {prefix: /mcp}
                                      route: {cluster: upstream}
                                      typed_per_filter_config: {envoy.filters.http.ext_authz: \(service("tickets"))}
                                    - match: {prefix: /}
                                      route: {cluster: upstream}
                                      typed_per_filter_config: {envoy.filters.http.ext_authz: \(service("files"))}
                            http_filters:
                              - name: envoy.filters.http.ext_authz
                                typed_config:
                                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                                  transport_api_version: V3
                                  failure_mode_allow: false
                                  with_request_body: {max_request_bytes: 2048, allow_partial_message: true, pack_as_bytes: true}
                                  grpc_service: {envoy_grpc: {cluster_name: gate}, timeout: 5s}
                              - name: envoy.filters.http.router
                                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
              clusters:
                - name: gate
                  type: STATIC
                  connect_timeout: 1s
                  typed_extension_protocol_options:
                    envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                      "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                      explicit_http_config: {http2_protocol_options: {}}
                  load_assignment:
                    cluster_name: gate
                    endpoints: [{lb_endpoints: [{endpoint: {address: {\(address)}}}]}]
            \(way == .tcp ? tls : "")
                - name: upstream
                  type: STATIC
                  connect_timeout: 1s
                  load_assignment:
                    cluster_name: upstream
                    endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: \(upstream)}}}}]}]
            """
    }

    private static func service(_ name: String) -> String {
        #"{"@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute, "#
            + "check_settings: {context_extensions: {service: \(name)}}}"
    }
}
