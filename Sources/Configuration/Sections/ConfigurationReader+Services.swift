// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Decision
internal import Identity

extension ConfigurationReader {
    /// Reads `services`.
    func readServices(_ value: Value) -> [ServiceConfiguration] {
        guard var section = value.mapping("services") else { return [] }
        var hosts: [HostName: Place] = [:]
        return section.all().compactMap { entry in
            guard isName(entry.name, entry.place, "the name of a service") else { return nil }
            return readService(entry, &hosts)
        }
    }

    private func readService(_ entry: MappingReader.Entry, _ hosts: inout [HostName: Place]) -> ServiceConfiguration? {
        guard var section = entry.value.mapping("a service") else { return nil }
        let stdio = section.value("stdio")
        let servers = section.value("servers")
        let isDecoy = section.value("decoy").map { isTrue($0) } ?? false
        let isElsewhere = stdio != nil || servers != nil || isDecoy
        let endpoints = isElsewhere ? nil : readEndpoints(&section)
        let place =
            isElsewhere
            ? isDecoy ? Self.decoyPlace : Self.noPlace(isLocal: stdio != nil)
            : endpoints == nil ? readPlace(&section) : endpoints?.first
        var service = ServiceConfiguration(
            name: entry.name, host: place?.host ?? .address(.v4(IPv4Address(127, 0, 0, 1))), port: place?.port ?? 1)
        service.endpoints = endpoints ?? []
        service.place = entry.place
        let spoken = section.value("protocol")
        let name = spoken?.word(Self.protocolNames)
        service.protocolName = name ?? .http
        // A word that cannot be read has its diagnostic; nothing is refused on top of it because of the protocol.
        let known = spoken == nil ? .http : name
        service.labels = section.value("labels").map { readLabels($0) } ?? [:]
        if isDecoy { refuseForDecoy(&section, &service) }
        if let stdio { readStdio(stdio, &section, &service, known) }
        if let servers { readServers(servers, &section, &service, known) }
        let id = section.value("spiffe_id")
        service.spiffeID = id?.parsed("a SPIFFE ID such as spiffe://example.org/tool/tickets") {
            try SPIFFEID(parsing: $0)
        }
        readUpstream(&section, &service, known, isNamed: id != nil)
        readEndpointRules(&section, &service, known)
        readVirtualHosts(&section, &service, known, &hosts)
        readMediation(&section, &service, known)
        if let variables = overHTTP("env", &section, known) { service.environment = readVariables(variables) }
        section.finish()
        return place == nil ? nil : service
    }

    private static var protocolNames: KeyValuePairs<String, ServiceConfiguration.ProtocolName> {
        ["http": .http, "llm": .llm, "mcp": .mcp, "a2a": .a2a, "postgres": .postgres, "tcp": .tcp]
    }

    /// The value of a key that is for services over HTTP.
    func overHTTP(
        _ key: String, _ section: inout MappingReader, _ known: ServiceConfiguration.ProtocolName?
    ) -> Value? {
        guard let value = section.value(key) else { return nil }
        if let known, !known.isHTTP {
            value.error("'\(key)' is for services over HTTP: http, llm, mcp and a2a")
            return nil
        }
        return value
    }

    func readLabels(_ value: Value) -> [String: String] {
        guard var section = value.mapping("labels") else { return [:] }
        var labels: [String: String] = [:]
        for entry in section.all() where isName(entry.name, entry.place, "the name of a label") {
            guard let text = entry.value.text("the text of a label") else { continue }
            guard text.utf8.count <= 256 else {
                entry.value.error("the text of a label has at most 256 bytes")
                continue
            }
            labels[entry.name] = text
        }
        return labels
    }

    /// A name or an address; an IPv6 address stands with or without brackets.
    func host(_ value: Value) -> Host? {
        value.parsed("a host name or an address") { text in
            if let address = IPAddress(text) { return .address(address) }
            return try Host(parsing: text)
        }
    }

