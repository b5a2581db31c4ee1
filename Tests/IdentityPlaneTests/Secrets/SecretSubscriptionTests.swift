// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Protobufs
import SwiftProtobuf
import Testing

@testable import Authority
@testable import IdentityPlane

@Suite("Secret discovery", .timeLimit(.minutes(1)))
struct SecretSubscriptionTests {
    private typealias Secret = Envoy_Extensions_TransportSockets_Tls_V3_Secret
    private typealias Response = SecretSubscription.Response

    private static let stream = "/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets"
    private static let fetch = "/envoy.service.secret.v3.SecretDiscoveryService/FetchSecrets"

    private static func request(
        _ names: [String], nonce: String = "", version: String = "", error: Int32? = nil, type: String = ""
    ) -> SecretSubscription.Request {
        var request = SecretSubscription.Request()
        request.resourceNames = names
        request.responseNonce = nonce
        request.versionInfo = version
        request.typeURL = type
        if let error { request.errorDetail.code = error }
        return request
    }

    private static func secrets(_ response: Response) throws -> [Secret] {
        try response.resources.map { try Secret(unpackingAny: $0) }
    }

    @Test("offers identities and bundles under the names that the SPIRE agent has for them, without the header")
    func names() async throws {
        try await PlaneHarness.run { harness in
            await harness.authority.setFederatedBundles([try TrustBundle(empty: TrustDomain(parsing: "other.test"))])
            try await harness.grant("/agent/a", federatesWith: ["other.test"])
            let client = try await harness.client()
            let names = ["default", "spiffe://example.test/agent/a", "ROOTCA", "spiffe://example.test", "ALL"]
            let response: Response = try await client.call(Self.fetch, Self.request(names), metadata: []).next()
            let secrets = try Self.secrets(response)
            #expect(secrets.map(\.name) == names)
            #expect(response.typeURL == "type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret")
            for secret in secrets.prefix(2) {
                let chain = String(decoding: secret.tlsCertificate.certificateChain.inlineBytes, as: UTF8.self)
                #expect(chain.split(separator: "-----BEGIN CERTIFICATE-----").count == 2)
                #expect(secret.tlsCertificate.privateKey.inlineBytes.starts(with: "-----BEGIN PRIVATE KEY-----".utf8))
            }
            for secret in secrets[2...3] {
                #expect(secret.validationContext.trustedCa.inlineBytes.starts(with: "-----BEGIN CERTIFICATE-----".utf8))
            }
            let validator = secrets[4].validationContext.customValidatorConfig
            #expect(validator.name == "envoy.tls.cert_validator.spiffe")
            let domains = try Envoy_Extensions_TransportSockets_Tls_V3_SPIFFECertValidatorConfig(
                unpackingAny: validator.typedConfig)
            // The other domain has withdrawn its keys: its identities are refused.
            #expect(domains.trustDomains.map(\.name) == ["example.test"])
            let all: Response = try await client.call(Self.fetch, Self.request([]), metadata: []).next()
            #expect(
                try Self.secrets(all).map(\.name) == [
                    "spiffe://example.test/agent/a", "spiffe://example.test", "spiffe://other.test",
                ])
        }
    }

    @Test(
        "refuses names and types that are not the caller's, and the delta protocol",
        arguments: [
            (fetch, request(["spiffe://example.test/agent/b"]), 3), (fetch, request(["Default"]), 3),
            (fetch, request(["spiffe://other.test"]), 3), (fetch, request([""]), 3),
            (fetch, request(Array(repeating: "default", count: 257)), 3),
            (fetch, request(["default"], type: "type.googleapis.com/envoy.config.cluster.v3.Cluster"), 3),
            (stream, request(["nobody"]), 3),
            ("/envoy.service.secret.v3.SecretDiscoveryService/DeltaSecrets", request(["default"]), 12),
        ])
    func refusals(method: String, request: SecretSubscription.Request, code: Int) async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let call = try await harness.client().open(method, metadata: [])
            try await call.send(request)
            #expect(await call.code() == code)
        }
    }

    @Test("denies secrets to a process without an identity", arguments: [stream, fetch])
    func deniesStrangers(method: String) async throws {
        try await PlaneHarness.run { harness in
            let code = try await harness.client().call(method, Self.request(["default"]), metadata: []).code()
            #expect(code == 7)
        }
    }

    @Test("pushes what was asked for when it changes, and nothing for an acknowledgement, a rejection or a stale nonce")
    func pushes() async throws {
        try await PlaneHarness.run { harness in
            try await harness.grant("/agent/a")
            let call = try await harness.client().open(Self.stream, metadata: [])
            try await call.send(Self.request(["ROOTCA"]))
            let first: Response = try await call.next()
            #expect(first.versionInfo == "1")
            try await call.send(Self.request(["ROOTCA"], nonce: first.nonce, version: first.versionInfo))
            // Another identity is no other bundle.
            try await harness.grant("/agent/b")
            try await harness.authority.prepare(.x509)
            let second: Response = try await call.next()
            #expect(second.versionInfo == "2" && second.nonce != first.nonce && second.resources != first.resources)
            try await call.send(Self.request(["ROOTCA"], nonce: first.nonce, version: "1"))
            try await call.send(Self.request(["ROOTCA"], nonce: second.nonce, version: "1", error: 13))
            try await call.send(Self.request(["default"], nonce: second.nonce, version: "1"))
            let third: Response = try await call.next()
            #expect(try Self.secrets(third).map(\.name) == ["default"])
            #expect(third.versionInfo == "3")
        }
    }

    @Test("tells what a request means by its nonce and its names")
    func meanings() throws {
        var numbers = 0
        var subscription = SecretSubscription {
            numbers += 1
            return "n\(numbers)"
        }
        #expect(try subscription.receive(Self.request(["a"])) == .subscription)
        #expect(try subscription.receive(Self.request(["a"])) == .acknowledgement)
        #expect(try subscription.receive(Self.request(["a"], error: 3)) == .rejection(code: 3))
        #expect(try subscription.receive(Self.request(["b", "a"])) == .subscription)
        #expect(try subscription.receive(Self.request(["a", "b"])) == .acknowledgement)
    }
}
