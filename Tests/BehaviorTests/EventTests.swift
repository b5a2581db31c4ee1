// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Testing

@testable import Behavior

@Suite("Events") struct EventTests {
    static let full: BehaviorEvent = {
        var event = BehaviorEvent(
            id: 0xab, time: 1_790_000_100_000_001, agent: "spiffe://example.test/agent/support", role: "support")
        event.task = "t-1"
        event.session = "s\n1"
        event.plane = "service"
        event.service = "tickets"
        event.tool = "send"
        event.isContinuation = true
        event.effect = .write
        event.destination = .init(host: "www.example.co.uk", isNamed: true)
        event.arguments = 0xfeed
        event.outcome = .denied(.sensitiveRead)
        (event.bytesUp, event.bytesDown, event.outboundBits) = (1, 2, 3)
        event.labels = .all
        event.touchesCanary = true
        return event
    }()

    static let fullText =
        #"{"agent":"spiffe://example.test/agent/support","arguments":"000000000000feed","bits":3,"bytes_down":2,"#
        + #""bytes_up":1,"canary":true,"continuation":true,"domain":"example.co.uk","effect":"write","#
        + #""host":"www.example.co.uk","id":"00000000000000ab","labels":["external_write","private_read","#
        + #""untrusted_read"],"named":true,"outcome":"denied:sensitive_read","plane":"service","role":"support","#
        + #""service":"tickets","session":"s\n1","task":"t-1","time":1790000100000001,"tool":"send"}"#

    static let least =
        #"{"agent":"a","id":"0000000000000001","outcome":"allowed","role":"r","time":0}"#

    @Test("an event is written in one way and read again the same")
    func roundTrip() throws {
        #expect(String(decoding: Self.full.encoded, as: UTF8.self) == Self.fullText)
        let again = try BehaviorEvent(decoding: Self.full.encoded)
        #expect(again == Self.full && again.destination == Self.full.destination && again.labels == .all)
        #expect(again.outcome == .denied(.sensitiveRead) && again.arguments == 0xfeed && again.isContinuation)
        #expect(try BehaviorEvent(decoding: Array(Self.least.utf8)).encoded == Array(Self.least.utf8))
    }

    @Test("every outcome, effect and label survives")
    func everything() throws {
        let outcomes: [BehaviorEvent.Outcome] =
            [.allowed, .held] + BehaviorEvent.DenialClass.allCases.map { .denied($0) }
        for outcome in outcomes {
            for effect in BehaviorEvent.Effect.allCases {
                for bits in UInt8(0)...7 {
                    var event = BehaviorEvent(id: 1, time: 1, agent: "a", role: "")
                    event.outcome = outcome
                    event.effect = effect
                    event.labels = .init(rawValue: bits)
                    let again = try BehaviorEvent(decoding: event.encoded)
                    #expect(again.outcome == outcome && again.effect == effect && again.labels.rawValue == bits)
                }
            }
        }
    }