    private func readVariables(_ value: Value) -> [String: ServiceConfiguration.ServiceVariable] {
        guard var section = value.mapping("variables with paths at the service") else { return [:] }
        var variables: [String: ServiceConfiguration.ServiceVariable] = [:]
        for entry in section.all() {
            guard Self.isVariable(entry.name) else {
                context.error(
                    entry.place, "'\(entry.name)' is no variable that a service may set",
                    hint: "capital letters, digits and '_', such as OPENAI_BASE_URL, and none that the launcher sets")
                continue
            }
            guard let text = entry.value.text("a path at the service, or unused") else { continue }
            if text.utf8.elementsEqual("unused".utf8) {
                variables[entry.name] = .unused
            } else if text.utf8.first == UInt8(ascii: "/"), !text.utf8.starts(with: "//".utf8),
                text.utf8.count <= 1_024, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
            {
                variables[entry.name] = .url(path: text)
            } else {
                entry.value.error(
                    "a path at the service such as /v1 is expected here, or the word unused",
                    hint: "keys never reach an agent; the gate adds the service's 'credential'")
            }
        }
        return variables
    }

    private static func isVariable(_ name: String) -> Bool {
        guard let first = name.utf8.first, name.utf8.count <= 64, first &- 0x30 > 9 else { return false }
        let ofLauncher =
            ["LD_", "YETT_", "LC_", "NODE_"].contains { name.utf8.starts(with: $0.utf8) } || name.hasSuffix("_PROXY")
            || ["PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "PWD", "IFS", "ENV", "BASH_ENV"].contains(name)
        return !ofLauncher && name.utf8.allSatisfy { $0 &- 0x41 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "_") }
    }

    // MARK: The way to the service

    private func readUpstream(
        _ section: inout MappingReader, _ service: inout ServiceConfiguration,
        _ known: ServiceConfiguration.ProtocolName?, isNamed: Bool
    ) {
        let security = overHTTP("tls", &section, known)
        let authority = overHTTP("ca", &section, known)
        let serverName = overHTTP("server_name", &section, known)
        service.tls = ServiceConfiguration.standardTLS(service.protocolName, port: service.port)
        if let security, let tls = security.word(Self.securities) {
            service.tls = tls
            if tls == .svid, !isNamed {
                security.error("tls: svid needs the identity that the service must prove, in spiffe_id")
            }
        }
        if let authority, let path = path(authority) {
            if case .web = service.tls {
                service.tls = .web(authority: path)
            } else {
                authority.error("ca is for tls: web")
            }
        }
        if let serverName {
            service.serverName = hostName(serverName)
            if service.tls == .off { serverName.error("server_name is for services with tls") }
        }
        if let http = overHTTP("http", &section, known)?.word(Self.versions) { service.http = http }
        if let path = overHTTP("path", &section, known).flatMap({ readPath($0) }) { service.path = path }
    }

    private static var versions: KeyValuePairs<String, ServiceConfiguration.HTTPVersion> {
        ["auto": .auto, "1.1": .http1, "2": .http2]
    }

    private static var securities: KeyValuePairs<String, ServiceConfiguration.UpstreamTLS> {
        ["svid": .svid, "web": .web(authority: nil), "off": .off]
    }

    private func hostName(_ value: Value) -> HostName? {
        value.parsed("a host name") { try HostName(parsing: $0) }
    }

    /// A path that means the same to everybody: nothing is escaped, no segment has parameters.
    private func readPath(_ value: Value) -> String? {
        let expected = "a path such as /mcp"
        guard let text = value.text(expected) else { return nil }
        let isOpen = text.utf8.last == UInt8(ascii: "/") && text.utf8.count > 1
        let isPlain = text.utf8.count <= 1_024 && !text.utf8.contains { "%;*".utf8.contains($0) }
        guard !isOpen, isPlain, (try? PathPrefix(parsing: text)) != nil else {
            value.error("\(expected) is expected here, without query, escapes, dot segments and a slash at its end")
            return nil
        }
        return text
    }

    // MARK: The service at the gate

    private func readVirtualHosts(
        _ section: inout MappingReader, _ service: inout ServiceConfiguration,
        _ known: ServiceConfiguration.ProtocolName?, _ taken: inout [HostName: Place]
    ) {
        if let hosts = overHTTP("hosts", &section, known) {
            for element in hosts.list("host names") ?? [] {
                guard let host = hostName(element) else { continue }
                if let first = taken[host] {
                    element.error("\(host) means a service already", hint: "see line \(first.line)")
                    continue
                }
                taken[host] = element.place
                service.virtualHosts.append(host)
            }
        }
    }
}
