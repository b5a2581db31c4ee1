// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Identity
import NIOSSL
import PKI
import Synchronization
import Testing

@Suite("TLS of listeners") struct ServerTests {
    private let authority: TestAuthority
    private let source: TestSource
    private static let agent = "spiffe://example.test/agent/coder"

    init() throws {
        authority = try TestAuthority()
        source = try TestSource(authority)
    }

    private func listener(
        _ clients: SVIDServerTLS.ClientCertificates = .required,
        report: @escaping @Sendable (any Error) -> Void = { _ in }, _ body: (Int) async throws -> Void
    ) async throws {
        let tls = SVIDServerTLS(.identity(source), clients: clients, report: report)
        let listener = try await TLSListener(tls)
        defer { Task { await listener.stop() } }
        try await body(listener.port)
    }

    @Test func `a client is who its certificate says`() async throws {
        let leaf = try authority.issue(uris: [Self.agent])
        try await listener { port in
            #expect(await TLSCaller.ask(port, as: leaf) == "you are \(Self.agent)")
        }
    }

    @Test func `a chain over an intermediate is accepted`() async throws {
        let leaf = try TestAuthority("below", below: authority).issue(uris: [Self.agent])
        #expect(leaf.chain.count == 2)
        try await listener { port in
            #expect(await TLSCaller.ask(port, as: leaf) == "you are \(Self.agent)")
        }
    }

    @Test func `without a certificate a client is refused, or nobody where it is optional`() async throws {
        try await listener(.required) { port in #expect(await TLSCaller.ask(port, as: nil) == nil) }
        try await listener(.optional) { port in #expect(await TLSCaller.ask(port, as: nil) == "you are nobody") }
    }

    @Test(arguments: [SVIDServerTLS.ClientCertificates.required, .optional])
    func `a bad certificate is refused even where none is needed`(
        clients: SVIDServerTLS.ClientCertificates
    ) async throws {
        let other = try TestAuthority()
        let leaves = [
            try other.issue(uris: [Self.agent]),
            try authority.issue(uris: ["spiffe://other.test/agent/coder"]),
            try authority.issue(uris: [Self.agent], validity: -7200 ... -3600),
            try authority.issue(uris: [Self.agent], validity: 3600...7200),
            try authority.issue(uris: [Self.agent], profile: .server),
            try authority.issue(uris: [Self.agent], profile: .codeSigning),
            try authority.issue(uris: [Self.agent], profile: .authority),
            try authority.issue(uris: [Self.agent], profile: .withoutSignature),
            try authority.issue(uris: [Self.agent, "spiffe://example.test/agent/other"]),
            try authority.issue(uris: ["spiffe://example.test"]),
            try authority.issue(uris: ["https://example.test/agent/coder"]),
            try authority.issue(dnsNames: [Self.agent]),
            try authority.issue(dnsNames: ["example.test"]),
            try authority.issue(),
        ]
        try await listener(clients) { port in
            for (index, leaf) in leaves.enumerated() {
                #expect(await TLSCaller.ask(port, as: leaf) == nil, "leaf \(index)")
            }
        }
    }

    @Test func `material that is the same again leaves everything as it is`() async throws {
        let leaf = try authority.issue(dnsNames: ["gate.test"])
        func material(_ leaf: TestAuthority.Leaf, _ authority: TestAuthority) throws -> TLSMaterial {
            try .files(
                certificate: Array(leaf.certificate.utf8), key: Array(leaf.key.utf8),
                clientAuthorities: Array(try authority.pem.utf8), trustDomain: TrustDomain(parsing: TestSource.domain))
        }
        let tls = SVIDServerTLS(try material(leaf, authority))
        let listener = try await TLSListener(tls)
        let identity = try await listener.identity(of: try authority.issue(uris: [Self.agent]))
        tls.replace(try material(leaf, authority))
        #expect(tls.standing(of: identity)?.isVerified(with: identity) == true)
        tls.replace(try material(authority.issue(dnsNames: ["gate.test"]), authority))
        #expect(tls.standing(of: identity)?.isVerified(with: identity) == false)
        tls.replace(.identity(source))
        let again = try #require(tls.standing(of: identity))
        tls.replace(.identity(source))
        #expect(tls.standing(of: again)?.isVerified(with: again) == true)
        tls.replace(try material(leaf, try TestAuthority("other")))
        #expect(tls.standing(of: identity) == nil)
        await listener.stop()
    }

    @Test(arguments: [SVIDServerTLS.ClientCertificates.required, .optional])
    func `a certificate without its key is worth nothing`(clients: SVIDServerTLS.ClientCertificates) async throws {
        let stolen = try authority.issue(uris: [Self.agent])
        try await listener(clients) { port in
            #expect(await TLSCaller.ask(port, withoutKeyOf: stolen) == nil)
            #expect(await TLSCaller.ask(port, as: stolen) == "you are \(Self.agent)")
            // Not even after its chain was seen to be good.
            #expect(await TLSCaller.ask(port, withoutKeyOf: stolen) == nil)
        }
    }

    @Test func `every refusal is reported with its reason`() async throws {
        let expired = try authority.issue(uris: [Self.agent], validity: -7200 ... -3600)
        let foreign = try authority.issue(uris: ["spiffe://other.test/agent/coder"])
        let reasons = Mutex<[String]>([])
        try await listener(report: { error in reasons.withLock { $0.append("\(error)") } }) { port in
            #expect(await TLSCaller.ask(port, as: expired) == nil)
            #expect(await TLSCaller.ask(port, as: foreign) == nil)
            source.withdraw()
            #expect(await TLSCaller.ask(port, as: foreign) == nil)
        }
        #expect(
            reasons.withLock { $0 } == [
                "the peer's certificate is refused: a certificate in the chain has expired",
                "the peer's certificate is refused: there is no trust bundle for other.test",
                "TLS is not available: the issuer gives this program no such identity",
            ])
    }

    @Test func `a client that speaks at most TLS 1_2 is refused`() async throws {
        let leaf = try authority.issue(uris: [Self.agent])
        try await listener { port in
            #expect(await TLSCaller.ask(port, as: leaf, maximum: .tlsv12) == nil)
        }
    }

    @Test func `without an identity no connection is served, and with one again`() async throws {
        let leaf = try authority.issue(uris: [Self.agent])
        try await listener { port in
            source.withdraw()
            #expect(await TLSCaller.ask(port, as: leaf) == nil)
            try source.present(
                authority.issue(uris: ["spiffe://example.test/yett/gate"]),
                trusting: [TestSource.domain: [authority]])
            #expect(await TLSCaller.ask(port, as: leaf) == "you are \(Self.agent)")
        }
    }

    @Test func `a live connection loses its identity with the authority that vouched for it`() async throws {
        let next = try TestAuthority("next")
        let old = try authority.issue(uris: [Self.agent])
        let new = try next.issue(uris: [Self.agent])
        let gate = try authority.issue(uris: ["spiffe://example.test/yett/gate"])
        try await listener { port in
            let caller = try await TLSCaller(port, as: old)
            #expect(await caller.ask() == "you are \(Self.agent)")
            try source.present(gate, trusting: [TestSource.domain: [authority, next]])
            #expect(await caller.ask() == "you are \(Self.agent)")
            #expect(await TLSCaller.ask(port, as: new) == "you are \(Self.agent)")
            try source.present(gate, trusting: [TestSource.domain: [next]])
            #expect(await caller.ask() == "you are nobody")
            #expect(await TLSCaller.ask(port, as: old) == nil)
            #expect(await TLSCaller.ask(port, as: new) == "you are \(Self.agent)")
            await caller.close()
        }
    }
}
