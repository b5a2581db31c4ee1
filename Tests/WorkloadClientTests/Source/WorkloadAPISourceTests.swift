// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Identity
import IdentityPlane
import IdentitySupport
import Logging
import Testing
import WorkloadClient

@testable import Authority

/// This program's identity from a plane in front of an authority: the other side is the server of this project.
private final class PlaneFixture: IdentitySourceFixture {
    let workspace: Workspace
    let workload: WorkloadAPISource

    var source: any IdentitySource { workload }
    var now: Int64 { workspace.clock.now }
    var authority: Authority { workspace.authority }

    /// Runs a test with a source that has an identity.
    static func run(_ test: (PlaneFixture) async throws -> Void) async throws {
        let fixture = try PlaneFixture()
        try await fixture.workspace.grant("/agent/a")
        try await withThrowingTaskGroup(of: Void.self) { group in
            let plane = try fixture.plane()
            group.addTask { try await plane.run() }
            group.addTask { await fixture.workload.run { _ in } }
            do {
                try #require(await eventually { fixture.isCurrent })
                try await test(fixture)
            } catch {
                group.cancelAll()
                throw error
            }
            group.cancelAll()
        }
    }

    init() throws {
        let workspace = try Workspace()
        self.workspace = workspace
        var limits = WorkloadClientLimits()
        limits.firstPause = .milliseconds(5)
        workload = WorkloadAPISource(
            socket: .unix(path: workspace.directory + "/plane.sock"), trustDomain: workspace.domain, limits: limits,
            now: { workspace.clock.now })
    }

    func plane() throws -> IdentityPlane<EmbeddedIssuer, EmbeddedIdentitySource> {
        let clock = workspace.clock
        return IdentityPlane(
            issuer: EmbeddedIssuer(authority, clock: clock.authorityClock),
            source: try EmbeddedIdentitySource(authority),
            socketPath: workspace.directory + "/plane.sock", logger: Logger(label: "plane"), now: { clock.now })
    }

    /// Whether the source has what the authority has.
    private var isCurrent: Bool {
        guard let state = try? source.current(), let bundle = state.ownBundle else { return false }
        let own = authority.state.bundle
        return bundle.x509.authorities == own.x509.authorities
            && Set(bundle.jwt.authorities.map(\.jsonWebKey.keyID)) == Set(own.jwt.authorities.map(\.jsonWebKey.keyID))
            && (try? X509SVIDVerifier.verify(
                state.svid.chain.map(\.der), bundles: state.bundles, purpose: .clientAuthentication, now: now)) != nil
    }

    func renew() async throws {
        let before = try source.current().svid.chain
        workspace.clock.advance(1800)
        try await authority.maintain()
        // The plane waits on a clock of its own; a change of the entries lets it look again.
        try await workspace.grant("/agent/of-\(now)", user: 4_000_000)
        try #require(await eventually { (try? source.current().svid.chain) != before && isCurrent })
    }

    func withdrawKeys() async throws {
        for kind in KeyKind.allCases {
            let old = authority.keys.filter { $0.kind == kind }
            try await authority.activate(kind, authority.prepare(kind).id)
            for key in old {
                try await authority.taint(kind, key.id)
                try await authority.revoke(kind, key.id)
            }
        }
        try #require(await eventually { isCurrent })
    }

    func shutDown() async throws { workload.shutDown() }
}

@Suite("Identities from a Workload API", .serialized, .timeLimit(.minutes(2)))
struct WorkloadAPISourceTests {
    @Test(arguments: IdentitySourceCheck.allCases)
    func `does what every identity source does`(check: IdentitySourceCheck) async throws {
        try await PlaneFixture.run { try await check.run(on: $0) }
    }

    @Test func `federated bundles come and go`() async throws {
        try await PlaneFixture.run { fixture in
            let other = try Workspace(domain: "other.test", clock: fixture.workspace.clock)
            await fixture.authority.setFederatedBundles([other.authority.state.bundle])
            try await fixture.authority.add(
                RegistrationEntry(
                    spiffeID: SPIFFEID(parsing: "spiffe://example.test/agent/b"),
                    parentID: fixture.authority.localNodeID, selectors: [Selector(parsing: "unix:uid:\(getuid())")],
                    federatesWith: [other.domain], origin: .operator))
            #expect(
                await eventually {
                    (try? fixture.source.current().bundles[other.domain]?.x509.authorities.isEmpty) == false
                })
            let svid = try other.issue()
            let bundles = try fixture.source.current().bundles
            #expect(throws: Never.self) {
                try X509SVIDVerifier.verify(
                    svid.chain.map(\.der), bundles: bundles, purpose: .serverAuthentication, now: fixture.now)
            }
            await fixture.authority.setFederatedBundles([])
            #expect(await eventually { (try? fixture.source.current().bundles[other.domain]) == nil })
        }
    }

    @Test func `an identity whose entry is removed is denied, and comes back with another one`() async throws {
        try await PlaneFixture.run { fixture in
            let entry = try #require(fixture.authority.entries.first)
            let version = try fixture.source.current().version
            try await fixture.authority.removeEntry(entry.id)
            #expect(await eventually { fixture.source.failure == .denied })
            try await fixture.workspace.grant("/agent/c")
            #expect(await eventually { (try? fixture.source.current().version).map { $0 > version } ?? false })
            #expect(try fixture.source.current().svid.id.path == "/agent/c")
        }
    }

    @Test func `a plane that is restarted is found again, and meanwhile the identity stands`() async throws {
        let fixture = try PlaneFixture()
        try await fixture.workspace.grant("/agent/a")
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await fixture.workload.run { _ in } }
            for round in 0..<3 {
                try await withThrowingTaskGroup(of: Void.self) { serving in
                    let plane = try fixture.plane()
                    serving.addTask { try await plane.run() }
                    try await fixture.workspace.grant("/agent/b\(round)")
                    #expect(await eventually { (try? fixture.source.current().svids.count) == round + 2 })
                    serving.cancelAll()
                }
                #expect(fixture.source.failure == nil)
            }
            group.cancelAll()
        }
        for await _ in fixture.source.updates() { Issue.record("an update after the end") }
    }
}
