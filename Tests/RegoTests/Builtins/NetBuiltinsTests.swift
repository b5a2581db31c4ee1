// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Rego

@Suite struct NetBuiltinsTests {
    @Test(
        arguments: [
            ("10.0.0.0/8", "10.1.1.1", true), ("10.0.0.0/8", "10.1.0.0/24", true),
            ("172.17.0.0/24", "172.17.0.0/16", false),
            ("10.0.0.0/8", "::ffff:10.0.0.1", true), ("::ffff:10.0.0.0/104", "10.2.3.4", true),
            ("::/0", "10.0.0.1", false),
            ("2001:4860:4860::8888/32", "2001:4860:4860:1234::8888/40", true),
            ("2001:4860::/96", "2001:4860::/32", false),
            ("10.1.1.1/8", "10.255.255.255", true), ("0.0.0.0/0", "255.255.255.255/32", true),
            ("10.0.0.0/08", "10.0.0.1", true),
        ] as [(String, String, Bool)])
    func `tells whether a network contains another one or an address`(network: String, other: String, expected: Bool)
        throws
    {
        #expect(try BuiltinCaller()("net.cidr_contains", .string(network), .string(other)) == .boolean(expected))
    }

    @Test(
        arguments: [
            "", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "010.0.0.0/8", "10.0.0.0/-1", "10.0.0.0/", "::/129",
            "1::2::3/64", "fe80::1%eth0/64",
            "1:2:3:4:5:6:7/8", "1:2:3:4:5:6:7:8::/8", ":1::/8", "1:/8", "12345::/8", "::1.2.3/96", "256.0.0.0/8",
            "10.0.0.0.0/8",
        ])
    func `refuses what is no network`(text: String) throws {
        let call = BuiltinCaller()
        #expect(try call("net.cidr_is_valid", .string(text)) == false)
        #expect(call.failure("net.cidr_expand", .string(text)) == "invalid CIDR address: \(text)")
    }

    @Test func `says what is neither a network nor an address`() {
        #expect(
            BuiltinCaller().failure("net.cidr_contains", "10.0.0.0/8", "10.1.1.1/33")
                == "not a valid textual representation of an IP address or CIDR: 10.1.1.1/33")
    }

    @Test func `pairs networks with their members`() throws {
        let call = BuiltinCaller()
        #expect(
            try call("net.cidr_contains_matches", ["1.1.2.0/24", "1.1.1.0/24"], ["1.1.1.1", "1.1.2.1"])
                == .set([[0, 1], [1, 0]]))
        #expect(
            try call("net.cidr_contains_matches", ["k1": "1.1.1.1/24", "k2": ["1.1.1.2/24", 1]], "1.1.1.128")
                == .set([["k1", "1.1.1.128"], ["k2", "1.1.1.128"]]))
        #expect(
            call.failure("net.cidr_contains_matches", ["1.1.2.0/24"], ["1.1.1.1", 1])
                == "operand 2: element must be string or non-empty array")
        #expect(
            call.failure("net.cidr_contains_matches", ["1.1.2.0/24", []], ["1.1.1.1"])
                == "operand 1: element must be string or non-empty array")
    }

    @Test func `tells whether networks share addresses`() throws {
        let call = BuiltinCaller()
        #expect(try call("net.cidr_intersects", "192.168.1.0/25", "192.168.1.64/25") == true)
        #expect(try call("net.cidr_intersects", "fd1e:5bfe::/64", "2001:4860:4860::8888/32") == false)
    }

    @Test func `lists the addresses of a network`() throws {
        let call = BuiltinCaller()
        #expect(
            try call("net.cidr_expand", "192.168.1.1/30")
                == .set(["192.168.1.0", "192.168.1.1", "192.168.1.2", "192.168.1.3"]))
        #expect(try call("net.cidr_expand", "::1/127") == .set(["::", "::1"]))
        #expect(try call("net.cidr_expand", "255.255.255.255/32") == .set(["255.255.255.255"]))
    }

    @Test(arguments: ["0.0.0.0/0", "::/0", "10.0.0.0/8", "10.0.0.0/12"])
    func `lists no more addresses than a collection may have`(network: String) {
        let failure = BuiltinCaller().failure("net.cidr_expand", .string(network))
        #expect(failure == "limit: collection" || failure == "limit: instructions")
    }

    @Test(
        arguments: [
            (["192.0.128.0/24", "192.0.129.0/24"], ["192.0.128.0/23"]),
            (["192.0.128.0/24", "0.0.0.0/0"], ["0.0.0.0/0"]),
            (
                ["192.0.2.112/30", "192.0.2.116/32", "192.0.2.118/31"],
                ["192.0.2.112/30", "192.0.2.116/32", "192.0.2.118/31"]
            ),
            (["192.0.2.112/31", "192.0.2.116/31", "192.0.2.118/31"], ["192.0.2.112/31", "192.0.2.116/30"]),
            (["::/0", "::192.0.2.0/124", "ff00::101/128"], ["::/0"]),
            (["192.0.2.112", "192.0.2.116/31", "192.0.2.118/31"], ["192.0.2.0/24"]),
            (
                ["fe80::/120", "192.0.2.0/24", "192.0.3.0/24", "192.0.4.0/25", "192.0.4.128/25"],
                ["192.0.2.0/23", "192.0.4.0/24", "fe80::/120"]
            ), (["2601:600:8a80:207e:a57d:7567:e2c9:e7b3/64"], ["2601:600:8a80:207e::/64"]),
            (["10.1.2.3"], ["10.1.2.3/8"]), ([], []),
        ] as [([String], [String])])
    func `merges networks`(networks: [String], merged: [String]) throws {
        let result = try BuiltinCaller()("net.cidr_merge", .array(networks.map { .string($0) }))
        #expect(result == .set(merged.map { .string($0) }))
    }

    @Test func `merges no lone address of IPv6`() {
        #expect(BuiltinCaller().failure("net.cidr_merge", ["::1"]) == "IPv6 invalid: needs prefix length")
    }

    @Test(
        arguments: [
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"), ("0:0:0:0:0:0:0:0", "::"),
            ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"),
            ("ABCD::", "abcd::"), ("::ffff:1.2.3.4", "1.2.3.4"), ("1::8", "1::8"), ("0:0:1::", "0:0:1::"),
        ])
    func `writes addresses in their shortest form`(text: String, expected: String) throws {
        #expect(try BuiltinCaller()("net.lookup_ip_addr", .string(text)) == .set([.string(expected)]))
    }

    @Test func `asks nobody for a name`() throws {
        let call = BuiltinCaller()
        #expect(try call("net.lookup_ip_addr", "localhost") == .set(["127.0.0.1", "::1"]))
        #expect(call.failure("net.lookup_ip_addr", "example.com")?.hasPrefix("lookup example.com") == true)
        #expect(BuiltinTable.standard["net.lookup_ip_addr"]?.traits.contains(.reachesOutside) == true)
    }
}
