// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity

/// One decision of the egress plane with ever more host patterns: the cost must not grow with them.
enum DecisionBenchmarks {
    static let all = [10, 1_000, 100_000].flatMap { count in
        [
            Benchmark(name: "decision/allow/\(count)-patterns", goal: 1_500) {
                try decide(count, "host-\(count / 2).corp-\(count / 2 % 7).example.com")
            },
            Benchmark(name: "decision/deny/\(count)-patterns", goal: 2_500) {
                try decide(count, "prod-db-01.elsewhere.example.net")
            },
        ]
    }

    private static func decide(_ count: Int, _ host: String) throws -> (Int) -> Void {
        let domain = try TrustDomain(parsing: "bench.test")
        let id = try SPIFFEID(agent: "bench", in: domain)
        let patterns = try (0..<count).map { number in
            try HostPattern(parsing: "\(number % 3 == 0 ? "*." : "")host-\(number).corp-\(number % 7).example.com")
        }
        // The host that is asked for stands there by its exact name.
        let asked = try HostPattern(parsing: "host-\(count / 2).corp-\(count / 2 % 7).example.com")
        let index = GrantIndex(agent: "bench", grants: [Grant(name: "hosts", hosts: patterns + [asked])])
        let snapshot = Snapshot(
            revision: 1, digest: "", trustDomain: domain,
            agents: AgentDirectory(agents: [.init(id: id, allowsCertificate: true)]), grants: [id: index],
            addressGuard: AddressGuard(exceptions: [], ownListeners: []))
        let identity = snapshot.agents.identify(certificate: id)
        let authorizer = Authorizer(snapshot: snapshot)
        let facts = Facts(
            identity: identity, plane: .egress, operation: Operation(.tunnel),
            destination: Destination(host: try Host(parsing: host), port: 443, scheme: .https), time: 1_790_000_000,
            source: .unknown)
        return { times in
            var ids = DecisionIDSequence(prefix: 1)
            for _ in 0..<times { blackHole(authorizer.authorize(facts, decision: ids.next())) }
        }
    }
}
