// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@Suite struct IPv4AddressTests {
    @Test(
        "reads and writes the canonical dotted quad",
        arguments: [
            ("0.0.0.0", 0), ("127.0.0.1", 0x7f00_0001), ("255.255.255.255", 0xffff_ffff), ("10.200.30.4", 0x0ac8_1e04),
        ] as [(String, UInt32)])
    func canonical(text: String, number: UInt32) {
        #expect(IPv4Address(canonical: text)?.rawValue == number)
        #expect(IPv4Address(canonical: Array(text.utf8))?.rawValue == number)
        #expect(IPv4Address(rawValue: number).description == text)
    }

    @Test(
        "refuses every other spelling",
        arguments: [
            "", "1", "1.2.3", "1.2.3.4.5", "1.2.3.4.", ".1.2.3.4", "1..3.4", "01.2.3.4", "1.2.3.04", "256.1.1.1",
            "1.2.3.256", "1.2.3.999999999999", "0x7f.0.0.1", "0177.0.0.1", "127.1", "2130706433", "+1.2.3.4",
            "-1.2.3.4",
            " 1.2.3.4", "1.2.3.4 ", "1.2.3.4\n", "1.2.3.4\0", "1.2.3.٤", "１.2.3.4", "1.2.3.4/32", "00.0.0.0",
            "127.000.000.001", "1.2.3.4e0", "425.510.425.510",
        ])
    func others(text: String) {
        #expect(IPv4Address(canonical: text) == nil)
        #expect(IPv4Address(canonical: Array(text.utf8)) == nil)
    }

    @Test("orders by number")
    func order() {
        #expect(IPv4Address(9, 255, 255, 255) < IPv4Address(10, 0, 0, 0))
    }
}
