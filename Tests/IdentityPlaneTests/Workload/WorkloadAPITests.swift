// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protobufs
import SwiftProtobuf
import Testing

@testable import Authority
@testable import IdentityPlane

@Suite("Workload API", .timeLimit(.minutes(1)))
struct WorkloadAPITests {
    private static let service = "/SpiffeWorkloadAPI/"

    @Test(
        "answers INVALID_ARGUMENT to a call without exactly one security header that says true",
        arguments: [
            [], [("workload.spiffe.io", "True")], [("workload.spiffe.io", "1")], [("workload.spiffe.io", "")],
            [("workload.spiffe.io", "true"), ("workload.spiffe.io", "true")], [("workload.spiffe.io", "true,true")],
            [("x-workload.spiffe.io", "true")],
        ])
    func refusesWithoutHeader(metadata: [(String, String)]) async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let client = try await harness.client()
            for method in [
                "FetchX509SVID", "FetchX509Bundles", "FetchJWTSVID", "FetchJWTBundles", "ValidateJWTSVID",
                "FetchWITSVID", "NoSuchMethod",
            ] {
                let call = try await client.call(Self.service + method, WorkloadX509SVIDRequest(), metadata: metadata)
                #expect(await call.code() == 3)
            }
        }
    }

    @Test(
        "says of methods that it does not offer that it does not offer them",
        arguments: ["FetchWITSVID", "FetchWITBundles", "fetchX509SVID", "FetchX509SVID/", ""])
    func refusesOtherMethods(method: String) async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let call = try await harness.client().call(Self.service + method, WorkloadX509SVIDRequest())
            #expect(await call.code() == 12)
        }
    }

    @Test(
        "answers PERMISSION_DENIED to a process without an identity",
        arguments: ["FetchX509SVID", "FetchX509Bundles", "FetchJWTBundles"])
    func deniesStrangers(method: String) async throws {
        try await PlaneHarness.run { harness in
            let call = try await harness.client().call(Self.service + method, WorkloadX509SVIDRequest())
            let outcome = await call.outcome()
            #expect(outcome.code == 7)
            #expect(outcome.messages.isEmpty)
        }
    }

    @Test("sends the whole state at once: each identity with chain, key and bundle, the bundles of others beside it")
    func sendsWholeState() async throws {
        try await PlaneHarness.run { harness in
            let other = try TrustBundle(empty: TrustDomain(parsing: "other.test"))
            await harness.authority.setFederatedBundles([other, try TrustBundle(empty: TrustDomain(parsing: "c.test"))])
            try await harness.grant("/agent/a", hint: "first", federatesWith: ["other.test"])
            try await harness.grant("/agent/b", hint: "second")
            let call = try await harness.client().call(Self.service + "FetchX509SVID", WorkloadX509SVIDRequest())
            let response: WorkloadX509SVIDResponse = try await call.next()
            #expect(
                Set(response.svids.map(\.spiffeID)) == [
                    "spiffe://example.test/agent/a", "spiffe://example.test/agent/b",
                ])
            #expect(Set(response.svids.map(\.hint)) == ["first", "second"])
            #expect(Array(response.federatedBundles.keys) == ["spiffe://other.test"])
            for svid in response.svids {
                let read = try X509SVID(certificates: Array(svid.x509Svid), pkcs8: Array(svid.x509SvidKey))
                #expect(read.id.description == svid.spiffeID)
                #expect(read.chain.count == 2)
                #expect(Array(svid.bundle) == harness.authority.state.bundle.x509.certificateBytes)
            }
        }
    }

    @Test("pushes the whole state again when an entry comes, and ends with PERMISSION_DENIED when the last one goes")
    func pushesChanges() async throws {
        try await PlaneHarness.run { harness in
            let first = try await harness.grant("/agent/a")
            let call = try await harness.client().call(Self.service + "FetchX509SVID", WorkloadX509SVIDRequest())
            #expect(try await call.next(WorkloadX509SVIDResponse.self).svids.count == 1)
            let second = try await harness.grant("/agent/b")
            #expect(try await call.next(WorkloadX509SVIDResponse.self).svids.count == 2)
            try await harness.authority.removeEntry(first.id)
            let left: WorkloadX509SVIDResponse = try await call.next()
            #expect(left.svids.map(\.spiffeID) == ["spiffe://example.test/agent/b"])
            try await harness.authority.removeEntry(second.id)
            #expect(await call.code() == 7)
        }
    }

    @Test("sends bundles when they change, and not when something else does")
    func pushesBundles() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let client = try await harness.client()
            let x509 = try await client.call(Self.service + "FetchX509Bundles", WorkloadX509BundlesRequest())
            let jwt = try await client.call(Self.service + "FetchJWTBundles", WorkloadJWTBundlesRequest())
            let before: WorkloadX509BundlesResponse = try await x509.next()
            #expect(Array(before.bundles.keys) == ["spiffe://example.test"])
            let keys: WorkloadJWTBundlesResponse = try await jwt.next()
            let text = String(decoding: try #require(keys.bundles["spiffe://example.test"]), as: UTF8.self)
            #expect(text.contains("\"kid\"") && !text.contains("\"use\"") && !text.contains("\"d\""))
            try await harness.grant("/agent/b")
            try await harness.authority.prepare(.x509)
            let after: WorkloadX509BundlesResponse = try await x509.next()
            #expect(
                after.bundles["spiffe://example.test"]?.count ?? 0 > before.bundles["spiffe://example.test"]?.count ?? 0
            )
            try await harness.authority.prepare(.jwt)
            let more: WorkloadJWTBundlesResponse = try await jwt.next()
            #expect(more != keys)
        }
    }

    @Test("issues again at once what stands under a root that is distrusted")
    func reissuesTainted() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let call = try await harness.client().call(Self.service + "FetchX509SVID", WorkloadX509SVIDRequest())
            var last: WorkloadX509SVIDResponse = try await call.next()
            let old = try #require(harness.authority.keys.first { $0.kind == .x509 })
            let key = try await harness.authority.prepare(.x509)
            try await harness.authority.activate(.x509, key.id)
            try await harness.authority.taint(.x509, old.id)
            let certificate = last.svids.first?.x509Svid
            while last.svids.first?.x509Svid == certificate { last = try await call.next() }
            try await harness.authority.revoke(.x509, old.id)
            let bundle = last.svids.first?.bundle
            while last.svids.first?.bundle == bundle { last = try await call.next() }
            #expect(last.svids.first?.bundle.count ?? 0 > 0)
        }
    }
}
