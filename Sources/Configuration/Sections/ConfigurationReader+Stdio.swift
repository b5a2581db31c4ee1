// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

extension ConfigurationReader {
    /// In the place of `host` and `port` for services that have none: a name that no resolver answers (RFC 6761 section
    /// 6.4).
    static var noPlace: Endpoint? { try? Endpoint(parsing: "stdio.invalid:80") }

    private static let needsHost = [
        "host", "port", "endpoints", "spiffe_id", "tls", "ca", "server_name", "http", "path", "credential",
        "assertion", "scan_response", "env",
    ]

    /// Reads `stdio` of a service, which takes the place of the way to one.
    func readStdio(
        _ value: Value, _ section: inout MappingReader, _ service: inout ServiceConfiguration,
        _ known: ServiceConfiguration.ProtocolName?
    ) {
        if let known, known != .mcp { value.error("'stdio' is for services with protocol: mcp") }
        for key in Self.needsHost {
            guard let other = section.value(key) else { continue }
            other.error("'\(key)' is for services with host and port; one with 'stdio' runs beside its client")
        }
        guard let agent = value.text("the name of an agent") else { return }
        if isName(agent, value.place, "the name of an agent") { service.stdio = agent }
    }
}
