// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import Identity
import Rego

/// One decision of the egress plane with policies of users.
enum PolicyBenchmarks {
    static let all = [
        Benchmark(name: "policy/own", goal: 1_500) { try decide("") },
        Benchmark(name: "policy/two-denials", goal: 2_000) {
            try decide(
                """
                deny contains {"code": "weak", "message": "-"} if {
                    endswith(input.destination.host, ".prod.example.com")
                    input.identity.proof != "x509-svid"
                }
                deny contains {"code": "early", "message": "-"} if input.time < 5
                """)
        },
        Benchmark(name: "policy/whole-input", goal: 2_500) { try decide("deny contains \"x\" if count(input) == 0") },
    ]

    private static func decide(_ rules: String) throws -> (Int) -> Void {
        let domain = try TrustDomain(parsing: "bench.test")
        let id = try SPIFFEID(agent: "bench", in: domain)
        let grant = Grant(name: "web", hosts: [try HostPattern(parsing: "*.example.com")])
        let source = PolicySource(name: "bench.rego", text: "package yett.authz\n\(rules)\n")
        let snapshot = Snapshot(
            revision: 1, digest: "", trustDomain: domain,
            agents: AgentDirectory(agents: [.init(id: id, allowsCertificate: true)]),
            grants: [id: GrantIndex(agent: "bench", grants: [grant])],
            addressGuard: AddressGuard(exceptions: [], ownListeners: []),
            policy: try DecisionPolicy(compiling: [source]))
        let facts = Facts(
            identity: snapshot.agents.identify(certificate: id), plane: .egress, operation: Operation(.tunnel),
            destination: Destination(host: try Host(parsing: "www.example.com"), port: 443, scheme: .https),
            time: 1_790_000_000, source: .unknown)
        return { times in
            for _ in 0..<times { blackHole(snapshot.decide(facts) { _ in GrantUsage() }) }
        }
    }
}
