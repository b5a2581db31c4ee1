// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses

/// The places at which a service is, and how the gate tells which of them are well.
extension ConfigurationReader {
    private static let mostEndpoints = 64

    /// Reads `host` and `port`.
    func readPlace(_ section: inout MappingReader) -> Endpoint? {
        let host = section.required("host").flatMap { self.host($0) }
        let port = section.required("port")?.integer(1...65_535).flatMap(UInt16.init(exactly:))
        guard let host, let port else { return nil }
        return Endpoint(host: host, port: port)
    }

    /// Reads `endpoints`, which stands in the place of `host` and `port`.
    ///
    /// - Returns: `nil` when there is no such key.
    func readEndpoints(_ section: inout MappingReader) -> [Endpoint]? {
        guard let value = section.value("endpoints") else { return nil }
        for key in ["host", "port"] {
            section.value(key)?.error("'\(key)' and 'endpoints' exclude one another: an endpoint has its own")
        }
        guard let elements = value.list("endpoints such as tickets-1.example.org:8443") else { return [] }
        value.refuseEmpty("endpoint")
        if elements.count > Self.mostEndpoints {
            value.error("a service has at most \(Self.mostEndpoints) endpoints")
        }
        var endpoints: [Endpoint] = []
        for element in elements.prefix(Self.mostEndpoints) {
            guard
                let endpoint = element.parsed("host:port", { text in try Endpoint(parsing: text) })
            else { continue }
            if endpoints.contains(endpoint) {
                element.error("\(endpoint) is an endpoint of the service already")
            } else {
                endpoints.append(endpoint)
            }
        }
        return endpoints
    }

    /// Reads `ejection` and `health`.
    func readEndpointRules(
        _ section: inout MappingReader, _ service: inout ServiceConfiguration,
        _ known: ServiceConfiguration.ProtocolName?
    ) {
        let ejection = overHTTP("ejection", &section, known)
        let health = overHTTP("health", &section, known)
        if service.endpoints.isEmpty {
            for (key, value) in [("ejection", ejection), ("health", health)] {
                value?.error("'\(key)' is for services with 'endpoints'")
            }
            return
        }
        if let known, !known.isHTTP {
            section.value("endpoints")?.error("'endpoints' is for services over HTTP: http, llm, mcp and a2a")
        }
        if let ejection {
            service.ejection = readLimits(
                ejection, service.ejection, EjectionConfiguration.fields, "the rules of ejection")
            if service.ejection.longest < service.ejection.time {
                ejection.error("longest is shorter than time")
            }
        }
        guard let health, var section = health.mapping("questions about health") else { return }
        let path = section.required("path").flatMap { readHealthPath($0) }
        let rules = readLimits(&section, HealthConfiguration(path: path ?? "/"), HealthConfiguration.fields)
        section.finish()
        if rules.timeout > rules.interval { health.error("timeout is longer than interval") }
        if service.http == .http2 {
            health.error(
                "the gate asks about health by HTTP/1.1, and the service has http: 2",
                hint: "leave 'health' out: endpoints that fail are ejected without it")
        }
        if path != nil { service.health = rules }
    }

    private func readHealthPath(_ value: Value) -> String? {
        let expected = "a path such as /healthz"
        guard let text = value.text(expected) else { return nil }
        let isPlain = Self.consists(text, ofLettersDigitsAnd: "-._~!$&'()*+,;=:@/?")
        guard text.utf8.first == UInt8(ascii: "/"), isPlain, text.utf8.count <= 1_024 else {
            value.error("\(expected) is expected here, perhaps with a query, without escapes")
            return nil
        }
        return text
    }
}
