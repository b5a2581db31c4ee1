// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

extension ConfigurationReader {
    /// Reads `services`.
    func readServices(_ value: Value) -> [ServiceConfiguration] {
        guard var section = value.mapping("services") else { return [] }
        return section.all().compactMap { entry in
            guard isName(entry.name, entry.place, "the name of a service") else { return nil }
            return readService(entry)
        }
    }

    private func readService(_ entry: MappingReader.Entry) -> ServiceConfiguration? {
        guard var section = entry.value.mapping("a service") else { return nil }
        let host = section.required("host").flatMap { self.host($0) }
        let port = section.required("port")?.integer(1...65_535)
        let name = section.value("protocol")?.word(Self.protocolNames)
        let labels = section.value("labels").map { readLabels($0) }
        let spiffeID = section.value("spiffe_id")?.parsed("a SPIFFE ID such as spiffe://example.org/tool/tickets") {
            try SPIFFEID(parsing: $0)
        }
        section.finish()
        guard let host, let port = port.flatMap(UInt16.init(exactly:)) else { return nil }
        var service = ServiceConfiguration(name: entry.name, host: host, port: port)
        service.protocolName = name ?? .http
        service.labels = labels ?? [:]
        service.spiffeID = spiffeID
        service.place = entry.place
        return service
    }

    private static var protocolNames: KeyValuePairs<String, ServiceConfiguration.ProtocolName> {
        ["http": .http, "llm": .llm, "mcp": .mcp, "a2a": .a2a, "postgres": .postgres, "tcp": .tcp]
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
}