    @Test(
        "any other spelling is refused",
        arguments: [
            ("", "no JSON"), ("[]", "not an object"), ("{}", "'id' is missing"),
            (least + " ", "the event is not in canonical form"),
            (least.replacing("{\"a", with: "{ \"a"), "the event is not in canonical form"),
            (
                least.replacing("\"role\":\"r\",\"time\":0", with: "\"time\":0,\"role\":\"r\""),
                "the event is not in canonical form"
            ),
            (least.replacing("\"agent\":\"a\"", with: #""agent":"\u0061""#), "the event is not in canonical form"),
            (least.replacing("0000000000000001", with: "1"), "'id' is not 16 hexadecimal digits"),
            (least.replacing("0000000000000001", with: "000000000000000A"), "'id' is not 16 hexadecimal digits"),
            (least.replacing("\"time\":0", with: "\"time\":-1"), "'time' is not a whole number from 0 to 2^53 - 1"),
            (least.replacing("\"time\":0", with: "\"time\":1.0"), "'time' is not a whole number from 0 to 2^53 - 1"),
            (
                least.replacing("\"time\":0", with: "\"time\":9007199254740992"),
                "'time' is not a whole number from 0 to 2^53 - 1"
            ),
            (least.replacing("allowed", with: "denied:nothing"), "'outcome' is unknown"),
            (least.replacing("allowed", with: "denied"), "'outcome' is unknown"),
            (least.replacing("\"time\":0", with: "\"time\":0,\"zz\":1"), "unknown member \"zz\""),
            (least.replacing("\"role\":\"r\"", with: "\"role\":\"r\",\"role\":\"r\""), "no JSON"),
            (least.replacing("{", with: "{\"bits\":0,"), "the event is not in canonical form"),
            (least.replacing("{", with: "{\"canary\":false,"), "the event is not in canonical form"),
            (least.replacing("{", with: "{\"canary\":1,"), "'canary' is neither true nor false"),
            (least.replacing("{", with: "{\"labels\":[\"secret\"],"), "'labels' has an unknown label"),
            (least.replacing("{", with: "{\"labels\":[1],"), "'labels' has more than strings"),
            (least.replacing("{", with: "{\"labels\":[[\"private_read\"]],"), "no JSON"),
            (least.replacing("{", with: "{\"effect\":\"unknown\","), "the event is not in canonical form"),
            (least.replacing("{", with: "{\"host\":\"h\","), "the event is not in canonical form"),
            (least.replacing("{", with: "{\"arguments\":\"x\","), "'arguments' is not 16 hexadecimal digits"),
        ])
    func refused(_ text: String, _ why: String) {
        let error = #expect(throws: BehaviorDecodingError.self) { try BehaviorEvent(decoding: Array(text.utf8)) }
        #expect(error?.description.hasPrefix(why) == true, "\(text): \(error?.description ?? "")")
    }

    @Test("limits hold before anything is made of the text")
    func limits() {
        let large = Array(("{\"agent\":\"" + String(repeating: "x", count: 70_000) + "\"}").utf8)
        #expect(throws: BehaviorDecodingError.self) { try BehaviorEvent(decoding: large) }
        let deep = Array(String(repeating: "[", count: 60_000).utf8)
        #expect(throws: BehaviorDecodingError.self) { try BehaviorEvent(decoding: deep) }
        let long = String(repeating: "x", count: BehaviorLimits.agentBytes + 1)
        let text = Self.least.replacing("\"agent\":\"a\"", with: "\"agent\":\"\(long)\"")
        #expect(throws: BehaviorDecodingError.self) { try BehaviorEvent(decoding: Array(text.utf8)) }
    }

    @Test("names that are too long are cut and stay different")
    func shortened() throws {
        let long = String(repeating: "é", count: 5000)
        var event = BehaviorEvent(id: 1, time: -5, agent: long, role: "r")
        event.tool = long + "a"
        event.session = String(repeating: "\u{1f600}", count: 2000)
        event.bytesUp = -1
        event.outboundBits = .max
        #expect(event.agent.utf8.count <= BehaviorLimits.agentBytes && event.agent.hasPrefix("éé"))
        #expect(event.tool.map { $0.utf8.count <= BehaviorLimits.nameBytes } == true)
        #expect(event.session.map { $0.utf8.count <= BehaviorLimits.nameBytes } == true)
        #expect(event.tool != event.agent && event.time == 0 && event.bytesUp == 0)
        #expect(event.outboundBits == BehaviorLimits.largestNumber)
        #expect(try BehaviorEvent(decoding: event.encoded) == event)
    }

    @Test("names with other bytes are other names although they look the same")
    func unicode() throws {
        let (one, two) = ("e\u{301}", "\u{e9}")
        var event = BehaviorEvent(id: 1, time: 0, agent: one, role: "r")
        #expect(try Array(BehaviorEvent(decoding: event.encoded).agent.utf8) == Array(one.utf8))
        #expect(event != BehaviorEvent(id: 1, time: 0, agent: two, role: "r"))
        event.tool = one
        var other = event
        other.tool = two
        #expect(ToolName(event) != ToolName(other))
    }

    @Test("inputs of people are written and read again")
    func inputs() throws {
        for input in [
            BehaviorInput.event(Self.full), .release(agent: "a", by: "anna", time: 5),
            .quarantine(agent: "a", by: "anna", time: 0),
        ] {
            #expect(try BehaviorInput(decoding: input.encoded) == input)
        }
        let text = #"{"agent":"a","kind":"release","person":"anna","time":5}"#
        #expect(BehaviorInput.release(agent: "a", by: "anna", time: 5).encoded == Array(text.utf8))
        for wrong in [text.replacing("release", with: "forget"), text.replacing(",\"time\":5", with: ""), text + "\n"] {
            #expect(throws: BehaviorDecodingError.self) { try BehaviorInput(decoding: Array(wrong.utf8)) }
        }
    }

    @Test(
        "a registrable domain is what somebody registered",
        arguments: [
            ("example.com", "example.com"), ("a.b.example.com", "example.com"), ("www.example.co.uk", "example.co.uk"),
            ("evil.github.io", "evil.github.io"), ("x.evil.github.io", "evil.github.io"), ("localhost", "localhost"),
            ("192.0.2.7", "192.0.2.7"), ("2001:db8::1", "2001:db8::1"), ("a.io.de", "io.de"),
            ("bucket.s3.amazonaws.com", "bucket.s3.amazonaws.com"), ("a.com.br", "a.com.br"), ("", ""),
            ("..", ""), ("b.a.com.br", "a.com.br"),
        ])
    func domains(_ host: String, _ domain: String) {
        if host == ".." { return #expect(RegistrableDomain.of(host).utf8.count <= 2) }
        #expect(RegistrableDomain.of(host) == domain)
    }
}
