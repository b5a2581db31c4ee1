// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import EgressPlane
import Foundation
import GateSupport
import GatewaySupport
import Glibc
import Identity
import Protocols
import Resolver
import Synchronization
import Testing
import YettConfiguration

@testable import Gateway

@Suite struct SnapshotTests {
    @Test("keeps digests of tokens and recognises the agent by them")
    func tokens() throws {
        let path = "/tmp/yett-token-\(getpid())"
        defer { unlink(path) }
        try "sesame\n".write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, 0o600)
        let snapshot = try Self.snapshot("agents: {bot: {attest: [{token: {value: \"file:\(path)\"}}]}}")
        let identity = snapshot.agents.identify(tokenDigest: SecretDigest.sha256(Array("sesame".utf8)))
        #expect(identity?.id.description == "spiffe://a.test/agent/bot")
        #expect(snapshot.agents.identify(tokenDigest: SecretDigest.sha256(Array("sesame\n".utf8))) == nil)
    }

    @Test("looks users up by name")
    func users() throws {
        let snapshot = try Self.snapshot("agents: {bot: {attest: [{unix: {user: root}}]}}")
        #expect(snapshot.agents.identify(process: .init(pid: 1, uid: 0, gid: 7, path: nil)) != nil)
        #expect(snapshot.agents.identify(process: .init(pid: 1, uid: 1, gid: 0, path: nil)) == nil)
    }

    @Test("takes every limit over")
    func limits() throws {
        let configuration = try Self.configuration(
            """
            egress:
              limits:
                header_bytes: 2KiB
                tunnels: 11
                tunnels_per_agent: 12
                pending_dials: 13
                bytes_per_tunnel: 14KiB
                addresses_tried: 5
                idle_upstreams: 16
                handshake_time: 1500ms
                dial_time: 2s
                idle_time: 3s
                total_time: 4s
                idle_upstream_time: 5s
            """)
        let settings = EgressSettings(configuration.egress.limits)
        #expect(settings.http.headBytes == 2048)
        #expect(settings.connections == 11)
        #expect(settings.connectionsPerAgent == 12)
        #expect(settings.pendingDials == 13)
        #expect(settings.bytesPerTunnel == 14 << 10)
        #expect(settings.addressesTried == 5)
        #expect(settings.idleUpstreams == 16)
        #expect(settings.handshakeTime == 1_500_000_000)
        #expect(settings.dialTime == 2_000_000_000)
        #expect(settings.idleTime == 3_000_000_000)
        #expect(settings.totalTime == 4_000_000_000)
        #expect(settings.idleUpstreamTime == 5_000_000_000)
    }

    @Test("names added, changed and withdrawn grants")
    func changes() throws {
        let old = try Self.configuration(
            "agents: {a: {grants: [{name: one, hosts: [x.test]}, {name: two, hosts: [y.test]}]}}")
        let new = try Self.configuration(
            "agents: {a: {grants: [{name: two, hosts: [z.test]}]}, b: {grants: [{name: one, hosts: [x.test]}]}}")
        let changes = GrantChanges(from: old, to: new).changes.map { "\($0.agent)/\($0.grant) \($0.kind)" }
        #expect(changes == ["a/one withdrawn", "a/two changed", "b/one added"])
        #expect(GrantChanges(from: new, to: new).changes.isEmpty)
    }

    @Test("answers fixed names itself and asks for the others")
    func fixedNames() async throws {
        let upstream = ScriptedResolver(records: ["real.test": [["A 192.0.2.1"]]])
        let fixed = try HostName(parsing: "fixed.test")
        let resolver = FixedNamesResolver(upstream, names: [fixed: [try #require(IPAddress("192.0.2.7"))]])
        #expect(try await resolver.resolve(fixed).addresses.map(\.description) == ["192.0.2.7"])
        #expect(upstream.queryCount == 0)
        #expect(try await resolver.resolve(HostName(parsing: "real.test")).addresses.count == 1)
        resolver.replace(with: [fixed: []])
        await #expect(throws: ResolveError.notFound) { try await resolver.resolve(fixed) }
        #expect(upstream.queryCount == 1)
    }

    @Test(
        "turns times into nanoseconds without overflow",
        arguments: [
            (Duration.seconds(1), Int64(1_000_000_000)), (.milliseconds(1), 1_000_000), (.seconds(Int64.max), .max),
        ])
    func durations(duration: Duration, nanoseconds: Int64) {
        #expect(duration.wholeNanoseconds == nanoseconds)
    }

    @Test("raises the limit of open files as far as it may, and not beyond what is asked")
    func openFiles() {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        #expect(OpenFileLimit.raise(to: 0) == UInt64(limit.rlim_max))
    }

    private static func configuration(_ text: String) throws -> GateConfiguration {
        let result = GateConfiguration.read("trust_domain: a.test\n" + text, file: "test.yaml")
        return try #require(result.configuration, "\(result.diagnostics)")
    }

    private static func snapshot(_ text: String) throws -> Snapshot {
        try SnapshotBuilder(
            configuration: try configuration(text), listeners: [], policy: BuiltPolicy(policy: .standard, digest: "")
        ).build(
            revision: 1)
    }
}
