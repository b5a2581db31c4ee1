// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Testing

@Suite struct HostNameTests {
    @Test(
        "accepts names in their canonical form",
        arguments: [
            ("allowed.test", "allowed.test"), ("ALLOWED.Test", "allowed.test"), ("allowed.test.", "allowed.test"),
            ("localhost", "localhost"), ("_dmarc.example.com", "_dmarc.example.com"), ("a.b-c.d9", "a.b-c.d9"),
            ("127.0.0.1.nip.io", "127.0.0.1.nip.io"), ("1.2.3.4a", "1.2.3.4a"), ("0xg", "0xg"), ("x.0x7fz", "x.0x7fz"),
            ("3com.com", "3com.com"), ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
            ("r3---sn-4g5e6nez.example", "r3---sn-4g5e6nez.example"),
            ("metadata.google.internal", "metadata.google.internal"),
        ])
    func names(text: String, canonical: String) throws {
        #expect(try HostName(parsing: text).description == canonical)
    }

    @Test(
        "refuses with the rule that was broken",
        arguments: [
            ("", .empty), (".", .emptyLabel), ("a..b", .emptyLabel), (".a", .emptyLabel), ("a.test..", .emptyLabel),
            ("a b.test", .forbiddenByte(0x20, offset: 1)), ("allowed.test\0.evil.test", .forbiddenByte(0, offset: 12)),
            ("a%00.test", .forbiddenByte(0x25, offset: 1)), ("%31%32%37.0.0.1", .forbiddenByte(0x25, offset: 0)),
            ("a/b", .forbiddenByte(0x2f, offset: 1)), ("a\\b", .forbiddenByte(0x5c, offset: 1)),
            ("a@b", .forbiddenByte(0x40, offset: 1)), ("*.test", .forbiddenByte(0x2a, offset: 0)),
            ("a\tb", .forbiddenByte(9, offset: 1)), ("a\r\nb", .forbiddenByte(13, offset: 1)),
            ("a\u{7f}b", .forbiddenByte(0x7f, offset: 1)), ("a:1", .forbiddenByte(0x3a, offset: 1)),
            ("\u{430}llowed.test", .notASCII(offset: 0)), ("allowed\u{3002}test", .notASCII(offset: 7)),
            ("allow\u{ad}ed.test", .notASCII(offset: 5)), ("\u{212a}.test", .notASCII(offset: 0)),
            ("allowed\u{ff0e}test", .notASCII(offset: 7)), ("127.0.0.1", .numericForm), ("2130706433", .numericForm),
            ("0", .numericForm), ("0x7f.1", .numericForm), ("127.1", .numericForm), ("1.2.3.0x4", .numericForm),
            ("0x", .numericForm), ("a.0X", .numericForm), ("a.0xfE", .numericForm), ("1.2.3.4.", .numericForm),
            ("0177.0.0.1", .numericForm), ("example.com.1", .numericForm), ("4294967296", .numericForm),
            ("-a.test", .hyphenAtLabelEdge), ("a-.test", .hyphenAtLabelEdge), ("a.-", .hyphenAtLabelEdge),
        ] as [(String, HostError)])
    func refusals(text: String, error: HostError) {
        #expect(throws: error) { try HostName(parsing: text) }
        #expect(!error.description.isEmpty)
    }

    @Test("keeps the length limits of RFC 1035")
    func lengths() throws {
        let label = String(repeating: "a", count: 63)
        #expect(try HostName(parsing: label).labelCount == 1)
        #expect(throws: HostError.labelTooLong(bytes: 64)) { try HostName(parsing: label + "a") }
        let longest = [label, label, label, String(repeating: "a", count: 61)].joined(separator: ".")
        #expect(try HostName(parsing: longest).description.utf8.count == 253)
        #expect(try HostName(parsing: longest + ".").description.utf8.count == 253)
        #expect(throws: HostError.nameTooLong(bytes: 254)) { try HostName(parsing: longest + "a") }
        #expect(throws: HostError.nameTooLong(bytes: 1 << 20)) {
            try HostName(parsing: String(repeating: "a", count: 1 << 20))
        }
    }

    @Test("reads raw bytes like text")
    func rawBytes() throws {
        let bytes = Array("API.Example.com".utf8)
        let name = try bytes.withUnsafeBytes { try HostName(parsing: $0) }
        #expect(name == (try HostName(parsing: "api.example.com")))
    }

    @Test("knows what stands below what, at label boundaries only")
    func subdomains() throws {
        let wild = try HostName(parsing: "wild.test")
        #expect(try HostName(parsing: "a.b.wild.test").prefix(under: wild) == "a.b")
        for text in ["wild.test", "evilwild.test", "test", "wild.test.evil", "a.wild.tes", "xwild.test"] {
            #expect(try !HostName(parsing: text).isSubdomain(of: wild))
        }
    }

    @Test("walks up label by label")
    func parents() throws {
        let name = try HostName(parsing: "a.b.c")
        #expect(name.labels == ["a", "b", "c"] && name.labelCount == 3)
        #expect(name.parent?.parent?.description == "c")
        #expect(name.parent == (try HostName(parsing: "b.c")))
        #expect(name.parent?.parent?.parent == nil)
    }
}
