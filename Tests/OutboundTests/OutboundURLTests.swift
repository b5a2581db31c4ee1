// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Outbound

@Suite struct OutboundURLTests {
    @Test(arguments: [
        ("https://idp.example.com", "https://idp.example.com/"),
        ("https://IDP.Example.com:443/a/b?c=d%20e&f", "https://idp.example.com/a/b?c=d%20e&f"),
        ("https://idp.example.com:8443?x", "https://idp.example.com:8443/?x"),
        ("https://192.0.2.1/", "https://192.0.2.1/"),
        ("https://[2001:db8::1]:9/k", "https://[2001:db8::1]:9/k"),
        ("https://a_b.example.com/-._~!$&'()*+,;=:@", "https://a_b.example.com/-._~!$&'()*+,;=:@"),
    ])
    func `reads URLs`(text: String, written: String) throws {
        #expect(try OutboundURL(parsing: text).description == written)
    }

    @Test(arguments: [
        "", "https", "https://", "http://a.example.com/", "HTTPS://a.example.com/", "ftp://a.example.com/",
        "https:/a.example.com", "https:a.example.com", "//a.example.com/", " https://a.example.com/",
        "https://a.example.com/ ", "https://user@a.example.com/", "https://u:p@a.example.com/",
        "https://a.example.com:0/", "https://a.example.com:/", "https://a.example.com:65536/",
        "https://a.example.com:443:1/", "https://a.example.com/#f", "https://a.example.com#f",
        "https://a.example.com\\@b.example.com/", "https://a.example.com/\r\nhost: b", "https://a.example.com/%",
        "https://a.example.com/%0", "https://a.example.com/%zz", "https://a.example.com/\u{e9}",
        "https://b\u{fc}cher.example/", "https://0x7f.1/", "https://127.1/", "https://2130706433/",
        "https://0177.0.0.1/", "https://127.0.0.01/", "https://[::1", "https://::1/", "https://[fe80::1%25eth0]/",
        "https://a..b/", "https://-a.example.com/", "https://a.example.com/<x>", "https://a.example.com/a|b",
        "https://a.example.com/\u{0}", "https://a.example.com/\"",
    ])
    func `refuses what is no plain https URL`(text: String) {
        #expect(throws: OutboundError.self) { try OutboundURL(parsing: text) }
    }

    @Test func `a URL has at most 2048 bytes`() {
        let start = "https://a.example.com/"
        let fits = start + String(repeating: "x", count: 2048 - start.utf8.count)
        #expect(throws: Never.self) { try OutboundURL(parsing: fits) }
        #expect(throws: OutboundError.self) { try OutboundURL(parsing: fits + "x") }
    }

    @Test(arguments: [
        ("/c?d", "https://a.example.com:8443/c?d"), ("https://b.example.com/", "https://b.example.com/"),
    ])
    func `follows whole URLs and paths`(location: String, written: String) throws {
        let url = try OutboundURL(parsing: "https://a.example.com:8443/x")
        #expect(try url.following(location).description == written)
    }

    @Test(arguments: ["//b.example.com/", "b", "../b", "?c", "", "http://a.example.com/", "/a\r\nb: c", "/#f"])
    func `follows nothing else`(location: String) throws {
        let url = try OutboundURL(parsing: "https://a.example.com:8443/x")
        #expect(throws: OutboundError.self) { try url.following(location) }
    }
}
