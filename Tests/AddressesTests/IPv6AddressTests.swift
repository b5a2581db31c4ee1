// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@Suite struct IPv6AddressTests {
    @Test(
        "reads RFC 4291 forms and writes RFC 5952",
        arguments: [
            ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("0:0:0:0:0:0:0:1", "::1"),
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"), ("ff01::101", "ff01::101"),
            ("2001:db8::0:1", "2001:db8::1"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"), ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("::ffff:a9fe:a9fe", "::ffff:169.254.169.254"), ("::FFFF:1.2.3.4", "::ffff:1.2.3.4"),
            ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"), ("::1.2.3.4", "::102:304"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"), ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("0000:0000::0001", "::1"),
            ("1::8:0", "1::8:0"), ("0:0:1::", "0:0:1::"), ("1:0:0:2:0:0:3:4", "1::2:0:0:3:4"),
        ])
    func forms(text: String, canonical: String) throws {
        let address = try #require(IPv6Address(canonical: text))
        #expect(address.description == canonical)
        #expect(IPv6Address(canonical: Array(text.utf8)) == address)
        #expect(IPv6Address(canonical: canonical) == address)
    }

    @Test(
        "refuses everything else",
        arguments: [
            "", ":", ":::", "1", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1::",
            "1::2::3",
            "12345::", "g::", "fe80::1%eth0", "fe80::1%25eth0", "[::1]", "::1 ", " ::1", "::1/128", "::1.2.3",
            "::1.2.3.04",
            "1.2.3.4::", "1.2.3.4:1::", "::1.2.3.4:1", "1:2:3:4:5:6:7:1.2.3.4", "::0x1", "::+1", "1:2:3:4:5:6:7:",
            ":1:2:3:4:5:6:7", "::ffff:256.1.1.1", "::٣", "1:2:3:4::5:6:7:8", "::1\0", "0:0:0:0:0:0:0:0:0", "::.1.2.3",
            "00000::1", "::12345",
        ])
    func others(text: String) {
        #expect(IPv6Address(canonical: text) == nil)
        #expect(IPv6Address(canonical: Array(text.utf8)) == nil)
    }

    @Test("description and parser agree on every placement of zero groups")
    func roundTrip() {
        for mask in 0..<256 {
            var number: UInt128 = 0
            for bit in 0..<8 { number = number << 16 | (mask >> bit & 1 == 1 ? UInt128(bit + 0xa0) : 0) }
            let address = IPv6Address(rawValue: number)
            #expect(IPv6Address(canonical: address.description) == address)
            #expect(address.groups.reduce(0) { $0 << 16 | UInt128($1) } == number)
        }
    }
}
