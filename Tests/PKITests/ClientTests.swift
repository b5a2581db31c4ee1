// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import Identity
import NIOSSL
import PKI
import Synchronization
import Testing

@Suite("TLS of clients") struct ClientTests {
    private static let gate = "spiffe://example.test/yett/gate"
    private static let agent = "spiffe://example.test/agent/coder"
    private let authority: TestAuthority
    private let client: TestSource

    init() throws {
        authority = try TestAuthority()
        client = TestSource()
        try client.present(
            authority.issue(uris: [Self.agent]), trusting: [TestSource.domain: [authority]])
    }

    private func ids(_ texts: String...) throws -> Set<SPIFFEID> { Set(try texts.map { try SPIFFEID(parsing: $0) }) }

    /// What a foreign server with this leaf answers, and why it was refused.
    private func ask(
        _ leaf: TestAuthority.Leaf, _ tls: SVIDClientTLS, maximum: TLSVersion = .tlsv13
    ) async throws -> (answer: String?, refusal: TLSPeerRefusal?) {
        let server = try await ForeignServer(leaf, maximum: maximum)
        let peer = Mutex<TLSPeer?>(nil)
        let caller = try await TLSCaller(server.port) {
            let (handler, box) = try tls.connection()
            peer.withLock { $0 = box }
            return handler
        }
        let answer = await caller.ask()
        await caller.close()
        await server.stop()
        return (answer, peer.withLock { $0?.refusal })
    }

    @Test func `a client presents its identity to the server that it expects`() async throws {
        let tls = SVIDClientTLS(source: client, expected: try ids(Self.gate, "spiffe://example.test/other"))
        let listener = try await TLSListener(SVIDServerTLS(source: try TestSource(authority)))
        #expect(await TLSCaller.ask(listener.port, through: tls) == "you are \(Self.agent)")
        #expect(await TLSCaller.ask(listener.port, through: tls, serverName: "any.test") == "you are \(Self.agent)")
        await listener.stop()
    }

    @Test func `a client without an identity presents none`() async throws {
        let tls = SVIDClientTLS(identity: nil, expected: try ids(Self.gate)) {
            [client] () throws(IdentitySourceError) in
            try client.current().bundles
        }
        let listener = try await TLSListener(SVIDServerTLS(source: try TestSource(authority), clients: .optional))
        #expect(await TLSCaller.ask(listener.port, through: tls) == "you are nobody")
        await listener.stop()
    }

    @Test func `a server is known until its authority is trusted no more`() async throws {
        let tls = SVIDClientTLS(source: client, expected: try ids(Self.gate))
        let server = try await ForeignServer(try authority.issue(uris: [Self.gate]))
        let peer = Mutex<TLSPeer?>(nil)
        let caller = try await TLSCaller(server.port) {
            let (handler, box) = try tls.connection()
            #expect(box.identity == nil)
            peer.withLock { $0 = box }
            return handler
        }
        #expect(await caller.ask() == "welcome")
        let identity = try #require(peer.withLock { $0?.identity })
        #expect(identity.id.description == Self.gate)
        #expect(identity.thumbprint.count == 32)
        #expect(tls.standing(of: identity) != nil)
        #expect(tls.standing(of: identity, now: identity.svid.notAfter + 1) == nil)
        try client.present(
            authority.issue(uris: [Self.agent]), trusting: [TestSource.domain: [try TestAuthority("other")]])
        #expect(tls.standing(of: identity) == nil)
        await caller.close()
        await server.stop()
    }

    @Test func `a server that is somebody else is refused`() async throws {
        let tls = SVIDClientTLS(source: client, expected: try ids(Self.gate))
        let other = try await ask(try authority.issue(uris: [Self.gate + "/more"]), tls)
        #expect(other.answer == nil)
        #expect(other.refusal == .unexpected(try SPIFFEID(parsing: Self.gate + "/more")))
        let nobody = SVIDClientTLS(source: client, expected: [])
        #expect(try await ask(try authority.issue(uris: [Self.gate]), nobody).answer == nil)
    }

    @Test func `a server whose certificate is not good is refused`() async throws {
        let tls = SVIDClientTLS(source: client, expected: try ids(Self.gate))
        let stranger = try TestAuthority()
        let leaves = [
            try stranger.issue(uris: [Self.gate]), try authority.issue(uris: [Self.gate], validity: -7200 ... -3600),
            try authority.issue(uris: [Self.gate], validity: 3600...7200),
            try authority.issue(uris: [Self.gate], profile: .client),
            try authority.issue(uris: [Self.gate], profile: .authority),
            try authority.issue(uris: [Self.gate, Self.agent]), try authority.issue(dnsNames: [Self.gate]),
            try authority.issue(dnsNames: ["127.0.0.1"], addresses: [[127, 0, 0, 1]]),
        ]
        for (index, leaf) in leaves.enumerated() {
            #expect(try await ask(leaf, tls).answer == nil, "leaf \(index)")
        }
        #expect(try await ask(try authority.issue(uris: [Self.gate], profile: .server), tls).answer == "welcome")
    }

    @Test func `a server of another trust domain is verified with that domain's bundle and no other`() async throws {
        let foreign = try TestAuthority("foreign")
        let id = "spiffe://other.test/bundle"
        let tls = SVIDClientTLS(source: client, expected: try ids(id))
        #expect(try await ask(try authority.issue(uris: [id]), tls).answer == nil)
        #expect(try await ask(try foreign.issue(uris: [id]), tls).answer == nil)
        try client.present(
            authority.issue(uris: [Self.agent]),
            trusting: [TestSource.domain: [authority], "other.test": [foreign]])
        #expect(try await ask(try authority.issue(uris: [id]), tls).answer == nil)
        #expect(try await ask(try foreign.issue(uris: [id]), tls).answer == "welcome")
    }

    @Test func `TLS 1_2 is spoken where that was asked for`() async throws {
        let leaf = try authority.issue(uris: [Self.gate])
        let bundles: @Sendable () throws(IdentitySourceError) -> TrustBundles = {
            [client] () throws(IdentitySourceError) in
            try client.current().bundles
        }
        let strict = SVIDClientTLS(identity: client, expected: try ids(Self.gate), bundles: bundles)
        let lenient = SVIDClientTLS(identity: client, expected: try ids(Self.gate), minimum: .tls12, bundles: bundles)
        #expect(try await ask(leaf, strict, maximum: .tlsv12).answer == nil)
        #expect(try await ask(leaf, lenient, maximum: .tlsv12).answer == "welcome")
        #expect(try await ask(leaf, lenient).answer == "welcome")
    }

    @Test(
        "F-10: a name of another type is no DNS name",
        arguments: [
            (["gate.test"], ["gate.test"], true), (["gate.test"], [], false), (["spiffe://gate.test/x"], [], false),
            ([], ["spiffe://gate.test/x", "other.test"], false), (["gate.test"], ["other.test"], false),
        ])
    func names(_ uris: [String], _ dnsNames: [String], _ isGood: Bool) async throws {
        let server = try await ForeignServer(try authority.issue(uris: uris, dnsNames: dnsNames))
        let context = try NIOSSLContext(
            configuration: TLSContextFactory.client(authorities: Array(try authority.pem.utf8)))
        let caller = try await TLSCaller(server.port) {
            try NIOSSLClientHandler(context: context, serverHostname: "gate.test")
        }
        #expect(await caller.ask() == (isGood ? "welcome" : nil))
        await caller.close()
        await server.stop()
    }
}
