// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

extension ConfigurationReader {
    /// In the place of `host` and `port` for services that have none: a name that no resolver answers (RFC 6761 section
    /// 6.4).
    static func noPlace(isLocal: Bool) -> Endpoint? {
        try? Endpoint(parsing: isLocal ? "stdio.invalid:80" : "servers.invalid:80")
    }

    static let needsHost = [
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

    // MARK: Several servers

    /// What its members have each for itself.
    private static let ofMembers =
        needsHost + [
            "mentions", "other_tools", "pin_tools", "provenance", "same_names", "server_annotations", "server_requests",
            "stdio", "tasks", "tools",
        ]

    /// Reads `servers` of a service, which is an endpoint for other ones.
    func readServers(
        _ value: Value, _ section: inout MappingReader, _ service: inout ServiceConfiguration,
        _ known: ServiceConfiguration.ProtocolName?
    ) {
        if let known, known != .mcp { value.error("'servers' is for services with protocol: mcp") }
        for key in Self.ofMembers {
            guard let other = section.value(key) else { continue }
            other.error("'\(key)' is for single servers; one with 'servers' leaves it to each of them")
        }
        var seen: [String] = []
        for element in value.list("names of services") ?? [] {
            guard let name = element.text("the name of a service"),
                isName(name, element.place, "the name of a service")
            else { continue }
            if seen.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
                element.error("the service '\(name)' is named already")
            } else if JoinedName.isUnfit(name) {
                element.error(
                    "the name '\(name)' has two underscores in a row, or one at its end: it could not be told where it "
                        + "ends in the names of tools")
            } else {
                seen.append(name)
            }
        }
        if seen.isEmpty { value.error("the names of one to \(Self.mostServers) services are expected here") }
        if seen.count > Self.mostServers { value.error("at most \(Self.mostServers) servers can be joined") }
        service.servers = seen
    }

    private static let mostServers = 32
}

/// Names of services in front of the names of their tools.
enum JoinedName {
    /// Whether two underscores behind the name would not end it for certain.
    static func isUnfit(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return bytes.last == UInt8(ascii: "_")
            || zip(bytes, bytes.dropFirst()).contains { $0 == UInt8(ascii: "_") && $1 == UInt8(ascii: "_") }
    }
}
