// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Testing

@Suite struct SignedNoteTests {
    // The example of C2SP signed-note and a key pair that Go's sumdb/note documents.
    static let peter = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
    static let peterPublic = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    static let enigma =
        "If you think cryptography is the answer to your problem,\nthen you don't know what your "
        + "problem is.\n"
    static let signedEnigma =
        enigma + "\n\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngo"
        + "tpRZb6KE6RyyBwJnAM=\n"

    @Test func `keys and signatures are those of other implementations`() throws {
        let key = try #require(NoteSigningKey(text: Self.peter))
        #expect(key.verifier.text == Self.peterPublic)
        #expect(NoteVerifierKey(Self.peterPublic) == key.verifier)
        #expect(key.secretText() == Self.peter)
        let note = try SignedNote(Array(Self.signedEnigma.utf8))
        #expect(try note.verify(with: [key.verifier]) == [key.verifier])
        #expect(try SignedNote(signing: Self.enigma, with: key).bytes == Array(Self.signedEnigma.utf8))
    }

    @Test(arguments: [
        "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10T",
        "PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "", "a+b", "a++",
    ])
    func `a verifier key that contradicts itself is refused`(text: String) {
        #expect(NoteVerifierKey(text) == nil)
    }

    @Test(arguments: [
        "", "\n", "a\n", "a\n\n", "a\n\nb\n", "a\n\n- x AAAA\n", "a\n\n\u{2014} x AAAAAA\n",
        "a\n\n\u{2014}x AAAAAAAA\n",
        "a\n\n\u{2014} x AAAAAAAA", "a\r\n\n\u{2014} x AAAAAAAA\n", "a\n\n\u{2014} x  AAAAAAAA\n",
        "a\n\n\u{2014} x AAAAAAAA\n\n", "a\n\n\u{2014} x+y AAAAAAAA\n", "a\n\n\u{2014} x AAAAAAA=\n\u{2014} y AAAA\n",
        "a\u{0}\n\n\u{2014} x AAAAAAAA\n",
    ])
    func `a malformed note is refused`(text: String) {
        #expect(throws: SignedNote.Fault.self) { try SignedNote(Array(text.utf8)) }
    }

    @Test func `a note that is not UTF-8 or has too many signatures is refused`() {
        let line = "\u{2014} x AAAAAAAA\n"
        #expect(throws: SignedNote.Fault.self) { try SignedNote([0xff] + Array("\n\n\(line)".utf8)) }
        let many = "a\n\n" + String(repeating: line, count: 65)
        #expect(throws: SignedNote.Fault.self) { try SignedNote(Array(many.utf8)) }
        let enough = "a\n\n" + String(repeating: line, count: 64)
        #expect(throws: Never.self) { try SignedNote(Array(enough.utf8)) }
    }

    @Test func `unknown signatures are ignored and a known one that fails refuses the note`() throws {
        let key = try #require(NoteVerifierKey(Self.peterPublic))
        var note = try SignedNote(Array(Self.signedEnigma.utf8))
        let name = try #require(NoteName("other"))
        note.signatures.append(SignedNote.Signature(name: name, identifier: key.identifier, bytes: [1, 2]))
        #expect(try note.verify(with: [key]) == [key])
        note.signatures.append(SignedNote.Signature(name: key.name, identifier: key.identifier, bytes: [1, 2]))
        #expect(throws: SignedNote.Fault.badSignature(name: "PeterNeumann")) { try note.verify(with: [key]) }
        let changed = SignedNote(text: "x\n", signatures: Array(note.signatures.prefix(1)))
        #expect(throws: SignedNote.Fault.badSignature(name: "PeterNeumann")) { try changed.verify(with: [key]) }
        #expect(throws: SignedNote.Fault.noKnownSignature) { try note.verify(with: []) }
    }

    @Test func `the published checkpoint and cosignature of the specification's example parse`() throws {
        let text = """
            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            \u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==

            """
        let note = try SignedNote(Array(text.utf8))
        let checkpoint = try Checkpoint(text: note.text)
        #expect(checkpoint.size == 20_852_163)
        #expect(checkpoint.text == note.text)
        #expect(Cosignature(note.signatures[1].bytes)?.time == 1_679_315_147)
        #expect(note.bytes == Array(text.utf8))
    }

    @Test(arguments: [
        "a\n1\n", "a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3\n",
        "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n", "a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n",
        "a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        "a\n18446744073709551616\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
    ])
    func `a malformed checkpoint is refused`(text: String) {
        #expect(throws: SignedNote.Fault.self) { try Checkpoint(text: text) }
    }
}
