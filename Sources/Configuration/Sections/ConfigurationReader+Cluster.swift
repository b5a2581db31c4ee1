// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Addresses
internal import Identity

extension ConfigurationReader {
    /// Reads `cluster`.
    func readCluster(_ value: Value) -> ClusterConfiguration? {
        guard var section = value.mapping("cluster") else { return nil }
        let gate = section.required("gate").flatMap { readGateName($0) }
        let servers = section.required("endpoints")
        let endpoints = servers?.list("members of etcd") { readMember($0) }
        let members = section.value("members")?.list("keys of gates") { readVerifierKey($0) }
        let tls = section.value("tls")
        let mode = section.value("clock_skew").flatMap { readClockSkewMode($0) }
        var cluster = readLimits(
            &section, ClusterConfiguration(gate: gate ?? "", endpoints: endpoints ?? []), ClusterConfiguration.fields)
        section.finish()
        cluster.members = members ?? []
        cluster.tls = tls.flatMap { readClusterTLS($0) }
        cluster.clockSkewMode = mode ?? cluster.clockSkewMode
        if let servers, endpoints?.isEmpty ?? false {
            servers.error("at least one member of etcd is expected here, such as \"10.0.0.5:2379\"")
        }
        if let servers, tls == nil, !cluster.endpoints.allSatisfy(Self.isLoopback) {
            servers.error(
                "whoever reaches etcd, or the way to it, could release, approve and start what they like",
                hint: "add tls, or use loopback addresses")
        }
        guard gate != nil, !cluster.endpoints.isEmpty else { return nil }
        return cluster
    }

    private func readGateName(_ value: Value) -> String? {
        guard let text = value.text("a name") else { return nil }
        return isName(text, value.place, "the name of a gate") ? text : nil
    }

    private func readMember(_ value: Value) -> ClusterConfiguration.Endpoint? {
        let expected = "a member of etcd such as \"10.0.0.5:2379\" or \"etcd-1.internal:2379\""
        guard let text = value.text(expected) else { return nil }
        guard let endpoint = try? Endpoint(parsing: text) else {
            value.error("\(expected) is expected here")
            return nil
        }
        return switch endpoint.host {
        case .name(let name): ClusterConfiguration.Endpoint(host: name.description, port: endpoint.port)
        case .address(let address): ClusterConfiguration.Endpoint(host: "\(address)", port: endpoint.port)
        }
    }

    private static func isLoopback(_ endpoint: ClusterConfiguration.Endpoint) -> Bool {
        guard case .address(let address)? = try? Endpoint(parsing: endpoint.description).host else { return false }
        return address.isLoopback
    }

    private func readClusterTLS(_ value: Value) -> ClusterConfiguration.Protection? {
        guard var section = value.mapping("tls") else { return nil }
        let authority = section.value("ca")
        let certificate = section.value("certificate")
        let key = section.value("key")
        let servers = section.value("servers")
        section.finish()
        if (certificate == nil) != (key == nil) { value.error("certificate and key stand together") }
        if let servers {
            for (name, other) in [("ca", authority), ("certificate", certificate), ("key", key)] {
                other?.error("'\(name)' is for members that are known by name; with 'servers' the gate shows its SVID")
            }
            let ids = servers.list("SPIFFE IDs") { element in
                element.parsed("a SPIFFE ID") { try SPIFFEID(parsing: $0) }
            }
            guard let ids, !ids.isEmpty else {
                servers.error("the SPIFFE IDs of etcd's members are expected here")
                return nil
            }
            return .identities(ids)
        }
        guard let authority = authority.flatMap({ secret($0, filesOnly: true) }) else {
            value.error("one of ca and servers says whom to trust to be etcd")
            return nil
        }
        return .files(
            authority: authority, certificate: certificate.flatMap { secret($0, filesOnly: true) },
            key: key.flatMap { secret($0, filesOnly: true) })
    }

    private func readClockSkewMode(_ value: Value) -> ClusterConfiguration.ClockSkewMode? {
        guard let text = value.text("deny or warn") else { return nil }
        guard let mode = ClusterConfiguration.ClockSkewMode(rawValue: text) else {
            value.error("deny or warn is expected here")
            return nil
        }
        return mode
    }
}
