// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Identity
import NIOCore
import PKI
import Testing

@testable import Authority
@testable import IdentityPlane

@Suite("The bundle endpoint", .serialized, .timeLimit(.minutes(1)))
struct BundleEndpointTests {
    private let domain: Domain
    private let web: TestAuthority

    init() throws {
        domain = try Domain("here.test")
        web = try TestAuthority("Web")
    }

    private func run(
        path: String = "/", limits: BundleEndpointLimits = .init(), bundle: (@Sendable () -> TrustBundle?)? = nil,
        _ test: (UInt16) async throws -> Void
    ) async throws {
        let leaf = try web.issue(dnsNames: ["bundles.test"], profile: .server)
        let tls = try BundleEndpointTLS.web(
            certificate: Array(leaf.certificate.utf8), key: Array(leaf.key.utf8))
        let endpoint = FederationHarness.endpoint(domain, tls: tls, path: path, limits: limits, bundle: bundle)
        try await FederationHarness.serve([endpoint]) { ports in
            guard let port = ports.first else { return }
            try await test(port)
        }
    }

    private func ask(_ port: UInt16, _ text: String) async throws -> String {
        try await PlainTLS.exchange(port: port, authority: Array(web.pem.utf8), Array(text.utf8))
    }

    @Test func `serves the own bundle, and how long it may be kept`() async throws {
        try await run(path: "/.well-known/bundle") { port in
            let answer = try await ask(port, "GET /.well-known/bundle HTTP/1.1\r\nhost: bundles.test\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 200 \r\n"))
            #expect(answer.contains("content-type: application/json\r\n"))
            #expect(answer.contains("cache-control: public, max-age=1\r\n"))
            let body = try #require(answer.components(separatedBy: "\r\n\r\n").last)
            let bundle = try TrustBundle(parsing: Array(body.utf8), trustDomain: domain.name)
            #expect(bundle == domain.bundle)
            #expect(bundle.refreshHint == 1)
            #expect(!body.contains("\"d\""))
        }
    }

    @Test(
        "answers nothing else",
        arguments: [
            ("GET /other HTTP/1.1\r\nhost: a\r\n\r\n", 404), ("GET /?x HTTP/1.1\r\nhost: a\r\n\r\n", 404),
            ("GET // HTTP/1.1\r\nhost: a\r\n\r\n", 404), ("GET /%2e HTTP/1.1\r\nhost: a\r\n\r\n", 404),
            ("POST / HTTP/1.1\r\nhost: a\r\ncontent-length: 0\r\n\r\n", 405),
            ("HEAD / HTTP/1.1\r\nhost: a\r\n\r\n", 405), ("DELETE / HTTP/1.1\r\nhost: a\r\n\r\n", 405),
            ("GET / HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\n\r\nabc", 400),
            ("GET / HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nhost : a\r\n\r\n", 400), ("nonsense\r\n\r\n", 400),
            ("GET http://a/ HTTP/1.1\r\nhost: a\r\n\r\n", 404),
            ("GET / HTTP/1.1\r\nhost: a\r\nx: " + String(repeating: "y", count: 10_000) + "\r\n\r\n", 431),
        ])
    func refuses(request: String, status: Int) async throws {
        try await run { port in
            let answer = try await ask(port, request)
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(answer.prefix(40))")
            #expect(!answer.contains("keys"))
        }
    }

    @Test func `without a bundle it is 503`() async throws {
        try await run(bundle: { nil }) { port in
            let answer = try await ask(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 503 "))
        }
    }

    @Test func `strangers that say nothing hold it neither long nor alone`() async throws {
        var limits = BundleEndpointLimits()
        limits.connections = 3
        limits.request = .milliseconds(300)
        try await run(limits: limits) { port in
            let idle = try (0..<10).map { _ in try RawSocket.connect(port: port) }
            #expect(
                await eventually {
                    (try? await ask(port, "GET / HTTP/1.1\r\nhost: a\r\n\r\n"))?.hasPrefix("HTTP/1.1 200 ") ?? false
                })
            #expect(idle.count == 10)
        }
    }

    @Test func `a key of another certificate, and what is no PEM, are refused by their names`() throws {
        let leaf = try web.issue(dnsNames: ["bundles.test"], profile: .server)
        let other = try web.issue(dnsNames: ["bundles.test"], profile: .server)
        let (certificate, key) = (Array(leaf.certificate.utf8), Array(leaf.key.utf8))
        for (certificate, key, part) in [
            (certificate, Array(other.key.utf8), "key"), (certificate, [], "key"), ([], key, "certificate"),
        ] {
            let error = #expect(throws: TLSMaterialError.self) {
                try BundleEndpointTLS.web(certificate: certificate, key: key)
            }
            #expect(error?.part == part)
        }
    }
}
