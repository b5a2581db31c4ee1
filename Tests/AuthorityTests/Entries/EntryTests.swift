// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing

@testable import Authority

@Suite struct SelectorTests {
    @Test(arguments: [
        "unix:uid:0", "unix:uid:4294967294", "unix:user:coder", "unix:path:/usr/bin/agent", "unix:path:/opt/a b",
        "unix:sha256:" + String(repeating: "0a", count: 32), "systemd:id:agent@1.service", "yett:agent:coder",
        "container:id:" + String(repeating: "f0", count: 32), "unix:supplementary_gid:27", "yett:launch:7f3a",
    ])
    func `reads what attestation can see, and writes it again`(text: String) throws {
        #expect(try Selector(parsing: text).description == text)
    }

    @Test(arguments: [
        "", "unix", "unix:uid", "unix:uid:", "unix:uid:-1", "unix:uid:01", "unix:uid:+1", "unix:uid:4294967295",
        "unix:uid:1 ", "unix:uid:٣", "UNIX:uid:1", "docker:label:a:b", "k8s:ns:default", "unix:path:agent",
        "unix:path:/a/../b", "unix:path:/a//b", "unix:path:/a/", "unix:path:/", "unix:path:/a\n",
        "unix:sha256:" + String(repeating: "0A", count: 32), "unix:sha256:0a", "container:id:short",
        "systemd:id:a/b", "unix:user:a b", "unix:user:a\u{0}",
    ])
    func `refuses what no caller can ever have`(text: String) {
        #expect(throws: EntryError.self) { try Selector(parsing: text) }
    }

    @Test func `selectors are compared byte by byte`() throws {
        #expect(try Selector(parsing: "unix:user:\u{e9}") != Selector(parsing: "unix:user:e\u{301}"))
    }
}

@Suite struct EntryTests {
    private let workspace: Workspace

    init() throws { workspace = try Workspace() }

