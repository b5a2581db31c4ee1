// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@Suite struct HostPatternTests {
    @Test(
        "matches",
        arguments: [
            ("allowed.test", "allowed.test"), ("Allowed.Test.", "ALLOWED.test"), ("*.wild.test", "a.wild.test"),
            ("*.wild.test", "a.b.wild.test"), ("1.2.3.4", "1.2.3.4"), ("[::1]", "[::1]"), ("::1", "[0::1]"),
            ("10.0.0.0/8", "10.1.2.3"), ("2001:db8::/32", "[2001:db8::1]"),
        ])
    func matches(pattern: String, host: String) throws {
        #expect(try HostPattern(parsing: pattern).matches(Host(parsing: host)))
    }

    @Test(
        "does not match",
        arguments: [
            ("allowed.test", "sub.allowed.test"), ("allowed.test", "evilallowed.test"),
            ("allowed.test", "allowed.test.evil"),
            ("*.wild.test", "wild.test"), ("*.wild.test", "evilwild.test"), ("*.wild.test", "a.wild.test.evil"),
            ("*.wild.test", "1.2.3.4"), ("10.0.0.0/8", "11.0.0.1"), ("10.0.0.0/8", "[::ffff:10.0.0.1]"),
            ("10.0.0.0/8", "10.0.0.1.nip.io"), ("1.2.3.4", "1.2.3.5"), ("::1", "[::2]"), ("allowed.test", "[::1]"),
        ])
    func differs(pattern: String, host: String) throws {
        #expect(try !HostPattern(parsing: pattern).matches(Host(parsing: host)))
    }

    @Test(
        "refuses at reading time",
        arguments: [
            ("*", .anyHostNotPermitted), ("*.com", .wildcardTooWide(minimumSuffixLabels: 2)), ("*.", .empty),
            ("a.*.test", .misplacedWildcard), ("*a.wild.test", .misplacedWildcard), ("*.*.test", .misplacedWildcard),
            ("**.wild.test", .misplacedWildcard), ("wild.*", .misplacedWildcard), ("10.0.0.1/8", .badBlock),
            ("*.1.2.3.4", .numericForm), ("010.0.0.1", .numericForm), ("", .empty),
            ("*.w\u{131}ld.test", .notASCII(offset: 1)),
            (".wild.test", .emptyLabel), ("a,b", .forbiddenByte(0x2c, offset: 1)),
        ] as [(String, HostError)])
    func refusals(text: String, error: HostError) {
        #expect(throws: error) { try HostPattern(parsing: text) }
    }

    @Test("widens only by parameter")
    func parameters() throws {
        #expect(try HostPattern(parsing: "*.com", minimumSuffixLabels: 1).matches(Host(parsing: "a.com")))
        let any = try HostPattern(parsing: "*", permitsAny: true)
        #expect(try any.matches(Host(parsing: "a.b")) && any.matches(Host(parsing: "[::1]")))
    }

    @Test("is written as it is read", arguments: ["a.test", "*.a.test", "1.2.3.4", "::1", "10.0.0.0/8"])
    func descriptions(text: String) throws {
        #expect(try HostPattern(parsing: text).description == text)
    }
}
