// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Resolver
import Testing

@Suite struct ScriptedResolverTests {
    @Test("answers in order, repeats the last, and remembers the names")
    func order() async throws {
        let resolver = ScriptedResolver(records: [
            "allowed.test": [
                ["A 203.0.114.10 ttl=0 refuses-connection"], ["A 169.254.169.254 ttl=0", "AAAA ::1 ttl=9"],
            ]
        ])
        let name = try HostName(parsing: "allowed.test")
        #expect(try await resolver.resolve(name) == Answers(addresses: [#require(IPAddress("203.0.114.10"))], ttl: 0))
        let second = try await resolver.resolve(name)
        #expect(second.addresses.map(\.description) == ["169.254.169.254", "::1"] && second.ttl == 0)
        #expect(try await resolver.resolve(name) == second)
        #expect(resolver.queries == [name, name, name] && resolver.queryCount == 3)
    }

    @Test("follows aliases, reads absolute names, and falls back to the star")
    func names() async throws {
        let resolver = ScriptedResolver(records: [
            "a.test.": [["CNAME b.test ttl=5"]], "b.test": [["A 203.0.114.1"]], "*": [["A 203.0.114.2"]],
        ])
        let first = try await resolver.resolve(HostName(parsing: "A.test"))
        #expect(first.addresses.map(\.description) == ["203.0.114.1"] && first.ttl == 5)
        #expect(
            try await resolver.resolve(HostName(parsing: "other.test")).addresses.map(\.description) == ["203.0.114.2"])
    }

    @Test(
        "has no answer where the script has none or makes no sense",
        arguments: [
            ([], .notFound), (["A ::1"], .serverFailure), (["A"], .serverFailure), (["MX a.test"], .serverFailure),
            (["A 1.2.3.4 ttl=x"], .serverFailure), (["CNAME a.test"], .serverFailure), (["CNAME gone.test"], .notFound),
        ] as [([String], ResolveError)])
    func failures(records: [String], error: ResolveError) async throws {
        let resolver = ScriptedResolver(records: ["a.test": [records]])
        await #expect(throws: error) { try await resolver.resolve(HostName(parsing: "a.test")) }
    }

    @Test("finds no name outside an empty script")
    func empty() async throws {
        await #expect(throws: ResolveError.notFound) {
            try await ScriptedResolver([:]).resolve(HostName(parsing: "a.test"))
        }
    }
}
