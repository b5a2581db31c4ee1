// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import PKI
import Synchronization
import Testing

@testable import Authority

/// Listeners while keys, certificates and roots change under them.
@Suite("Rotation under traffic") struct RotationTests {
    private static let agent = "spiffe://example.test/agent/coder"
    private let directory = FileManager.default.temporaryDirectory.path + "/rotation-" + UUID().uuidString
    private let time = TestTime()
    private let authority: Authority
    private let gate: EmbeddedIdentitySource

    init() throws {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        authority = try Authority(
            AuthorityConfiguration(
                trustDomain: TrustDomain(parsing: TestSource.domain), directory: directory + "/authority"),
            clock: AuthorityClock(wall: { [time] in time.now }, monotonic: { [time] in time.now }), jitter: { 0 })
        gate = try EmbeddedIdentitySource(authority)
    }

    /// Gives the client a new identity.
    private func renew(_ client: TestSource) async throws {
        let key = SigningKey.generate()
        let issued = try await authority.renew(SPIFFEID(parsing: Self.agent), publicKey: key.publicKey)
        client.present(try X509SVID(chain: issued.chain, key: key), authority.state.bundles)
    }

    private func clientTLS(_ client: TestSource) throws -> SVIDClientTLS {
        let expected: Set = [try GateID.id(in: TrustDomain(parsing: TestSource.domain))]
        return SVIDClientTLS(identity: client, expected: expected, now: { [time] in time.now }) {
            [authority] () throws(IdentitySourceError) in authority.state.bundles
        }
    }

    @Test func `no connection fails through five certificates and a change of the root, and the old root's then do`()
        async throws
    {
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let server = SVIDServerTLS(.identity(gate), now: { [time] in time.now })
        let listener = try await TLSListener(server)
        let port = listener.port
        let client = TestSource()
        try await renew(client)
        let tls = try clientTLS(client)
        let traffic = Traffic()
        let callers = (0..<2).map { _ in
            Task {
                while !Task.isCancelled {
                    traffic.count(await TLSCaller.ask(port, through: tls) == "you are \(Self.agent)")
                }
            }
        }
        try await traffic.passes(5)
        var leaves: Set<[UInt8]> = [try gate.current().svid.chain[0].der]
        for _ in 0..<5 {
            time.advance(1900)
            try await renew(client)
            try await traffic.passes(10)
            leaves.insert(try gate.current().svid.chain[0].der)
        }
        #expect(leaves.count == 6)
        // One client stays with what the first root vouched for.
        let old = TestSource()
        try await renew(old)
        let oldTLS = try clientTLS(old)
        let live = try await TLSCaller(port) { try oldTLS.connection().handler }
        #expect(await live.ask() == "you are \(Self.agent)")
        let first = try #require(authority.keys.first { $0.kind == .x509 && $0.stage == .active })
        let second = try await authority.prepare(.x509)
        try await traffic.passes(5)
        try await authority.activate(.x509, second.id)
        try await renew(client)
        try await traffic.passes(5)
        try await authority.taint(.x509, first.id)
        try await traffic.passes(5)
        #expect(await live.ask() == "you are \(Self.agent)")
        #expect(await TLSCaller.ask(port, through: oldTLS) == "you are \(Self.agent)")
        try await authority.revoke(.x509, first.id)
        #expect(await live.ask() == "you are nobody")
        #expect(await TLSCaller.ask(port, through: oldTLS) == nil)
        try await traffic.passes(5)
        for caller in callers {
            caller.cancel()
            await caller.value
        }
        #expect(traffic.failures == 0)
        await live.close()
        await listener.stop()
    }

    /// How the connections of the traffic went.
    private final class Traffic: Sendable {
        private let counts = Mutex((good: 0, bad: 0))

        func count(_ isGood: Bool) {
            counts.withLock { if isGood { $0.good += 1 } else { $0.bad += 1 } }
        }

        var failures: Int { counts.withLock { $0.bad } }

        /// Waits until so many more connections were made after now.
        func passes(_ count: Int) async throws {
            let start = counts.withLock { $0.good + $0.bad }
            let end = ContinuousClock.now + .seconds(60)
            while counts.withLock({ $0.good + $0.bad }) < start + count {
                guard ContinuousClock.now < end else { throw CancellationError() }
                try await Task.sleep(for: .milliseconds(2))
            }
        }
    }
}

/// A clock that a test moves.
final class TestTime: Sendable {
    private let seconds = Mutex<Int64>(1_800_000_000)

    var now: Int64 { seconds.withLock { $0 } }

    func advance(_ by: Int64) { seconds.withLock { $0 += by } }
}
