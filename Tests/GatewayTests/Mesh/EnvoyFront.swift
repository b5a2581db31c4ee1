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

    /// A route and the service that it leads to.
    struct Route: Sendable {
        var prefix: String
        var service: String
        /// Whether it asks to be told only.
        var observes = false
        /// The host that the service is told.
        var host: String?
    }

    /// What is set besides.
    struct Options: Sendable {
        var routes = [Route(prefix: "/mcp", service: "tickets"), Route(prefix: "/", service: "files")]
        /// The service of all routes in the HTTP variant; gRPC without it.
        var httpService: String?
        /// Whether Envoy passes the client's certificate on.
        var passesCertificate = false
        /// Whether the gate gets an access log.
        var logs = false
        /// Whether the gate follows what is open.
        var follows = false
        /// Whether connections are carried as they are, without anybody being asked.
        var carriesTCP = false
        var most = 2048
        /// Whether Envoy speaks HTTP/2 to the gate; what it speaks of its own accord otherwise.
        var usesHTTP2 = true
    }

    let directory: String
    let port: UInt16
    private let program: Program

    /// Starts Envoy. `front.pem`, `front.key` and `bundle.pem` lie in the directory.
    ///
    /// - Parameter gate: The path of the Unix socket, or the port.
    init(in directory: String, way: Way, gate: String, upstream: UInt16, _ options: Options = Options()) throws {
        let server = UpstreamServer.echo()
        port = server.port
        server.stop()
        self.directory = directory
        let text = Self.configuration(directory, port, way, gate, upstream, options)
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
        _ directory: String, _ port: UInt16, _ way: Way, _ gate: String, _ upstream: UInt16, _ options: Options
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
            \(options.usesHTTP2 ? "            alpn_protocols: [h2]" : "")
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
                            alpn_protocols: [\(options.follows ? "h2, " : "")http/1.1]
                            tls_certificates:
                              - {certificate_chain: {filename: \(directory)/front.pem}, private_key: {filename: \(directory)/front.key}}
                            validation_context: {trusted_ca: {filename: \(directory)/bundle.pem}}
                      filters:
            \(options.carriesTCP ? tcpProxy : httpManager(options))
              clusters:
                - name: gate
                  type: STATIC
                  connect_timeout: 1s
            \(options.usesHTTP2 ? http2 : "")
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

    private static func httpManager(_ options: Options) -> String {
        return """
                        - name: envoy.filters.network.http_connection_manager
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                            stat_prefix: front
                            forward_client_cert_details: SANITIZE_SET
                            set_current_client_cert_details: {uri: true, cert: true}
                            upgrade_configs: [{upgrade_type: websocket}]
            \(options.logs ? accessLog : "")
                            route_config:
                              virtual_hosts:
                                - name: all
                                  domains: ["*"]
                                  routes:
            \(routes(options))
                            http_filters:
                              - name: envoy.filters.http.ext_authz
                                typed_config:
                                  "@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthz
                                  transport_api_version: V3
                                  failure_mode_allow: false
                                  with_request_body: {max_request_bytes: \(options.most), allow_partial_message: true, pack_as_bytes: true}
                                  include_peer_certificate: \(options.passesCertificate)
            \(asking(options))
            \(options.follows ? following : "")
                              - name: envoy.filters.http.router
                                typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}
            """
    }

    private static func routes(_ options: Options) -> String {
        let margin = String(repeating: " ", count: 24)
        return options.routes.map { route in
            let host = route.host.map { ", host_rewrite_literal: \($0)" } ?? ""
            let mode = route.observes ? ", mode: observe" : ""
            let settings =
                #"{"@type": type.googleapis.com/envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute, "#
                + "check_settings: {context_extensions: {service: \(route.service)\(mode)}}}"
            return
                "\(margin)- match: {prefix: \(route.prefix)}\n\(margin)  route: {cluster: upstream, timeout: 0s\(host)}\n"
                + "\(margin)  typed_per_filter_config: {envoy.filters.http.ext_authz: \(settings)}"
        }.joined(separator: "\n")
    }

    private static func asking(_ options: Options) -> String {
        let margin = String(repeating: " ", count: 22)
        guard let service = options.httpService else {
            return "\(margin)grpc_service: {envoy_grpc: {cluster_name: gate}, timeout: 5s}"
        }
        let passed = [
            "x-forwarded-client-cert", "yett-task", "content-type", "accept", "mcp-protocol-version",
        ].map { "{exact: \($0)}" }.joined(separator: ", ")
        return """
            \(margin)allowed_headers: {patterns: [\(passed)]}
            \(margin)http_service:
            \(margin)  server_uri: {uri: "http://gate", cluster: gate, timeout: 5s}
            \(margin)  path_prefix: /yett/authorize/\(service)
            \(margin)  authorization_response:
            \(margin)    allowed_upstream_headers: {patterns: [{prefix: yett-}, {exact: x-api-key}]}
            \(margin)    allowed_client_headers: {patterns: [{prefix: yett-}, {exact: content-type}]}
            \(margin)    dynamic_metadata_from_headers: {patterns: [{exact: yett-decision}]}
            """
    }

    private static let tcpProxy = """
                        - name: envoy.filters.network.tcp_proxy
                          typed_config:
                            "@type": type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy
                            stat_prefix: tcp
                            cluster: upstream
                            access_log:
                              - name: envoy.access_loggers.tcp_grpc
                                typed_config:
                                  "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.TcpGrpcAccessLogConfig
                                  common_config:
                                    log_name: front
                                    transport_api_version: V3
                                    buffer_flush_interval: 0.1s
                                    grpc_service: {envoy_grpc: {cluster_name: gate}}
        """

    private static let following = """
                          - name: envoy.filters.http.ext_proc
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.filters.http.ext_proc.v3.ExternalProcessor
                              failure_mode_allow: false
                              message_timeout: 5s
                              processing_mode: {response_header_mode: SKIP, response_trailer_mode: SEND}
                              metadata_options: {forwarding_namespaces: {untyped: [envoy.filters.http.ext_authz]}}
                              grpc_service: {envoy_grpc: {cluster_name: gate}}
        """

    private static let http2 = """
              typed_extension_protocol_options:
                envoy.extensions.upstreams.http.v3.HttpProtocolOptions:
                  "@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions
                  explicit_http_config: {http2_protocol_options: {}}
        """

    private static let accessLog = """
                        access_log:
                          - name: envoy.access_loggers.http_grpc
                            typed_config:
                              "@type": type.googleapis.com/envoy.extensions.access_loggers.grpc.v3.HttpGrpcAccessLogConfig
                              common_config:
                                log_name: front
                                transport_api_version: V3
                                buffer_flush_interval: 0.1s
                                grpc_service: {envoy_grpc: {cluster_name: gate}}
        """
}
