// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import AuditTree
import Cluster
import Foundation
import GateSupport
import GatewaySupport
import Identity
import ProcessSupport
import Storage
import Testing

extension ClusterSuites {
    /// Each gate keeps its own audit tree, and the others what they have seen of it.
    @Suite("Several gates sign the heads of each other's audit trees")
    struct ClusterTreeTests {
        @Test(
            "all heads are signed by all others, whoever verifies a tree finds that, and one that is set back is an alarm"
        )
        func heads() async throws {
            try await ClusterGates.run(members: 1, grace: "2s", isSigned: true) { cluster in
                let start = Deadline.now
                try cluster.wait("every head is signed by both others") { gate in
                    let members = try gate.status().cluster?.members ?? []
                    return members.count == 3 && members.allSatisfy { ($0.records ?? 0) > 0 && $0.signedBy?.count == 2 }
                }
                print("measured: all heads of three gates signed by all, after \(Int(Deadline.now - start)) s")
                for kind in ["head", "sightings"] {
                    let entry = try cluster.servers.get(prefix: "/yett/v1/gate.test/state/\(kind)/a").joined()
                    print("measured: what a gate says of \(kind): \(entry.utf8.count) bytes in etcd")
                }
                let gate = cluster.gates[0]
                let members = try #require(try gate.status().cluster?.members)
                let keys = members.filter { $0.gate != "a" }.compactMap {
                    $0.witnessKey.flatMap { NoteVerifierKey($0) }
                }
                let log = try #require(members.first { $0.gate == "a" }?.logKey.flatMap { NoteVerifierKey($0) })
                try cluster.wait("the signatures stand beside the tree", of: [0]) { _ in
                    try AuditVerifier.verify(directory: gate.directory + "/audit", key: log, witnesses: keys).isIntact
                }
                let report = try AuditVerifier.verify(directory: gate.directory + "/audit", key: log, witnesses: keys)
                #expect(report.notes.count { $0.contains("has signed that it saw the first") } == 2)
                let name = try #require(NoteName("b"))
                let stranger = try #require(
                    NoteSigningKey(
                        name: name, algorithm: .cosignature, seed: Array(repeating: 9, count: 32)))
                let refused = try AuditVerifier.verify(
                    directory: gate.directory + "/audit", key: log, witnesses: [stranger.verifier])
                #expect(!refused.isIntact)

                // The gate b says that its tree is smaller than it was.
                try cluster.servers.put("/yett/v1/gate.test/state/head/b", try Self.smaller(cluster, stranger.verifier))
                try cluster.wait("both others record it", of: [0, 2]) { gate in
                    try gate.records("kind=alarm&limit=10").contains { record in
                        record.text("operation") == "tree_rollback"
                            && record.text("detail")?.hasPrefix("gate b: ") == true
                    }
                }
                try cluster.wait("it is signed again", of: [0]) { gate in
                    try gate.status().cluster?.members.first { $0.gate == "b" }?.signedBy?.count == 2
                }
            }
        }

        /// A statement of the gate `b` about a tree with one record.
        private static func smaller(_ cluster: ClusterGates, _ witness: NoteVerifierKey) throws -> String {
            let path = cluster.gates[1].directory + "/audit/key"
            let text = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").first ?? ""
            let key = try #require(NoteSigningKey(text: text))
            let checkpoint = Checkpoint(origin: key.verifier.name, size: 1, root: MerkleHash.emptyRoot)
            let head = SharedHead(
                time: Int64(Date().timeIntervalSince1970 * 1_000_000), log: key.verifier, witness: witness,
                note: try VerifiedCheckpoint(signing: checkpoint, with: key).note.bytes, proofs: [:])
            let members = try ClusterMembers(
                own: try ClusterGates.key(of: "b"), named: [try ClusterGates.key(of: "b").verifier.text],
                trustDomain: try TrustDomain(parsing: "gate.test"))
            return String(decoding: try members.value(head.payload, at: SharedHead.key("b")), as: UTF8.self)
        }
    }
}
