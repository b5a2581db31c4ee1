// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Identity
import Outbound
import PKI
import Testing

@testable import Authority
@testable import IdentityPlane

/// Two trust domains whose gates fetch each other's bundles, over real TLS.
@Suite("Federation", .serialized, .timeLimit(.minutes(2)))
struct FederationTests {
    private let here: Domain
    private let there: Domain
    private let web: TestAuthority

    init() throws {
        here = try Domain("here.test")
        there = try Domain("there.test")
        web = try TestAuthority("Web")
    }

    private func webCertificate(_ names: [String] = ["bundles.test"]) throws -> BundleEndpointTLS {
        let leaf = try web.issue(dnsNames: names, profile: .server)
        return try .web(certificate: Array(leaf.certificate.utf8), key: Array(leaf.key.utf8))
    }

    private func webProfile() throws -> FederationPartner.Profile { .web(authorities: Array(try web.pem.utf8)) }

    // MARK: Both profiles

    @Test func `over https_spiffe each accepts the other's identities, as server and as client`() async throws {
        let (here, there) = (here, there)
        let endpoints = [FederationHarness.endpoint(here), FederationHarness.endpoint(there)]
        try await FederationHarness.serve(endpoints) { ports in
            let forward = try FederationHarness.partner(
                there.name, ports[1], .spiffe(endpoint: there.gate), initial: there.bundle)
            let back = try FederationHarness.partner(
                here.name, ports[0], .spiffe(endpoint: here.gate), initial: here.bundle)
            try await FederationHarness.follow([forward], for: here) { _ in
                try await FederationHarness.follow([back], for: there) { _ in
                    #expect(await eventually { here.accepts(there) && there.accepts(here) })
                    // A handshake between the two, each with its own identity and the other's fetched bundle.
                    let client = SVIDClientTLS(source: here.source, expected: [there.gate])
                    let server = SVIDServerTLS(source: there.source)
                    let (seenByClient, seenByServer) = try await Handshake.run(client, server)
                    #expect(seenByClient == there.gate)
                    #expect(seenByServer == here.gate)
                }
            }
        }
    }

    @Test func `over https_web the bundle comes without any bundle before`() async throws {
        let (here, there) = (here, there)
        let tls = try webCertificate()
        try await FederationHarness.serve([FederationHarness.endpoint(there, tls: tls, path: "/bundle")]) { ports in
            let partner = try FederationHarness.partner(there.name, ports[0], webProfile(), path: "/bundle")
            #expect(!here.accepts(there))
            try await FederationHarness.follow([partner], for: here) { _ in
                #expect(await eventually { here.accepts(there) })
                #expect(!there.accepts(here))
                let token = try await there.source.jwtSVID(audience: ["here"], id: nil)
                let now = Int64(Date().timeIntervalSince1970)
                let verified = try await here.source.verify(
                    jwtSVID: token.secretToken(), audience: "here", now: now)
                #expect(verified.id == there.gate)
            }
        }
    }

