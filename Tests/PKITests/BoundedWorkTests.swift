// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import GateSupport
import Identity
import NIOCore
import NIOPosix
import PKI
import Testing

/// What a stranger can make the gate do before anybody knows who it is (F-7).
@Suite("Work before a client is known") struct BoundedWorkTests {
    private static let agent = "spiffe://example.test/agent/coder"

    /// Presents a leaf to a listener with a thread of its own.
    ///
    /// - Returns: The answer, and the processor time of the listener's thread in milliseconds.
    private func present(
        _ leaf: TestAuthority.Leaf, to authority: TestAuthority
    ) async throws -> (answer: String?, milliseconds: Double) {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = try await TLSListener(SVIDServerTLS(source: try TestSource(authority)), on: group)
        let before = try await group.next().submit { Deadline.processorTime }.get()
        let answer = await TLSCaller.ask(listener.port, as: leaf)
        let after = try await group.next().submit { Deadline.processorTime }.get()
        await listener.stop()
        try await group.shutdownGracefully()
        return (answer, (after - before) * 1000)
    }

    @Test(arguments: [100, 600, 2000, 10_000])
    func `a certificate with very many names is refused in little time`(count: Int) async throws {
        let authority = try TestAuthority()
        let names = (0..<count).map { "n\($0).test" }
        let alias = try authority.issue(uris: [Self.agent, Self.agent], dnsNames: names)
        let (answer, milliseconds) = try await present(alias, to: authority)
        #expect(answer == nil)
        #expect(milliseconds < 250)
    }

    @Test func `authorities that issued one another in a circle lead nowhere in little time`() async throws {
        let trusted = try TestAuthority("trusted")
        let first = try TestAuthority("first")
        let second = try TestAuthority("second", below: first)
        let third = try TestAuthority("third", below: second)
        let circle = [try first.crossSigned(by: third), try first.crossSigned(by: second), second, third, first]
        let leaf = try first.issue(uris: [Self.agent]).beside(circle)
        let (answer, milliseconds) = try await present(leaf, to: trusted)
        #expect(answer == nil)
        #expect(milliseconds < 250)
    }

    @Test func `more certificates than a chain may have are refused`() async throws {
        let authority = try TestAuthority()
        let others = try (0..<40).map { try TestAuthority("other \($0)") }
        let leaf = try authority.issue(uris: [Self.agent])
        #expect(try await present(leaf.beside(Array(others.prefix(7))), to: authority).answer != nil)
        let (answer, milliseconds) = try await present(leaf.beside(others), to: authority)
        #expect(answer == nil)
        #expect(milliseconds < 250)
    }

    @Test func `many roots of one name cost a bounded number of signatures`() async throws {
        let roots = try (0..<200).map { _ in try TestAuthority("same") }
        let source = TestSource()
        let gate = try roots[0].issue(uris: ["spiffe://example.test/yett/gate"])
        try source.present(gate, trusting: [TestSource.domain: roots])
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = try await TLSListener(SVIDServerTLS(source: source), on: group)
        let stranger = try TestAuthority("same").issue(uris: [Self.agent])
        let before = try await group.next().submit { Deadline.processorTime }.get()
        #expect(await TLSCaller.ask(listener.port, as: stranger) == nil)
        let after = try await group.next().submit { Deadline.processorTime }.get()
        #expect(after - before < 0.25)
        await listener.stop()
        try await group.shutdownGracefully()
    }
}
