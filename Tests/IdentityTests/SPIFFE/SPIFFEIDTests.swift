// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Identity
import Testing

@Suite struct SPIFFEIDTests {
    @Test("accepts up to 2048 bytes, and a trust domain of 255")
    func limits() throws {
        let domain = String(repeating: "d", count: 255)
        let start = "spiffe://\(domain)/"
        let longest = start + String(repeating: "p", count: 2048 - start.utf8.count)
        #expect(try SPIFFEID(parsing: longest).description == longest)
        #expect(throws: SPIFFEIDError.tooLong) { try SPIFFEID(parsing: longest + "p") }
        #expect(throws: SPIFFEIDError.trustDomainTooLong) { try SPIFFEID(parsing: "spiffe://\(domain)d/p") }
    }

    @Test(
        "F-3: values of templates never become more than one segment",
        arguments: [
            "..", ".", "", "a/b", "%2e%2e", "%2f", "a%00", "ä", "a\u{301}", "a b", "a\n", "a?b", "a#b", "a:b", "a@b",
            "a\\b",
            "\u{FF0F}", "\u{2024}\u{2024}", "a;b", "*",
        ])
    func templateValues(_ value: String) throws {
        let domain = try TrustDomain(parsing: "example.org")
        #expect(throws: SPIFFEIDError.self) { try SPIFFEID(trustDomain: domain, segments: ["agent", value]) }
        #expect(throws: SPIFFEIDError.self) { try SPIFFEID(agent: value, in: domain) }
        #expect(throws: SPIFFEIDError.self) { try SPIFFEID(trustDomain: domain, segments: [value, "x"]) }
    }

    @Test("does not build an ID that is too long")
    func longSegments() throws {
        let domain = try TrustDomain(parsing: "example.org")
        let segment = String(repeating: "a", count: 2048)
        #expect(throws: SPIFFEIDError.tooLong) { try SPIFFEID(trustDomain: domain, segments: [segment]) }
    }

    @Test("a prefix covers whole segments only")
    func prefixes() throws {
        let prefix = try SPIFFEID(parsing: "spiffe://example.org/agent")
        #expect(try SPIFFEID(parsing: "spiffe://example.org/agent/a").isBelow(prefix))
        #expect(try !SPIFFEID(parsing: "spiffe://example.org/agents/a").isBelow(prefix))
        #expect(try !SPIFFEID(parsing: "spiffe://example.org/agent").isBelow(prefix))
        #expect(try !SPIFFEID(parsing: "spiffe://example.com/agent/a").isBelow(prefix))
        #expect(try SPIFFEID(parsing: "spiffe://example.org/a").isBelow(SPIFFEID(of: prefix.trustDomain)))
    }

    @Test("folds case in an operator's configuration and nowhere else")
    func folding() throws {
        #expect(try TrustDomain(configured: "SPIFFE://Example.ORG").name == "example.org")
        #expect(throws: SPIFFEIDError.self) { try TrustDomain(parsing: "Example.org") }
        #expect(throws: SPIFFEIDError.self) { try TrustDomain(mapKey: "spiffe://Example.org") }
        #expect(throws: SPIFFEIDError.self) { try TrustDomain(mapKey: "spiffe://example.org/path") }
        #expect(try TrustDomain(mapKey: "spiffe://example.org") == TrustDomain(mapKey: "example.org"))
    }

    @Test("names legal trust domains that are no host names", arguments: ["example..org", ".a", "-a", "1.2.3.4", "_"])
    func domains(_ name: String) throws {
        #expect(try TrustDomain(parsing: name).description == name)
    }
}
