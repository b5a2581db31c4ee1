// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@Suite struct EndpointTests {
    @Test(
        "reads an authority",
        arguments: [
            ("allowed.test:443", "allowed.test:443"), ("ALLOWED.test.:1", "allowed.test:1"),
            ("1.2.3.4:65535", "1.2.3.4:65535"),
            ("[::1]:80", "[::1]:80"), ("[0:0::FFFF:1.2.3.4]:80", "[::ffff:1.2.3.4]:80"),
        ])
    func authorities(text: String, canonical: String) throws {
        #expect(try Endpoint(parsing: text).description == canonical)
    }

    @Test(
        "refuses with the rule that was broken",
        arguments: [
            ("", .empty), ("allowed.test", .missingPort), ("[::1]", .missingPort), ("allowed.test:", .badPort),
            ("allowed.test:0", .badPort), ("allowed.test:65536", .badPort), ("allowed.test:65616", .badPort),
            ("allowed.test:080", .badPort), ("allowed.test:+80", .badPort), ("allowed.test: 80", .badPort),
            ("allowed.test:80 ", .badPort), ("allowed.test:443:80", .badPort), ("allowed.test:８０", .badPort),
            ("allowed.test:99999999999999999999", .badPort), ("allowed.test:0x50", .badPort), ("::1:80", .badPort),
            ("user@allowed.test:80", .userinfo), ("a:b@allowed.test:80", .userinfo), ("@allowed.test:80", .userinfo),
            ("[fe80::1%25eth0]:80", .zone), ("[fe80::1%eth0]:80", .zone), ("[::1:80", .unbalancedBracket),
            ("[::1]x:80", .unbalancedBracket), ("[::1]]:80", .badIPv6Literal), ("[]:80", .badIPv6Literal),
            ("[1.2.3.4]:80", .badIPv6Literal), ("[v1.x]:80", .badIPv6Literal), ("[allowed.test]:80", .badIPv6Literal),
            ("::1]:80", .badPort), (":80", .empty), ("a]:80", .forbiddenByte(0x5d, offset: 1)),
            ("[[::1]]:80", .badIPv6Literal),
        ] as [(String, HostError)])
    func refusals(text: String, error: HostError) {
        #expect(throws: error) { try Endpoint(parsing: text) }
        #expect(!error.description.isEmpty)
    }

    @Test("takes the default port only when there is no colon")
    func defaultPort() throws {
        #expect(try Endpoint(parsing: "allowed.test", defaultPort: 80).port == 80)
        #expect(try Endpoint(parsing: "[::1]", defaultPort: 80).port == 80)
        #expect(try Endpoint(parsing: "allowed.test:81", defaultPort: 80).port == 81)
        #expect(throws: HostError.badPort) { try Endpoint(parsing: "allowed.test:", defaultPort: 80) }
        #expect(throws: HostError.missingPort) { try Endpoint(parsing: "allowed.test", defaultPort: 0) }
    }

    @Test("has no port 0")
    func zero() throws {
        #expect(try Endpoint(host: Host(parsing: "a.test"), port: 0) == nil)
    }
}