    @Test func `a rotation of the other's keys arrives, and what they have withdrawn is refused`() async throws {
        let (here, there) = (here, there)
        try await FederationHarness.serve([FederationHarness.endpoint(there)]) { ports in
            let partner = try FederationHarness.partner(
                there.name, ports[0], .spiffe(endpoint: there.gate), initial: there.bundle)
            try await FederationHarness.follow([partner], for: here) { _ in
                #expect(await eventually { here.accepts(there) })
                let old = try there.source.current().svid
                let known = try #require(there.authority.keys.first { $0.kind == .x509 })
                // Published first, so that whoever looks in time knows the new root before it signs anything.
                let next = try await there.authority.prepare(.x509)
                #expect(
                    await eventually {
                        here.authority.state.bundles[there.name]?.x509.authorities.count == 2
                    })
                try await there.authority.activate(.x509, next.id)
                try await there.authority.taint(.x509, known.id)
                try await there.authority.revoke(.x509, known.id)
                #expect(
                    await eventually {
                        here.accepts(there) && here.authority.state.bundles[there.name]?.x509.authorities.count == 1
                    })
                #expect(throws: X509SVIDError.self) {
                    try X509SVIDVerifier.verify(
                        old.chain.map(\.der), bundles: here.authority.state.bundles, purpose: .clientAuthentication,
                        now: Int64(Date().timeIntervalSince1970))
                }
            }
        }
    }

    // MARK: Endpoints that are not who they should be

    @Test func `an endpoint with another ID, or a bundle that is not the ID's, is refused`() async throws {
        let (here, there) = (here, there)
        let stranger = try Domain("there.test")
        try await FederationHarness.serve([FederationHarness.endpoint(there)]) { ports in
            let other = try SPIFFEID(parsing: "spiffe://there.test/yett/other")
            let wrong = try FederationHarness.partner(
                there.name, ports[0], .spiffe(endpoint: other), initial: there.bundle)
            let forged = try FederationHarness.partner(
                there.name, ports[0], .spiffe(endpoint: there.gate), initial: stranger.bundle)
            let unknown = try FederationHarness.partner(there.name, ports[0], .spiffe(endpoint: there.gate))
            let elsewhere = try FederationHarness.partner(
                there.name, ports[0], .spiffe(endpoint: here.gate), initial: there.bundle)
            for partner in [wrong, forged, unknown, elsewhere] {
                try await FederationHarness.follow([partner], for: here) { reports in
                    #expect(await reports.fails { if case .fetch(.untrusted, .some) = $0 { true } else { false } })
                    #expect(here.accepts(there) == (partner.initial == there.bundle))
                }
            }
        }
    }

    @Test func `the web's authorities do not vouch for an ID, and an ID not for a host`() async throws {
        let (here, there) = (here, there)
        let tls = try webCertificate()
        let endpoints = [
            FederationHarness.endpoint(there, tls: tls), FederationHarness.endpoint(there),
            FederationHarness.endpoint(there, tls: try webCertificate(["other.test"])),
        ]
        try await FederationHarness.serve(endpoints) { ports in
            let partners = [
                try FederationHarness.partner(
                    there.name, ports[0], .spiffe(endpoint: there.gate), initial: there.bundle),
                try FederationHarness.partner(there.name, ports[1], webProfile()),
                try FederationHarness.partner(there.name, ports[2], webProfile()),
                try FederationHarness.partner(there.name, ports[0], .web(authorities: nil)),
            ]
            for partner in partners {
                try await FederationHarness.follow([partner], for: here) { reports in
                    #expect(await reports.fails { if case .fetch(.untrusted, _) = $0 { true } else { false } })
                    #expect(!reports.list.contains { if case .changed = $0.outcome { true } else { false } })
                }
            }
        }
    }

    @Test func `an endpoint on a private address needs to be allowed`() async throws {
        let (here, there) = (here, there)
        try await FederationHarness.serve([FederationHarness.endpoint(there)]) { ports in
            let partner = try FederationHarness.partner(
                there.name, ports[0], .spiffe(endpoint: there.gate), initial: there.bundle, networks: [])
            try await FederationHarness.follow([partner], for: here) { reports in
                #expect(await reports.fails { if case .fetch(.address, _) = $0 { true } else { false } })
            }
        }
    }

    // MARK: What is kept

    @Test func `what was fetched is kept across a restart, and an older initial bundle does not replace it`()
        async throws
    {
        let (here, there) = (here, there)
        let old = there.bundle
        let directory = here.directory + "/federation"
        try await there.authority.prepare(.x509)
        try await FederationHarness.serve([FederationHarness.endpoint(there)]) { ports in
            let partner = try FederationHarness.partner(
                there.name, ports[0], .spiffe(endpoint: there.gate), initial: old)
            try await FederationHarness.follow([partner], for: here, directory: directory) { reports in
                #expect(await eventually { reports.list.contains { $0.outcome == .unchanged } })
            }
        }
        // Nobody answers any more.
        let partner = try FederationHarness.partner(there.name, 1, .spiffe(endpoint: there.gate), initial: old)
        let again = try Domain("here.test")
        try await FederationHarness.follow([partner], for: again, directory: directory) { reports in
            #expect(await eventually { again.authority.state.bundles[there.name]?.sequence == there.bundle.sequence })
            #expect(again.authority.state.bundles[there.name]?.x509.authorities.count == 2)
            #expect(await reports.fails { if case .fetch(.unreachable, _) = $0 { true } else { false } })
            #expect(again.accepts(there))
        }
    }

    @Test func `a file that is no bundle is reported, and the initial bundle counts`() async throws {
        let directory = here.directory + "/federation"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: false)
        try Data("{".utf8).write(to: URL(fileURLWithPath: directory + "/bundle-there.test.json"))
        let partner = try FederationHarness.partner(
            there.name, 1, .spiffe(endpoint: there.gate), initial: there.bundle)
        try await FederationHarness.follow([partner], for: here, directory: directory) { reports in
            #expect(await eventually { here.accepts(there) })
            #expect(reports.list.contains { if case .unsaved = $0.outcome { true } else { false } })
        }
    }
}
