// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

/// Runs the destination cases on the types of this module alone: a target is accepted when it parses, a grant covers it,
/// the name stays within its budget and every address passes the guard.
@Suite struct DestinationCorpusTests {
    static let cases = DestinationCorpus.load().filter {
        DestinationCorpus.groups.contains($0.group) || $0.id.hasPrefix("ip")
    }

    @Test("judges every destination case as the corpus does", arguments: cases)
    func destination(entry: DestinationCorpus.Case) throws {
        switch entry.verdict {
        case "ok": #expect(try accepts(entry), "\(entry.target)")
        case "must-reject": #expect(try !accepts(entry), "\(entry.target)")
        default: _ = try accepts(entry)
        }
    }

    private func accepts(_ entry: DestinationCorpus.Case) throws -> Bool {
        var authority = entry.target
        if authority.hasPrefix("http://") {
            authority = String(authority.dropFirst(7).prefix { $0 != "/" })
        }
        guard let endpoint = try? Endpoint(parsing: authority, defaultPort: 80) else { return false }
        let patterns =
            try entry.policy?.allow == "any-public"
            ? [HostPattern(.any)] : ["allowed.test", "*.wild.test"].map { try HostPattern(parsing: $0) }
        guard let pattern = patterns.first(where: { $0.matches(endpoint.host) }),
            NameBudget().judge(endpoint.host, grantedBy: pattern).isWithin
        else { return false }
        let verdict = AddressGuard().judgeAll(
            addresses(entry, of: endpoint.host), host: endpoint.host, port: endpoint.port)
        if case .allowed = verdict { return true }
        return false
    }

    private func addresses(_ entry: DestinationCorpus.Case, of host: Host) -> [IPAddress] {
        switch host {
        case .address(let address):
            [address]
        case .name(let name):
            (entry.dns?[name.description] ?? entry.dns?["*"] ?? []).first.map { records in
                records.compactMap { $0.split(separator: " ").dropFirst().first.flatMap { IPAddress($0) } }
            } ?? []
        }
    }
}
