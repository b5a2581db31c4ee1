// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Decision
import Identity
import Protocols
import Testing

@testable import Cluster

@Suite("What gates sign")
struct StatementTests {
    private static let entry = ClusterKey(.keys, "a")

    @Test("a statement counts for its entry, of its gate, in its trust domain, and nowhere else")
    func binding() throws {
        let (a, b) = (
            try SignedGates.members(try SignedGates.key("a", 1)), try SignedGates.members(try SignedGates.key("b", 2))
        )
        let value = try a.value(Array(#"{"version":1}"#.utf8), at: Self.entry)
        let read = try b.read(value, at: Self.entry)
        #expect(read.gate == "a")
        #expect(read.payload == Array(#"{"version":1}"#.utf8))
        for other in [ClusterKey(.keys, "b"), ClusterKey(.pin, "a"), ClusterKey(.keys, "a", "")] {
            #expect(throws: EntryFault.self) { try b.read(value, at: other) }
        }
        let elsewhere = try SignedGates.members(try SignedGates.key("b", 2), domain: "other.test")
        #expect(throws: EntryFault.self) { try elsewhere.read(value, at: Self.entry) }
    }

    @Test("nobody who is not named, and nobody in another's name, is believed")
    func forgery() throws {
        let a = try SignedGates.members(try SignedGates.key("a", 1))
        // A key of the right name that nobody named.
        let stranger = try ClusterMembers(
            own: try SignedGates.key("a", 9), named: [try SignedGates.key("a", 9).verifier.text],
            trustDomain: try TrustDomain(parsing: "gate.test"))
        #expect(throws: EntryFault.self) {
            try a.read(try stranger.value([UInt8(ascii: "1")], at: Self.entry), at: Self.entry)
        }
        let b = try SignedGates.members(try SignedGates.key("b", 2))
        let value = String(decoding: try b.value(Array("{}".utf8), at: Self.entry), as: UTF8.self)
        #expect(try a.read(Array(value.utf8), at: Self.entry).gate == "b")
        let changes = [
            (#""gate":"b""#, #""gate":"a""#), (#""gate":"b""#, #""gate":"c""#),
            (#""payload":"{}""#, #""payload":"{ }""#),
            (#""payload":"{}""#, #""payload":"{}\n""#), (#""signature":""#, #""signature":"AAAA"#),
            (#""signature""#, #""signed""#), (#""version":1"#, #""version":2"#),
        ]
        for (old, new) in changes {
            let forged = value.replacing(old, with: new)
            #expect(forged != value)
            #expect(throws: EntryFault.self, "\(new)") { try a.read(Array(forged.utf8), at: Self.entry) }
        }
        // A head of an audit log that the same key would sign is no statement.
        let head = try SignedNote(signing: "a\n0\n\(MerkleHash.emptyRoot.base64)\n", with: try SignedGates.key("a", 1))
        let text = #"{"version":1,"gate":"a","payload":"","signature":"\#(Base64.encode(head.signatures[0].bytes))"}"#
        #expect(throws: EntryFault.self) { try a.read(Array(text.utf8), at: Self.entry) }
    }

    @Test("keys of gates that cannot be right are refused before anything is believed")
    func namedKeys() throws {
        let own = try SignedGates.key("a", 1)
        let domain = try TrustDomain(parsing: "gate.test")
        let name = try #require(NoteName("b"))
        let cosigner = try #require(
            NoteSigningKey(name: name, algorithm: .cosignature, seed: Array(repeating: 2, count: 32)))
        for texts in [
            [], ["nonsense"], [own.verifier.text, own.verifier.text], [try SignedGates.key("b", 2).verifier.text],
            [own.verifier.text, cosigner.verifier.text], [try SignedGates.key("a", 2).verifier.text],
        ] {
            #expect(throws: ClusterMembersFault.self, "\(texts)") {
                try ClusterMembers(own: own, named: texts, trustDomain: domain)
            }
        }
    }

    @Test("questions, answers and sightings come back as they were said, and nothing else does")
    func others() throws {
        let id = try #require(ApprovalID("a-00000000000000000000000000000007"))
        var question = SharedQuestion(gate: "a", id: id, askedAt: 5, expires: 9)
        for name in SharedQuestion.Text.allCases { question.texts[name] = "\(name) “\u{202E}\n" }
        question.user = 7
        #expect(try SharedQuestion(question.key, question.payload) == question)
        #expect(question.answerKey.description == "answer/a/\(id)")
        let text = String(decoding: question.payload, as: UTF8.self)
        for (old, new) in [
            (#""digest":"#, #""other":"#), (#""user":7"#, #""user":-1"#), (#""user":7"#, #""user":4294967296"#),
            (#""expires":9"#, #""expires":"9""#), (#""version":1"#, #""version":1,"more":1"#),
        ] {
            let changed = text.replacing(old, with: new)
            #expect(changed != text)
            #expect(throws: EntryFault.self, "\(new)") { try SharedQuestion(question.key, Array(changed.utf8)) }
        }
        for key in [
            ClusterKey(.question, "a"), ClusterKey(.question, "a", "a-1"), ClusterKey(.question, "a", "\(id)", ""),
        ] {
            #expect(throws: EntryFault.self) { try SharedQuestion(key, question.payload) }
        }
        let answer = SharedAnswer(
            agrees: true, person: "uid 0", why: nil, signedIn: SharedAnswer.SignedIn(name: "https://idp#x", since: 3))
        #expect(try SharedAnswer(answer.payload) == answer)
        for text in [
            #"{"version":1,"person":"x"}"#, #"{"version":1,"agrees":1,"person":"x"}"#,
            #"{"version":1,"agrees":true,"person":"x","since":1}"#,
            #"{"version":1,"agrees":true,"person":"x","signed_in":"y"}"#, #"{"version":2,"agrees":true,"person":"x"}"#,
        ] {
            #expect(throws: EntryFault.self, "\(text)") { try SharedAnswer(Array(text.utf8)) }
        }
        let line = SignedNote.Signature(name: try #require(NoteName("b")), identifier: 5, bytes: [1, 2, 3])
        let seen = SharedSightings(
            time: 4, sightings: ["a": .init(size: 3, signature: line), "c": .init(size: 0, signature: nil)])
        #expect(try SharedSightings(seen.payload) == seen)
        for text in [
            #"{"version":1,"time":1,"gates":[{"gate":"a"}]}"#,
            #"{"version":1,"time":1,"gates":[{"gate":"a","size":-1}]}"#,
            #"{"version":1,"time":1,"gates":[{"gate":"a","size":1,"signature":"x"}]}"#, #"{"version":1,"gates":[]}"#,
        ] {
            #expect(throws: EntryFault.self, "\(text)") { try SharedSightings(Array(text.utf8)) }
        }
    }

    @Test("what an authority signs with comes back, for the own trust domain and no longer than it may count")
    func authorities() throws {
        let domain = try TrustDomain(parsing: "gate.test")
        let key = try KeySigner(.generate()).verificationKey
        let bundle = try #require(
            TrustBundle(
                x509: X509Bundle(trustDomain: domain, authorities: []),
                jwt: JWTBundle(trustDomain: domain, authorities: [key]), sequence: 4))
        let said = SharedAuthority(time: 5_000_000, bundle: bundle)
        let read = try SharedAuthority(said.payload, trustDomain: domain)
        #expect(read.bundle.jwt.authorities.map(\.jsonWebKey.keyID) == [key.jsonWebKey.keyID])
        #expect(read.until == 5 + SharedAuthority.life)
        let text = String(decoding: said.payload, as: UTF8.self)
        for (old, new) in [
            (#""until":\#(said.until)"#, #""until":\#(said.until + 1)"#), (#""until":\#(said.until)"#, #""until":-1"#),
            (#""time":5000000"#, #""time":-5"#), (#""bundle":{"#, #""bundle":[{"#),
            (#""spiffe_sequence":4"#, #""spiffe_sequence":-4"#),
        ] {
            let changed = text.replacing(old, with: new)
            #expect(changed != text, "\(old)")
            #expect(throws: EntryFault.self, "\(new)") {
                try SharedAuthority(Array(changed.utf8), trustDomain: domain)
            }
        }
    }

    @Test("public keys come back as they were announced, and wrong ones are refused")
    func keys() throws {
        let signer = try KeySigner(.generate())
        let jwk = signer.verificationKey.jsonWebKey
        let keys = SharedKeys(
            time: 5_000_000, keys: [TimedKey(key: signer.verificationKey, from: 3, until: 9)])
        #expect(try SharedKeys(keys.payload) == keys)
        let text = String(decoding: keys.payload, as: UTF8.self)
        let name = try #require(jwk.keyID)
        let stranger = try KeySigner(.generate())
        let element = try #require(text.firstRange(of: #"[{"#)).lowerBound
        let end = try #require(text.lastIndex(of: "]"))
        let list = text[text.index(after: element)..<end]
        for forged in [
            // Another gate's name for the key, none, and one key twice.
            text.replacing(name, with: stranger.keyID), text.replacing(#""kid":"\#(name)","#, with: ""),
            text.replacing(list, with: "\(list),\(list)"),
            text.replacing(#""not_after":9"#, with: #""not_after":2"#),
            text.replacing(#""not_after":9"#, with: #""not_after":\#(SharedKeys.longest + 6)"#),
            text.replacing(#""not_after":9"#, with: #""not_after":\#(Int64.max)"#),
            text.replacing(#","not_before":3"#, with: ""), text.replacing(#""crv":"P-256""#, with: #""crv":"P-384""#),
            text.replacing(#""kty":"EC""#, with: #""kty":"EC","d":"AAAA""#),
        ] {
            #expect(forged != text)
            #expect(throws: EntryFault.self, "\(forged)") { try SharedKeys(Array(forged.utf8)) }
        }
    }
}