    @Test func `an entry fits a caller that has all of its selectors, and no other`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7", "unix:path:/usr/bin/a"]))
        #expect(try authority.entries(for: caller("unix:uid:7", "unix:path:/usr/bin/a", "unix:gid:1")).count == 1)
        for selectors in [["unix:uid:7"], ["unix:path:/usr/bin/a"], ["unix:uid:8", "unix:path:/usr/bin/a"]] {
            let caller = AttestedCaller(selectors: Set(try selectors.map { try Selector(parsing: $0) })) { true }
            #expect(authority.entries(for: caller).isEmpty)
            #expect(throws: AuthorityError.self) { try authority.x509SVIDs(for: caller) }
        }
    }

    @Test func `the most specific entry is the default identity, and a hint is given once`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/any", ["unix:uid:7"], hint: "h"))
        try await authority.add(entry("/agent/one", ["unix:uid:7", "unix:gid:7"], hint: "h"))
        let issued = try authority.x509SVIDs(for: caller("unix:uid:7", "unix:gid:7"))
        #expect(issued.map(\.svid.id.path) == ["/agent/one", "/agent/any"])
        #expect(issued.map(\.svid.hint) == ["h", ""])
    }

    @Test func `entries of other nodes fit nobody on this one`() async throws {
        let authority = try workspace.authority()
        try await authority.add(
            RegistrationEntry(
                spiffeID: SPIFFEID(parsing: "spiffe://example.test/agent/a"),
                parentID: SPIFFEID(parsing: "spiffe://example.test/yett/node/other"),
                selectors: [Selector(parsing: "unix:uid:7")], origin: .operator))
        #expect(try authority.entries(for: caller("unix:uid:7")).isEmpty)
    }

    @Test func `an entry ends at its time, and is forgotten`() async throws {
        let authority = try workspace.authority()
        let now = workspace.clock.now
        try await authority.add(entry("/agent/a", ["unix:uid:7"], expires: now + 100))
        let issued = try #require(try authority.x509SVIDs(for: caller("unix:uid:7")).first)
        workspace.clock.advance(99)
        #expect(authority.isCurrent(issued))
        workspace.clock.advance(1)
        #expect(!authority.isCurrent(issued))
        #expect(try authority.entries(for: caller("unix:uid:7")).isEmpty)
        try await authority.maintain()
        #expect(authority.entries.isEmpty)
    }

    private static let broken: [(String, @Sendable () throws -> RegistrationEntry)] = [
        ("no selectors", { try entry("/agent/a", []) }),
        ("a program only", { try entry("/agent/a", ["unix:path:/usr/bin/a"]) }),
        ("no path", { try entry("", ["unix:uid:7"]) }),
        ("the gate's own ID", { try entry("/yett/gate", ["unix:uid:7"]) }),
        ("an address as name", { try entry("/agent/a", ["unix:uid:7"], dnsNames: ["10.0.0.1"]) }),
        ("a wildcard", { try entry("/agent/a", ["unix:uid:7"], dnsNames: ["*.example.test"]) }),
        ("upper case", { try entry("/agent/a", ["unix:uid:7"], dnsNames: ["A.test"]) }),
        ("a URI as name", { try entry("/agent/a", ["unix:uid:7"], dnsNames: ["spiffe://example.test/agent/b"]) }),
        ("a long hint", { try entry("/agent/a", ["unix:uid:7"], hint: String(repeating: "h", count: 1025)) }),
        ("no life", { try entry("/agent/a", ["unix:uid:7"], x509Lifetime: 0) }),
        ("a long life", { try entry("/agent/a", ["unix:uid:7"], jwtLifetime: 301) }),
        ("itself as friend", { try entry("/agent/a", ["unix:uid:7"], federatesWith: [Workspace.domain]) }),
        ("many selectors", { try entry("/agent/a", (1...33).map { "unix:uid:\($0)" }) }),
    ]

    @Test(arguments: broken.indices)
    func `refuses an entry that breaks a rule`(index: Int) {
        #expect(throws: EntryError.self, "\(Self.broken[index].0)") { try Self.broken[index].1() }
    }

    @Test func `an entry of a foreign trust domain is refused`() async throws {
        let authority = try workspace.authority()
        let foreign = try RegistrationEntry(
            spiffeID: SPIFFEID(parsing: "spiffe://other.test/agent/a"),
            parentID: SPIFFEID(parsing: "spiffe://other.test/yett/node/local"),
            selectors: [Selector(parsing: "unix:uid:7")], origin: .operator)
        await #expect(throws: AuthorityError.self) { try await authority.add(foreign) }
    }

    @Test func `the same entry is not added twice`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7", "unix:gid:7"]))
        let same = try entry("/agent/a", ["unix:gid:7", "unix:uid:7", "unix:uid:7"], hint: "other")
        await #expect(throws: AuthorityError.self) { try await authority.add(same) }
    }

    @Test func `operators remove their own entries and not the configuration's`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        try await authority.setConfigured([entry("/agent/b", ["unix:uid:8"], origin: .configuration)])
        for entry in authority.entries {
            if entry.origin == .operator {
                try await authority.removeEntry(entry.id)
            } else {
                await #expect(throws: AuthorityError.self) { try await authority.removeEntry(entry.id) }
            }
        }
        #expect(authority.entries.map(\.spiffeID.path) == ["/agent/b"])
        await #expect(throws: AuthorityError.self) { try await authority.removeEntry("nothing") }
    }

    @Test func `a new configuration replaces its own entries only`() async throws {
        let authority = try workspace.authority()
        try await authority.add(entry("/agent/a", ["unix:uid:7"]))
        try await authority.setConfigured([
            entry("/agent/b", ["unix:uid:8"], origin: .configuration),
            entry("/agent/c", ["unix:uid:9"], origin: .configuration),
        ])
        let version = authority.state.version
        try await authority.setConfigured([
            entry("/agent/c", ["unix:uid:9"], origin: .configuration),
            entry("/agent/b", ["unix:uid:8"], origin: .configuration),
        ])
        #expect(authority.state.version == version)
        try await authority.setConfigured([entry("/agent/c", ["unix:uid:9"], origin: .configuration)])
        #expect(Set(authority.entries.map(\.spiffeID.path)) == ["/agent/a", "/agent/c"])
    }

    @Test func `entries are the same after a restart`() async throws {
        var authority: Authority? = try workspace.authority()
        try await authority?.add(
            entry(
                "/agent/a", ["unix:uid:7", "unix:path:/opt/a b"], x509Lifetime: 60, jwtLifetime: 30, hint: "h",
                dnsNames: ["a.test", "b.test"], federatesWith: ["other.test"], expires: workspace.clock.now + 1000))
        try await authority?.setConfigured([entry("/agent/b", ["unix:uid:8"], origin: .configuration)])
        let entries = Set(try #require(authority).entries)
        authority = nil
        #expect(Set(try workspace.authority().entries) == entries)
    }

    @Test func `ten thousand entries are searched without looking at each`() async throws {
        let authority = try workspace.authority()
        try await authority.setConfigured(
            (0..<EntryIndex.largestCount).map {
                try entry("/agent/a\($0)", ["unix:uid:\($0)"], origin: .configuration)
            })
        let seven = try caller("unix:uid:7")
        let start = ContinuousClock.now
        for _ in 0..<1000 { #expect(authority.entries(for: seven).count == 1) }
        #expect(ContinuousClock.now - start < .seconds(5))
        await #expect(throws: AuthorityError.self) { try await authority.add(entry("/agent/more", ["unix:uid:1"])) }
    }
}
