// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import GateSupport
import Resolver

/// The gate that a case asks for.
enum CaseGate {
    /// Grants of a policy of the corpus.
    static func grants(_ policy: CorpusCase.Policy?) throws -> [Grant] {
        let hosts = policy?.allow == "any-public" ? ["*"] : policy?.allowHosts ?? []
        var grant = Grant(
            name: "corpus",
            hosts: try hosts.map { try HostPattern(parsing: $0, minimumSuffixLabels: 1, permitsAny: true) })
        grant.ports = PortSet((policy?.ports ?? [80, 443]).map { $0...$0 })
        return [grant]
    }

    static func options(_ test: CorpusCase, grants: [Grant], upstream: UpstreamServer) -> GateOptions {
        let records = test.dns ?? ["*": [["A 203.0.114.10"]]]
        var options = GateOptions(grants: grants, resolver: ScriptedResolver(records: records))
        let refusing = Set(
            records.values.joined().joined().filter { $0.contains("refuses-connection") }
                .compactMap { line in line.split(separator: " ").dropFirst().first.flatMap { IPAddress($0) } })
        let port = upstream.port
        options.route = { refusing.contains($0.address) ? nil : port }
        return options
    }

    /// The addresses that the corpus gives to a host, or the address that the host is.
    static func addresses(_ test: CorpusCase, host: String) -> Set<IPAddress> {
        let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        if let address = IPAddress(bare) { return [address] }
        let records = test.dns ?? ["*": [["A 203.0.114.10"]]]
        let lines = records.values.joined().joined()
        return Set(lines.compactMap { line in line.split(separator: " ").dropFirst().first.flatMap { IPAddress($0) } })
    }
}
