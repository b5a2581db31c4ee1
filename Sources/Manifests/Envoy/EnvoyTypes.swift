// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

/// Envoy's extensions by the names of their configurations.
enum EnvoyTypes {
    private static let root = "type.googleapis.com/envoy.extensions."

    static let connectionManager =
        root
        + "filters.network.http_connection_manager.v3.HttpConnectionManager"
    static let authorization = root + "filters.http.ext_authz.v3.ExtAuthz"
    static let authorizationOfRoute = root + "filters.http.ext_authz.v3.ExtAuthzPerRoute"
    static let processing = root + "filters.http.ext_proc.v3.ExternalProcessor"
    static let processingOfRoute = root + "filters.http.ext_proc.v3.ExtProcPerRoute"
    static let router = root + "filters.http.router.v3.Router"
    static let downstreamTLS = root + "transport_sockets.tls.v3.DownstreamTlsContext"
    static let upstreamTLS = root + "transport_sockets.tls.v3.UpstreamTlsContext"
    static let httpOptions = root + "upstreams.http.v3.HttpProtocolOptions"
    static let heap = root + "resource_monitors.fixed_heap.v3.FixedHeapConfig"
    static let accessLog = root + "access_loggers.grpc.v3.HttpGrpcAccessLogConfig"
    static let connections = root + "resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig"

    /// The key of a cluster's HTTP options.
    static let httpOptionsName = "envoy.extensions.upstreams.http.v3.HttpProtocolOptions"

    /// An extension with its type in front.
    static func configuration(_ type: String, _ entries: YAMLNode) -> YAMLNode {
        .map([YAMLNode.Entry("@type", .string(type))] + entries.entries)
    }
}
