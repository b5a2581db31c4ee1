// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Decision
import GateSupport
import Identity
import NIOCore
import NIOPosix
import Testing
import Transport

@Suite("Dialer") struct DialerTests {
    private static func permit(_ host: String, _ port: UInt16) throws -> Permit {
        let domain = try TrustDomain(parsing: "gate.test")
        let id = try SPIFFEID(agent: "tester", in: domain)
        let grant = try Grant.test("allowed.test", "other.test")
        let snapshot = Snapshot(
            revision: 1, digest: "", trustDomain: domain, agents: AgentDirectory(agents: []),
            grants: [id: GrantIndex(agent: "tester", grants: [grant])], addressGuard: AddressGuard())
        let facts = Facts(
            identity: VerifiedIdentity(proved: id, by: .token), plane: .egress, operation: Operation(.request),
            destination: Destination(host: try Host(parsing: host), port: port, scheme: .http), time: 0,
            source: .unknown)
        var judgement = Authorizer(snapshot: snapshot).authorize(facts, decision: DecisionID(rawValue: 1))
        guard let permit = judgement.takePermit() else { throw HarnessError.setup("nothing was granted") }
        return permit
    }

    private static func judged(_ host: String, _ port: UInt16, _ addresses: [String]) throws -> [JudgedAddress] {
        let answers = addresses.compactMap { IPAddress($0) }
        guard case .allowed(let judged) = AddressGuard().judgeAll(answers, host: try Host(parsing: host), port: port)
        else {
            return []
        }
        return judged
    }

    @Test(
        "refuses addresses that were judged for another host or port than the permit's",
        arguments: [("other.test", UInt16(80)), ("allowed.test", 443)])
    func otherDestination(_ host: String, _ port: UInt16) async throws {
        let recorder = DialRecorder { _ in nil }
        let permit = try Self.permit("allowed.test", 80)
        let addresses = try Self.judged(host, port, ["203.0.114.10"])
        let future = recorder.dialer.dial(
            permit, to: addresses, on: MultiThreadedEventLoopGroup.singleton.any(), timeout: .seconds(5)
        ) { $0.eventLoop.makeSucceededVoidFuture() }
        await #expect(throws: DialError.self) { _ = try await future.get() }
        #expect(recorder.dials.isEmpty)
    }

    @Test("fails when there is no address, and when no address accepts")
    func nothingToDial() async throws {
        let recorder = DialRecorder { _ in nil }
        for (addresses, dials) in [([], 0), (["203.0.114.10", "203.0.114.11"], 2)] {
            let permit = try Self.permit("allowed.test", 80)
            let future = recorder.dialer.dial(
                permit, to: try Self.judged("allowed.test", 80, addresses),
                on: MultiThreadedEventLoopGroup.singleton.any(), timeout: .seconds(5)
            ) { $0.eventLoop.makeSucceededVoidFuture() }
            await #expect(throws: (any Error).self) { _ = try await future.get() }
            #expect(recorder.dials.count == dials)
        }
    }

    @Test("yields the connection together with the judged address that it leads to")
    func dials() async throws {
        let upstream = UpstreamServer.echo()
        let port = upstream.port
        let recorder = DialRecorder { "\($0.address)" == "203.0.114.11" ? port : nil }
        let permit = try Self.permit("allowed.test", 80)
        let dialled = try await recorder.dialer.dial(
            permit, to: try Self.judged("allowed.test", 80, ["203.0.114.10", "203.0.114.11", "203.0.114.12"]),
            on: MultiThreadedEventLoopGroup.singleton.any(), timeout: .seconds(5)
        ) { $0.eventLoop.makeSucceededVoidFuture() }.get()
        #expect("\(dialled.address)" == "203.0.114.11")
        #expect(recorder.dials.map { "\($0.address)" } == ["203.0.114.10", "203.0.114.11"])
        try await dialled.channel.close()
    }

    @Test(
        "turns addresses into socket addresses and back",
        arguments: ["203.0.114.10", "2606:4700:4700::1111", "::1", "127.0.0.1", "255.255.255.255"])
    func roundTrip(_ text: String) throws {
        let address = try #require(IPAddress(text))
        let endpoint = try #require(try SocketAddress(address, port: 8443).endpoint)
        #expect(endpoint.address == address)
        #expect(endpoint.port == 8443)
    }

    @Test("a mapped peer of a dual-stack listener counts as IPv4, and a Unix socket has no address")
    func specialAddresses() throws {
        let mapped = try #require(IPAddress("::ffff:10.0.0.5"))
        let peer = try SocketAddress(mapped, port: 1)
        #expect(peer.endpoint?.address == IPAddress("10.0.0.5"))
        let unix = try SocketAddress(unixDomainSocketPath: "/tmp/x")
        #expect(unix.endpoint == nil)
    }
}
