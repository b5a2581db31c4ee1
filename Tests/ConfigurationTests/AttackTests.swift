// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing
import YettConfiguration

/// Files that try to say something else than they seem to.
@Suite struct AttackTests {
    static func read(_ text: String) -> ReadResult { GateConfiguration.read(text, file: "f") }

    @Test("a key in another Unicode form is an unknown key, not the known one")
    func unicodeKeys() {
        #expect(!Self.read("trust_domain: t\nlimits\u{200B}: {}\n").errors.isEmpty)
        #expect(!Self.read("trust_domain: t\n\u{FB01}le: {}\n").errors.isEmpty)
    }

    @Test("keys that differ in their quotes only are the same key")
    func quotedKeys() {
        for second in ["\"limits\"", "'limits'", "\"\\x6cimits\"", "!!str limits", "&x limits"] {
            let result = Self.read("trust_domain: t\nlimits: {workers: 1}\n\(second): {workers: 2}\n")
            #expect(!result.errors.isEmpty, "\(second)")
        }
    }

    @Test("a private character in the file does not pass for a mark of a duplicate")
    func markers() {
        for text in [
            "trust_domain: t\n\u{E000}limits: {workers: 1}\nlimits: {workers: 2}\n",
            "trust_domain: t\nlimits: {workers: 1}\nlimits: {workers: 2}\n\u{E000}imits: {}\n",
            "trust_domain: t\n\u{E000}a: 1\n\u{E000}a: 2\n", "trust_domain: t\na: &a 1\nb: [\u{E0FE}a, *a]\n",
        ] {
            #expect(Self.read(text).configuration == nil)
        }
    }

    @Test("tags do not change what a value is")
    func tags() {
        #expect(!Self.read("trust_domain: t\nlimits: {workers: !!str many}\n").errors.isEmpty)
        #expect(!Self.read("trust_domain: t\nlimits: !!str {workers: 1}\nx: !!binary AA==\n").errors.isEmpty)
        #expect(!Self.read("trust_domain: t\nagents: !!set {bot}\n").errors.isEmpty)
    }

    @Test(
        "numbers in the forms of other notations are not numbers",
        arguments: ["0x10", "0o17", "1_000", "1e3", "+5", "05", "1.0", "٣"])
    func numbers(text: String) {
        #expect(!Self.read("trust_domain: t\nlimits: {workers: \(text)}\n").errors.isEmpty)
    }

    @Test("line breaks of every kind keep the places right")
    func lineBreaks() {
        for newline in ["\n", "\r\n", "\r"] {
            let text = ["trust_domain: t", "limits: {workers: 1}", "limits: {workers: 2}", "oops: 1"].joined(
                separator: newline)
            let places = Self.read(text).errors.map(\.place)
            #expect(places == [Place(line: 3, column: 1), Place(line: 4, column: 1)], "\(newline.utf8.map { $0 })")
        }
    }

    @Test("a duplicate in a list of agents is found in a large file as well")
    func largeFile() {
        let agents = (0..<20_000).map { "  a\($0): {attest: [launch: true], grants: []}\n" }.joined()
        let result = Self.read("trust_domain: t\nagents:\n\(agents)  a7: {attest: [x509: true]}\n")
        #expect(result.errors.contains { $0.message.contains("'a7' occurs twice") })
    }
}
