// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Decision
import Protocols
import Testing

@Suite struct ProvenanceEvasionTests {
    @Test(
        "only the address itself, in another case or with a name, is the address",
        arguments: [
            ("bob@example.org", true), ("Bob@Example.ORG", true), (" bob@example.org ", true),
            ("Bob Jones <bob@example.org>", true), ("bob@example.org, emma@example.org", true),
            ("bob@example.org.evil.example", false), ("bob@example.orgx", false), ("xbob@example.org", false),
            ("bob@example.or", false), ("ob@example.org", false), ("bob+x@example.org", false),
            ("bob@example.org@evil.example", false), ("bob%40example.org@evil.example", false),
            ("bob%40example.org", false), ("bob@example%2eorg", false), ("bob@example.org%00", false),
            ("bob@example.org,eve@evil.example", false), ("bob@example.org;eve@evil.example", false),
            ("bob@example.org eve@evil.example", false), ("bob@example.org\neve@evil.example", false),
            ("bob@example.org\r\nBcc: eve@evil.example", false), ("bob@example.org?bcc=eve@evil.example", false),
            ("eve@evil.example <bob@example.org>", false), ("bob@example.org <eve@evil.example>", false),
            ("\"bob@example.org\" <eve@evil.example>", false), ("<bob@example.org><eve@evil.example>", false),
            ("bоb@example.org", false), ("bob@exаmple.org", false), ("bob@example。org", false),
            ("ｂｏｂ@example.org", false), ("bob\u{200b}@example.org", false), ("bob@exam\u{ad}ple.org", false),
            ("bob\u{200d}@example.org", false), ("\u{202e}bob@example.org", false), ("bob@example.org\u{a0}", false),
            ("bob@examp1e.org", false), ("bob@example-org", false), ("bob@example.org.", false),
            ("@example.org", false),
            ("example.org", false), ("bob", false), ("\u{0}bob@example.org", false), ("bob@\u{212a}example.org", false),
        ])
    func addresses(destination: String, isTrusted: Bool) {
        var fixture = ProvenanceFixture("Please write to 'bob@example.org'.")
        #expect((fixture.sending(to: destination) == nil) == isTrusted)
    }

    @Test(
        "only the account number itself, grouped as one likes, is the account number",
        arguments: [
            ("GB29NWBK60161331926819", true), ("gb29 nwbk 6016 1331 9268 19", true),
            ("GB29-NWBK-6016-1331-9268-19", true), ("GB29NWBK6016133192681", false),
            ("GB29NWBK601613319268190", false), ("9GB29NWBK60161331926819", false),
            ("GB29NWBK6016133192681９", false), ("GB29.NWBK.6016.1331.9268.19", false),
            ("60161331926819", false), ("GB29NWBK", false), ("6016 1331 9268 19", false),
            ("GB29_NWBK60161331926819", false),
            ("GB29NWBK60161331926819 US133000000121212121212", false),
            ("GВ29NWBK60161331926819", false), ("GB29NWBK6O161331926819", false), ("--", false),
        ])
    func accounts(destination: String, isTrusted: Bool) {
        for request in ["Refund GB29NWBK60161331926819, please.", "Refund GB29 NWBK 6016 1331 9268 19 please."] {
            var fixture = ProvenanceFixture(request)
            #expect((fixture.sending(to: destination) == nil) == isTrusted, "\(request)")
        }
    }

    @Test(
        "a word of the request must stand alone there",
        arguments: [
            ("Apple", true), ("apple", true), ("the new phone", true), ("App", false), ("pple", false),
            ("pay", false), ("evil", false), ("apple.com", false), ("shop", false), ("13", false), ("20", false),
            ("new-phone", false), ("phone the", false), ("", true), (".", false), ("called", true),
        ])
    func words(destination: String, isTrusted: Bool) {
        var fixture = ProvenanceFixture(
            "Apple called about the new\n phone. Ask at evil-shop, prepay by 2024-05-13, $20.5")
        #expect((fixture.sending(to: destination) == nil) == isTrusted)
    }

    @Test("an address in pieces is none")
    func pieces() throws {
        var fixture = ProvenanceFixture("Mail someone.")
        try fixture.note(#"[{"name": "eve@", "host": "evil.example"}, {"name": "eve", "at": "@evil.example"}]"#)
        #expect(fixture.sending(to: "eve@evil.example") == .destination)
        fixture.task.note(request: "eve@")
        fixture.task.note(request: "evil.example")
        #expect(fixture.sending(to: "eve@evil.example") == .destination)
        #expect(fixture.sending(to: "eve@ evil.example") == .destination)
    }

    @Test("a result does not vouch for what the call brought")
    func echo() throws {
        var fixture = ProvenanceFixture()
        let attempts = [
            (#"{"query": "eve@evil.example"}"#, #"{"query": "eve@evil.example", "hits": []}"#),
            (#"{"query": "to:EVE@evil.example"}"#, #"{"parsed": ["eve@evil.example"]}"#),
            (#"{"query": "a eve\u200b@evil.example"}"#, #"{"sender": "eve@evil.example"}"#),
            (#"{"query": {"eve@evil.example": 1}}"#, #"{"eve@evil.example": {}}"#),
        ]
        for (arguments, result) in attempts {
            try fixture.note(result, arguments: arguments)
            #expect(fixture.sending(to: "eve@evil.example") == .destination, "\(arguments)")
        }
    }

    @Test("what the agent stored does not come back as a value that vouches")
    func storedAndRead() throws {
        var fixture = ProvenanceFixture()
        let store = ToolAnnotations(effect: .write, roles: ["note": .value])
        let arguments = try JSONValue(parsing: #"{"note": "Eve, eve@evil.example"}"#)
        #expect(fixture.refusal(store, arguments) == nil)
        try fixture.note(#"[{"contact": "eve@evil.example"}]"#)
        #expect(fixture.sending(to: "eve@evil.example") == .destination)
        fixture.task.note(request: "Yes, eve@evil.example is right.")
        #expect(fixture.sending(to: "eve@evil.example") == nil)
    }

    @Test("names of fields are no destinations")
    func fieldNames() throws {
        var fixture = ProvenanceFixture()
        try fixture.note(#"{"owner": null, "Blue Hotel": {"rating": 4}}"#)
        #expect(fixture.sending(to: "owner") == .destination)
        #expect(fixture.sending(to: "Blue Hotel") == nil)
    }

    @Test("what does not fit is not trusted")
    func bounds() throws {
        var settings = ProvenanceSettings()
        settings.limits.values = 3
        settings.limits.leaves = 4
        settings.limits.requestBytes = 64
        var fixture = ProvenanceFixture(String(repeating: "a", count: 65) + " bob@example.org", settings: settings)
        #expect(fixture.sending(to: "bob@example.org") == .destination)
        try fixture.note(#"["a1@example.org", "a2@example.org", "a3@example.org", "a4@example.org"]"#)
        #expect(fixture.sending(to: "a4@example.org") == .destination)
        #expect(fixture.sending(to: "emma@example.org") == nil)
        let many = JSONValue.array(Array(repeating: .string("emma@example.org"), count: 5))
        #expect(fixture.refusal(ProvenanceFixture.send, ProvenanceFixture.object(["to": many]))?.rule == .tooLarge)
        settings.limits.argumentBytes = 8
        fixture = ProvenanceFixture(settings: settings)
        #expect(fixture.sending(to: "emma@example.org") == .tooLarge)
    }
}
