// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Addresses

@Suite struct PunycodeTests {
    @Test(
        "decodes and encodes the samples of RFC 3492 section 7.1",
        arguments: [
            ("egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"), ("ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"),
            ("4dbcagdahymbxekheh6e0a7fei0b", "למההםפשוטלאמדבריםעברית"), ("bcher-kva", "bücher"),
            ("mnchen-3ya", "münchen"),
            ("d9juau41awczczp", "そのスピードで"), ("2-u9tlzr9756bt3uc0v", "ひとつ屋根の下2"),
        ])
    func samples(encoded: String, decoded: String) {
        #expect(Punycode.decode(Array(encoded.utf8)) == Array(decoded.unicodeScalars))
        #expect(Punycode.encode(Array(decoded.unicodeScalars)) == Array(encoded.utf8))
    }

    @Test(
        "refuses labels that no registry issues",
        arguments: [
            "xn--", "xn--a", "xn--allowed-", "xn--a-", "xn---", "xn--99999999", "xn--9999999999999999999999999999",
            "xn--allowed-5yb0", "xn--a_b-zz",
        ])
    func malformed(label: String) {
        #expect(throws: HostError.self) { try HostName(parsing: label + ".test") }
    }

    @Test(
        "refuses encodings of what mapping would change or hide",
        arguments: [
            "allowed\u{3002}test", "allow\u{ad}ed", "a\u{200b}b", "a\u{200d}b", "\u{fec}A\u{ff21}", "\u{c4}b",
            "\u{301}a", "a\u{2024}b",
            "\u{212a}x", "a\u{e000}", "a\u{2028}b", "\u{1f4a9}", "a\u{ff0e}b",
        ])
    func mapped(decoded: String) {
        let encoded = String(decoding: Punycode.encode(Array(decoded.unicodeScalars)), as: UTF8.self)
        #expect(throws: HostError.badPunycode) { try HostName(parsing: "xn--\(encoded).test") }
    }

    @Test(
        "accepts labels of living registries",
        arguments: ["xn--fiqs8s", "xn--p1ai", "xn--strae-oqa", "xn--h2brj9c", "xn--e1afmkfd"])
    func living(label: String) throws {
        #expect(try HostName(parsing: "www.\(label)").labelCount == 2)
    }

    @Test("survives every three-byte label")
    func exhaustive() {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyz0123456789-".utf8)
        for first in alphabet {
            for second in alphabet {
                for third in alphabet {
                    let label = [first, second, third]
                    if let scalars = Punycode.decode(label), Punycode.isEncodedLabel(label) {
                        #expect(Punycode.encode(scalars) == label)
                    }
                }
            }
        }
    }
}
