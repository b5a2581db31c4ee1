// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Foundation
import GateSupport
import Gateway
import GatewaySupport
import Glibc
import PolicyBundle
import Testing

@Suite("A gate that tries a policy beside the one in force") struct RolloutTests {
    private static let closed =
        "package yett.authz\ndeny contains \"closed\" if input.destination.host == \"web.test\"\n"

    private static func write(_ text: String, in directory: String) throws {
        try FileManager.default.createDirectory(atPath: "\(directory)/next", withIntermediateDirectories: true)
        try text.write(toFile: "\(directory)/next/authz.rego", atomically: true, encoding: .utf8)
    }

    @Test("goes on as before, counts and records what would be otherwise, and explains it")
    func files() async throws {
        let upstream = UpstreamServer.echo()
        defer { upstream.stop() }
        let port = upstream.port
        let configuration = Sample.tunnels(to: port) + "\npolicy: {rollout: {share: 1.0, files: [next]}}\n"
        try await RunningGate.run(configuration, prepare: { try Self.write(Self.closed, in: $0) }) { gate throws in
            #expect(try gate.echoes(gate.tunnel(to: "web.test", port)))
            #expect(try gate.echoes(gate.tunnel(to: "other.test", port)))
            let rollout = try #require(try gate.status().rollout)
            #expect(rollout.absence == nil)
            #expect((rollout.same, rollout.narrower, rollout.wider, rollout.different) == (1, 1, 0, 0))
            let records = try gate.records("kind=observation")
            let record = try #require(records.first { $0.text("cause") == "policy_narrower" })
            #expect(records.count == 1)
            #expect(record.text("detail")?.contains("in force: allow (granted) by grant web") == true)
            #expect(record.text("detail")?.contains("deny (policy_denied, closed)") == true)
            let decision = try #require(record.text("decision"))
            #expect(try gate.record("kind=decision&decision=\(decision)")?.text("verdict") == "allow")
            #expect(
                try gate.ask("GET", "decisions/\(decision)").text.contains("the candidate of the rollout says: deny"))
            // Another candidate begins to count anew; a mistaken one changes nothing.
            try Self.write("package yett.authz\n", in: gate.directory)
            #expect(try gate.ask("POST", "reload", for: ReloadReport.self).isAccepted)
            #expect(try gate.status().rollout?.compared == 0)
            try Self.write("package yett.authz\nallow if {", in: gate.directory)
            let refused = try gate.ask("POST", "reload", for: ReloadReport.self)
            #expect(!refused.isAccepted)
            #expect(refused.diagnostics.contains { $0.contains("policy.rollout: ") && $0.contains("authz.rego:2") })
            #expect(try gate.echoes(gate.tunnel(to: "web.test", port)))
            #expect(try gate.status().rollout?.same == 1)
        }
    }

    @Test("depends on no bundle of the candidate: one that is missing or broken is told and keeps nothing")
    func bundles() async throws {
        let (server, upstream) = (try BundleServer(), UpstreamServer.echo())
        defer {
            server.remove()
            upstream.stop()
        }
        let port = upstream.port
        let polling = "polling: {min_delay: 100ms, max_delay: 200ms}"
        let configuration =
            Sample.tunnels(to: port) + """

                policy:
                  bundles:
                    main: {url: "\(server.url())", \(polling)}
                    main-next: {url: "\(server.url("next.tar.gz"))", \(polling)}
                  persistence_directory: \(server.directory)/kept
                  rollout: {share: 1.0, bundles: {main: main-next}}
                """
        try server.put(BundleFile.policy("r1"))
        try await RunningGate.run(configuration) { gate throws in
            func next() throws -> BundleReport? { try gate.status().bundles.first { $0.name == "main-next" } }
            #expect(try BundleTests.serves("r1", gate))
            #expect(try BundleTests.outcome(gate, port) == "granted")
            #expect(try gate.status().rollout?.absence?.contains("bundle main-next has not come yet") == true)
            #expect(try gate.health("?bundles").status == 200)

            try server.put(
                [
                    BundleFile(".manifest", "{\"roots\": [\"yett/authz\", \"app\"]}"),
                    BundleFile("p.rego", "package yett.authz\nallow if {"),
                ], as: "next.tar.gz")
            #expect(try comesTrue { try next()?.message?.contains("p.rego") ?? false })
            #expect(try next()?.isCandidate == true)
            #expect(try BundleTests.outcome(gate, port) == "granted")

            try server.put(BundleFile.policy("n1", refusing: "closed"), as: "next.tar.gz")
            #expect(try comesTrue { try next()?.activeRevision == "n1" })
            #expect(try BundleTests.outcome(gate, port) == "granted")
            #expect(try gate.status().rollout?.narrower == 1)
            #expect(try gate.record("kind=observation")?.text("cause") == "policy_narrower")
            #expect(try next()?.message == nil)
        }
    }
}
