// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Identity
import Testing
import X509

@Suite("A certificate that somebody else verified") struct ForwardedCertificateTests {
    private static let id = "spiffe://example.org/agent/a"

    private static func text(_ certificate: EncodedCertificate) -> String {
        let lines = Data(certificate.der).base64EncodedString(options: [.lineLength64Characters, .endLineWithLineFeed])
        return "-----BEGIN CERTIFICATE-----\n\(lines)\n-----END CERTIFICATE-----\n"
    }

    private static func escaped(_ text: String) -> String {
        text.utf8.map { byte in
            let isPlain = Character(UnicodeScalar(byte)).isLetter || Character(UnicodeScalar(byte)).isNumber
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    @Test("tells from when it holds and who issued it")
    func basis() throws {
        let authority = try TestAuthority()
        let leaf = try authority.issue(.leaf(Self.id))
        let id = try SPIFFEID(parsing: Self.id)
        for text in [Self.text(leaf), Self.escaped(Self.text(leaf))] {
            let basis = try #require(ForwardedCertificate.basis(of: text, naming: id))
            #expect(basis.certificateStart == CertificateTemplate.now - 10)
            #expect(basis.keys.count == 1 && basis.since == nil)
        }
    }

    @Test("is none of another's, and nothing else")
    func refused() throws {
        let leaf = try TestAuthority().issue(.leaf(Self.id))
        let id = try SPIFFEID(parsing: Self.id)
        let other = try SPIFFEID(parsing: "spiffe://example.org/agent/b")
        #expect(ForwardedCertificate.basis(of: Self.text(leaf), naming: other) == nil)
        let text = Self.text(leaf)
        let wrong = [
            "", "-----BEGIN CERTIFICATE-----", text + text, text.replacing("BEGIN", with: "BEGUN"), "x" + text,
            text.replacing("\n", with: "%0"), text.replacing("\n", with: "%zz"), String(text.dropLast(40)),
            text.replacing("MI", with: "M!"), String(repeating: "a", count: 60_000),
            Self.text(try TestAuthority().certificate),
        ]
        for text in wrong { #expect(ForwardedCertificate.basis(of: text, naming: id) == nil, "\(text.prefix(40))") }
    }
}
