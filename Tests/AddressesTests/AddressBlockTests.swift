// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@Suite struct AddressBlockTests {
    @Test(
        "reads canonical CIDR",
        arguments: ["10.0.0.0/8", "0.0.0.0/0", "1.2.3.4/32", "::/0", "2001:db8::/32", "::1/128"])
    func canonical(text: String) {
        #expect(AddressBlock(text)?.description == text)
    }

    @Test(
        "refuses host bits, bad lengths and other spellings",
        arguments: [
            "10.0.0.1/8", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/+8", "10.0.0.0/8/8", "10/8",
            "2001:db8::1/32", "::/129", "::/-1", "/8", "", "10.0.0.0/8 ", "010.0.0.0/8", "10.0.0.0/255.0.0.0",
            "1.2.3.4/0",
            "::ffff:10.0.0.1/104", "10.0.0.0/99999999999999999999", "fe80::%1/10",
        ])
    func others(text: String) {
        #expect(AddressBlock(text) == nil)
    }

    @Test(
        "contains its first and last address and not their neighbours",
        arguments: [
            ("10.0.0.0/8", "10.0.0.0", "10.255.255.255", "9.255.255.255", "11.0.0.0"),
            ("1.2.3.4/32", "1.2.3.4", "1.2.3.4", "1.2.3.3", "1.2.3.5"),
            ("2001:db8::/33", "2001:db8::", "2001:db8:7fff:ffff:ffff:ffff:ffff:ffff", "2001:db7::1", "2001:db8:8000::"),
            ("2001:db8::8/125", "2001:db8::8", "2001:db8::f", "2001:db8::7", "2001:db8::10"),
        ])
    func edges(block: String, first: String, last: String, before: String, after: String) throws {
        let block = try #require(AddressBlock(block))
        #expect(block.first == IPAddress(first) && block.last == IPAddress(last))
        for text in [first, last] { #expect(try block.contains(#require(IPAddress(text)))) }
        for text in [before, after] { #expect(try !block.contains(#require(IPAddress(text)))) }
    }

    @Test("keeps the families apart")
    func families() throws {
        #expect(try !#require(AddressBlock("0.0.0.0/0")).contains(#require(IPAddress("::ffff:1.2.3.4"))))
        #expect(try !#require(AddressBlock("::/0")).contains(#require(IPAddress("1.2.3.4"))))
    }
}
