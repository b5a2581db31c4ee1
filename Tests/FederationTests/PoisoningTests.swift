// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import GateSupport
import Identity
import Outbound
import Protocols
import Synchronization
import Testing

@testable import Authority
@testable import IdentityPlane

/// What a foreign trust domain, or somebody on the way, may publish to be believed more than it should be.
@Suite("Poisoned bundles", .serialized, .timeLimit(.minutes(2)))
struct PoisoningTests {
    private let here: Domain
    private let there: Domain

    init() throws {
        here = try Domain("here.test")
        there = try Domain("there.test")
    }

    // MARK: Documents

    private func taken(_ documents: [[UInt8]]) throws -> (bundles: FederatedBundles, errors: [FederationError]) {
        var bundles = FederatedBundles()
        var errors: [FederationError] = []
        for document in documents {
            do throws(FederationError) {
                _ = try bundles.take(document, of: there.name)
            } catch {
                errors.append(error)
            }
        }
        return (bundles, errors)
    }

    private func document(_ sequence: UInt64?, of domain: Domain? = nil) -> [UInt8] {
        var bundle = (domain ?? there).bundle
        bundle.sequence = sequence
        return bundle.document.bytes
    }

    @Test func `an older sequence never replaces a newer one, and neither does none`() throws {
        let (bundles, errors) = try taken([document(5), document(4, of: here), document(nil, of: here)])
        #expect(errors == [.older(known: 5, offered: 4), .older(known: 5, offered: nil)])
        #expect(bundles[there.name]?.x509.authorities == there.bundle.x509.authorities)
    }

    @Test func `the largest sequence there is ends all changes but its own`() throws {
        let (bundles, errors) = try taken([document(.max), document(0, of: here), document(.max, of: here)])
        #expect(errors == [.older(known: .max, offered: 0)])
        #expect(bundles[there.name]?.sequence == .max)
    }

    @Test func `a document without keys revokes everything`() throws {
        let (bundles, errors) = try taken([document(5), Array(#"{"keys":[],"spiffe_sequence":6}"#.utf8)])
        #expect(errors.isEmpty)
        #expect(bundles[there.name]?.x509.authorities == [])
        #expect(bundles[there.name]?.jwt.authorities == [])
    }

    @Test(
        "a document that cannot be read changes nothing",
        arguments: [
            "", "{", "[]", "null", #"{"keys":{}}"#, #"{"keys":[1]}"#, #"{"keys":[],"keys":[]}"#,
            #"{"spiffe_sequence":-1,"keys":[]}"#, #"{"spiffe_sequence":"9","keys":[]}"#,
            #"{"spiffe_sequence":18446744073709551616,"keys":[]}"#, #"{"keys":[],"spiffe_refresh_hint":-5}"#,
            "{\"keys\":[" + String(repeating: "[", count: 5000),
        ])
    func refusesDocuments(text: String) throws {
        let (bundles, errors) = try taken([document(5), Array(text.utf8)])
        #expect(errors.count == 1)
        #expect(bundles[there.name]?.sequence == 5)
    }

    @Test func `a document says nothing about another trust domain, nor about the own one`() async throws {
        // They publish our root as theirs: what it signed for us is still judged with our bundle only.
        await here.authority.setFederatedBundles([
            try TrustBundle(parsing: document(1, of: here), trustDomain: there.name)
        ])
        #expect(!here.accepts(there))
        #expect(here.authority.state.bundles[here.name] == here.bundle)
        // A federation with ourselves is not taken over the own bundle.
        await here.authority.setFederatedBundles([TrustBundle(empty: here.name)])
        #expect(here.authority.state.bundles[here.name] == here.bundle)
    }

    @Test func `an authority that names our trust domain vouches for nobody in theirs`() async throws {
        let impostor = try Domain("here.test")
        await here.authority.setFederatedBundles([
            try TrustBundle(parsing: document(1, of: impostor), trustDomain: there.name)
        ])
        // The impostor's identities are of our trust domain, and its root is none of ours.
        #expect(!here.accepts(impostor))
    }

    // MARK: Endpoints

    @Test(
        "what an endpoint may answer with",
        arguments: [
            ("HTTP/1.1 500 No\r\ncontent-length: 0\r\n\r\n", "status"),
            ("HTTP/1.1 204 No\r\n\r\n", "status"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 300000\r\n\r\n", "large"),
            ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n<html", "document"),
            ("HTTP/1.1 301 X\r\nlocation: https://elsewhere.test/\r\ncontent-length: 0\r\n\r\n", "redirect"),
            ("HTTP/1.1 302 X\r\nlocation: http://bundles.test/\r\ncontent-length: 0\r\n\r\n", "url"),
            ("HTTP/1.1 302 X\r\nlocation: /\r\ncontent-length: 0\r\n\r\n", "redirect"),
        ])
    func keepsTheKnown(answer: String, kind: String) async throws {
        let web = try TestAuthority("Web")
        let leaf = try web.issue(dnsNames: ["bundles.test", "elsewhere.test"], profile: .server)
        let known = there.bundle
        let server = try await SecureServer(leaf) { _ in .init(answer) }
        let partner = try FederationHarness.partner(
            there.name, server.port, .web(authorities: Array(web.pem.utf8)), initial: known)
        try await FederationHarness.follow([partner], for: here) { reports in
            let isExpected = await reports.fails { error in
                switch (kind, error) {
                case ("status", .status), ("large", .fetch(.tooLarge, _)), ("document", .document): true
                case ("redirect", .fetch(.redirect, _)), ("url", .fetch(.url, _)): true
                default: false
                }
            }
            #expect(isExpected, "\(reports.list)")
            #expect(here.authority.state.bundles[there.name] == known)
            #expect(here.accepts(there))
        }
        await server.stop()
    }

    @Test func `a redirect is followed for one look, and not remembered`() async throws {
        let (here, there) = (here, there)
        let web = try TestAuthority("Web")
        let leaf = try web.issue(dnsNames: ["bundles.test"], profile: .server)
        let body = document(9)
        let server = try await SecureServer(leaf) { request in
            request.hasPrefix("GET /moved ")
                ? .ok(String(decoding: body, as: UTF8.self))
                : .redirect("/moved", status: 301)
        }
        let partner = try FederationHarness.partner(
            there.name, server.port, .web(authorities: Array(web.pem.utf8)))
        try await FederationHarness.follow([partner], for: here) { _ in
            #expect(await eventually { here.accepts(there) })
            #expect(await eventually { server.requests.count { $0.hasPrefix("GET / ") } >= 3 })
        }
        await server.stop()
    }
}
