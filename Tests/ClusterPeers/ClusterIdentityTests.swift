// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AdminPlane
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import ProcessSupport
import Testing

extension ClusterSuites {
    /// The certificates between gate and etcd are those of the trust domain.
    @Suite("etcd and the gate know each other by their SPIFFE IDs")
    struct ClusterIdentityTests {
        /// A directory for the files of etcd, which need not be the gate's.
        private static func directory() throws -> String {
            let path = "/tmp/yett-etcd-svid-" + String(UInt64.random(in: .min ... .max), radix: 36)
            guard mkdir(path, 0o700) == 0 else { throw POSIXError(.EIO) }
            return path
        }

        /// A gate with an identity of its own that holds for seconds, and an entry for etcd.
        private static func text(_ server: String, _ port: UInt16) -> String {
            """
            agents: {}
            identity:
              source: embedded
              directory: $DIRECTORY/identity
              socket: $DIRECTORY/workload.sock
              x509_lifetime: 6s
              entries:
                - {id: /tool/etcd, selectors: ["unix:uid:\(geteuid())"], hint: etcd, x509_lifetime: 1h}
            cluster: {gate: a, endpoints: ["127.0.0.1:\(port)"], tls: {servers: ["spiffe://gate.test/tool/\(server)"]}}
            """
        }

        private static func withEtcd(
            _ server: String = "etcd", _ body: @escaping @Sendable (RunningGate, EtcdServers) throws -> Void
        ) async throws {
            let directory = try directory()
            defer { try? FileManager.default.removeItem(atPath: directory) }
            let servers = try EtcdServers(
                certificates: EtcdServers.Certificates(
                    authority: directory + "/bundle.pem", certificate: directory + "/etcd.pem",
                    key: directory + "/etcd.key", hasNames: false), areStarted: false)
            try await RunningGate.run(text(server, servers.ports[0])) { gate in
                _ = try IdentityGate(gate: gate).fetch()
                for name in ["bundle.pem", "etcd.pem", "etcd.key"] {
                    try FileManager.default.copyItem(
                        atPath: gate.directory + "/" + name, toPath: directory + "/" + name)
                }
                try servers.start(0)
                try body(gate, servers)
            }
        }

        @Test("the gate's identity is renewed without a word to the watch, and the next connection shows the new one")
        func renewal() async throws {
            try await Self.withEtcd { gate, servers in
                let prefix = "/yett/v1/gate.test/state/revocation/token/"
                #expect(try comesTrue { try gate.status().cluster?.isFresh == true })
                // Whoever shows no certificate is not let in.
                let stranger = try Program(
                    "curl", ["-sS", "-k", "--max-time", "10", "https://127.0.0.1:\(servers.ports[0])/version"],
                    keepsErrors: true
                ).outcome()
                #expect(!stranger.text.contains("etcdserver"))
                try servers.put(prefix + "one", #"{"version":9}"#)
                #expect(try comesTrue { try gate.status().revocations == 1 })
                var ends: Set<String> = []
                let deadline = Deadline(40)
                while ends.count < 4, deadline.secondsLeft > 0 {
                    let status = try gate.status()
                    if let end = status.identity?.expiresAt { ends.insert(end) }
                    #expect(status.cluster?.endpoint != nil, "the connection was lost")
                    usleep(50_000)
                }
                #expect(ends.count == 4)
                try servers.put(prefix + "two", #"{"version":9}"#)
                #expect(try comesTrue { try gate.status().revocations == 2 })
                // The first identity has ended by now.
                servers.kill(0)
                #expect(try comesTrue { try gate.status().cluster?.endpoint == nil })
                try servers.start(0)
                #expect(try comesTrue { try gate.status().cluster?.endpoint != nil })
                try servers.put(prefix + "three", #"{"version":9}"#)
                #expect(try comesTrue { try gate.status().revocations == 3 })
            }
        }

        @Test("an etcd with another identity of the same trust domain is not believed")
        func another() async throws {
            try await Self.withEtcd("other") { gate, _ throws in
                #expect(try comesTrue { try gate.status().cluster?.problem?.isEmpty == false })
                #expect(try gate.status().cluster?.isFresh == false)
                #expect(try gate.status().denial != nil)
            }
        }
    }
}
