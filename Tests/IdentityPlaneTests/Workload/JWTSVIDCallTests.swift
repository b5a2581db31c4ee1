// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protobufs
import SwiftProtobuf
import Testing

@testable import Authority
@testable import IdentityPlane

@Suite("JWT-SVIDs over the Workload API", .timeLimit(.minutes(1)))
struct JWTSVIDCallTests {
    private static let fetch = "/SpiffeWorkloadAPI/FetchJWTSVID"
    private static let validate = "/SpiffeWorkloadAPI/ValidateJWTSVID"

    private static func request(_ audience: [String], id: String = "") -> WorkloadJWTSVIDRequest {
        var request = WorkloadJWTSVIDRequest()
        request.audience = audience
        request.spiffeID = id
        return request
    }

    private static func validation(_ token: String, _ audience: String) -> WorkloadValidateJWTSVIDRequest {
        var request = WorkloadValidateJWTSVIDRequest()
        request.svid = token
        request.audience = audience
        return request
    }

    @Test("issues a token for each identity, or for the one that is asked for, and validates it with all its claims")
    func issuesAndValidates() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            try await harness.grant("/agent/b")
            let client = try await harness.client()
            let all: WorkloadJWTSVIDResponse = try await client.call(Self.fetch, Self.request(["x"])).next()
            #expect(all.svids.count == 2)
            let id = "spiffe://example.test/agent/b"
            let one: WorkloadJWTSVIDResponse = try await client.call(Self.fetch, Self.request(["x", "y"], id: id))
                .next()
            let token = try #require(one.svids.first)
            #expect(one.svids.count == 1 && token.spiffeID == id)
            let call = try await client.call(Self.validate, Self.validation(token.svid, "y"))
            let valid: WorkloadValidateJWTSVIDResponse = try await call.next()
            #expect(valid.spiffeID == id)
            #expect(valid.claims.fields["sub"]?.stringValue == id)
            #expect(valid.claims.fields["aud"]?.listValue.values.map(\.stringValue) == ["x", "y"])
            #expect(valid.claims.fields["jti"] != nil && valid.claims.fields["iat"] != nil)
        }
    }

    @Test(
        "refuses requests that make no sense, and identities of others",
        arguments: [
            (request([]), 3), (request([""]), 3), (request(["x"], id: "nonsense"), 3),
            (request(Array(repeating: "x", count: 65)), 3), (request([String(repeating: "x", count: 2049)]), 3),
            (request(["x"], id: "spiffe://example.test/agent/other"), 7),
            (request(["x"], id: "spiffe://other.test/agent/a"), 7),
        ])
    func refusesRequests(request: WorkloadJWTSVIDRequest, code: Int) async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let outcome = try await harness.client().call(Self.fetch, request).outcome()
            #expect(outcome.code == code)
            #expect(outcome.messages.isEmpty)
        }
    }

    @Test("answers INVALID_ARGUMENT to tokens that are not valid")
    func refusesTokens() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let client = try await harness.client()
            let good: WorkloadJWTSVIDResponse = try await client.call(Self.fetch, Self.request(["x"])).next()
            let token = try #require(good.svids.first?.svid)
            let parts = token.split(separator: ".").map(String.init)
            let requests = [
                Self.validation(token, "y"), Self.validation(token, ""), Self.validation("", "x"),
                Self.validation("a.b.c", "x"), Self.validation(String(token.dropLast(4)) + "AAAA", "x"),
                Self.validation("\(parts[0]).\(parts[1]).", "x"), Self.validation(token + " ", "x"),
                Self.validation(String(repeating: "a", count: 100_000), "x"),
            ]
            for request in requests {
                let outcome = try await client.call(Self.validate, request).outcome()
                #expect(outcome.code == 3)
                #expect(!outcome.text.contains(parts[1]))
            }
        }
    }
}
