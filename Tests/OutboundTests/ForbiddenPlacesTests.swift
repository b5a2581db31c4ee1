// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import GateSupport
import Testing

@testable import Outbound

/// What only the gate can reach is not fetched from, however the URL got there (SSRF).
@Suite("Places that are not fetched from", .timeLimit(.minutes(1)))
struct ForbiddenPlacesTests {
    static let special = [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.1.1",
        "169.254.169.254", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::1", "3fff::1",
    ]

    @Test("an address that is written", arguments: special)
    func refusesLiterals(address: String) async throws {
        let harness = OutboundHarness()
        let host = address.contains(":") ? "[\(address)]" : address
        let failure = try await harness.client().failure("https://\(host)/latest/meta-data/")
        guard case .address = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(harness.dialled.isEmpty)
    }

    @Test("an address that a name has, alone or among others", arguments: special)
    func refusesAnswers(address: String) async throws {
        for answers in [[address], ["93.184.216.34", address], [address, "93.184.216.34"]] {
            let harness = OutboundHarness(["rebind.test": [answers]])
            let failure = try await harness.client().failure("https://rebind.test/")
            guard case .address = failure else {
                Issue.record("\(answers) \(String(describing: failure))")
                return
            }
            #expect(harness.dialled.isEmpty)
        }
    }

    @Test func `a name is looked up once for each fetch, and the judged address is dialled`() async throws {
        let server = try await OutboundHarness.server { _ in .ok() }
        // The second answer, which a client that looks up again would dial, is loopback.
        let harness = OutboundHarness(["server.test": [["93.184.216.34"], ["127.0.0.1"]]])
        let client = try harness.client(to: server.port)
        #expect(await client.failure("https://server.test/") == nil)
        #expect(harness.lookups == ["server.test": 1])
        #expect(harness.dialled == ["93.184.216.34"])
        guard case .address = await client.failure("https://server.test/") else {
            Issue.record("a rebound name was fetched from")
            return
        }
        #expect(harness.dialled.count == 1)
        await server.stop()
    }

    @Test func `an exception counts for its host, port and block only`() async throws {
        let server = try await OutboundHarness.server(["server.test", "other.test"]) { _ in .ok() }
        let harness = OutboundHarness(["server.test": [["127.0.0.1"]], "other.test": [["127.0.0.1"]]])
        let client = try harness.client(exceptions: [("server.test", server.port)], to: server.port)
        #expect(await client.failure("https://server.test:\(server.port)/") == nil)
        for url in [
            "https://server.test/", "https://other.test:\(server.port)/", "https://127.0.0.1:\(server.port)/",
        ] {
            guard case .address = await client.failure(url) else {
                Issue.record("\(url)")
                continue
            }
        }
        await server.stop()
    }

    @Test func `the gate's own listeners are refused, whatever the exceptions say`() async throws {
        let exception = try AddressException(host: "self.test", port: "8443", block: "127.0.0.1")
        let client = OutboundClient(
            addressGuard: AddressGuard(
                exceptions: [exception], ownListeners: [(.v4(IPv4Address(127, 0, 0, 1)), 8443)]),
            lookup: { _, done in done(.success([.v4(IPv4Address(127, 0, 0, 1))])) }, trust: try .web())
        guard case .address(let refusal) = await client.failure("https://self.test:8443/") else {
            Issue.record("dialled itself")
            return
        }
        #expect(refusal.rule == .ownListener)
    }

    @Test(
        "a redirect",
        arguments: [
            "https://127.0.0.1/", "https://169.254.169.254/latest/meta-data/", "https://inside.test/",
            "https://[::1]/", "https://[::ffff:10.0.0.1]/",
        ])
    func refusesRedirects(location: String) async throws {
        let server = try await OutboundHarness.server { _ in .redirect(location) }
        let harness = OutboundHarness(["server.test": [["93.184.216.34"]], "inside.test": [["10.0.0.1"]]])
        let client = try harness.client(to: server.port)
        #expect(await client.failure("https://server.test/") == .redirect(302))
        let all = OutboundRequest.Redirects.followed(atMost: 5) { _ in true }
        guard case .address = await client.failure("https://server.test/", redirects: all) else {
            Issue.record("\(location)")
            return
        }
        #expect(harness.dialled == ["93.184.216.34", "93.184.216.34"])
        await server.stop()
    }

    @Test func `a name that nobody knows, and an answer without addresses`() async throws {
        let client = try OutboundHarness(["empty.test": [[]]]).client()
        guard case .name = await client.failure("https://nobody.test/") else {
            Issue.record("a name")
            return
        }
        guard case .address(let refusal) = await client.failure("https://empty.test/") else {
            Issue.record("no address")
            return
        }
        #expect(refusal.rule == .noAnswer)
    }
}
