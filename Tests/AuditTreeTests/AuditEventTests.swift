// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import AuditTree
import Testing

@Suite struct AuditEventTests {
    static func full() -> AuditEvent {
        var event = AuditEvent(kind: .decision, time: 1_790_000_000_123_456)
        event.decision = "d-1"
        event.connection = "c-1"
        event.agent = "spiffe://techresolve.local/agent/support-bot"
        event.actors = ["spiffe://techresolve.local/agent/planner"]
        event.proof = "launched"
        event.strength = 3
        event.person = "https://id.techresolve.local#8812"
        event.task = "t-1"
        event.source = "10.0.4.7"
        event.plane = "egress"
        event.service = "tickets"
        event.operation = "CONNECT"
        event.method = "CONNECT"
        event.host = "api.openai.com"
        event.port = 443
        event.path = "/v1/chat"
        event.pathSHA256 = "ab"
        event.argumentSHA256 = "cd"
        event.provenance = "configuration"
        event.address = "192.0.2.1"
        event.verdict = .deny
        event.reasons = ["no_grant", "risk"]
        event.grant = "g"
        event.revision = "r1"
        event.obligations = ["log"]
        event.riskPermille = 120
        event.bytesUp = 1
        event.bytesDown = -2
        event.duration = 0
        event.cause = "cut"
        event.durability = "process"
        event.detail = "x"
        return event
    }

    static func text(_ event: AuditEvent) -> String {
        var bytes: [UInt8] = []
        event.encode(into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a record is canonical JSON with its members in order`() throws {
        var event = AuditEvent(kind: .connectionEnd, time: 5)
        event.host = "a\"b\\c\u{1}\n\u{7f}é😀"
        event.reasons = ["x", ""]
        event.port = 443
        #expect(
            Self.text(event)
                == #"{"host":"a\"b\\c\u0001\n\#u{7f}é😀","kind":"connection_end","port":443,"#
                + #""reasons":["x",""],"time_us":5}"#)
    }

    @Test func `every member is written once, in order, and is read back`() throws {
        let bytes = Array(Self.text(Self.full()).utf8)
        let record = try #require(AuditRecord(bytes))
        let names = record.members.map(\.name)
        #expect(names == names.sorted())
        #expect(names.count == 34)
        #expect(record.text("agent") == "spiffe://techresolve.local/agent/support-bot")
        #expect(record.number("bytes_down") == -2)
        #expect(record.list("reasons") == ["no_grant", "risk"])
        #expect(record.number("time_us") == 1_790_000_000_123_456)
        #expect(record.text("verdict") == "deny")
        #expect(record.text("absent") == nil)
    }

    @Test func `text of every length and with an escape at every place is copied exactly`() throws {
        for length in 0..<40 {
            for place in 0...length {
                for character in ["\"", "\\", "\t", "é", "\u{1f}", " ", "!"] {
                    var text = String(repeating: "a", count: length)
                    text.insert(contentsOf: character, at: text.index(text.startIndex, offsetBy: place))
                    var event = AuditEvent(kind: .decision, time: 0)
                    event.detail = text
                    let record = try #require(AuditRecord(Array(Self.text(event).utf8)))
                    #expect(record.text("detail")?.utf8.elementsEqual(text.utf8) == true)
                }
            }
        }
    }

    @Test func `long text is cut between characters and marked with length and digest`() throws {
        var event = AuditEvent(kind: .decision, time: 0)
        event.path = String(repeating: "é", count: 3000)
        event.reasons = (0..<40).map { "r\($0)" }
        let record = try #require(AuditRecord(Array(Self.text(event).utf8)))
        let path = try #require(record.text("path"))
        #expect(path.hasPrefix("ééé"))
        #expect(path.contains("[cut: 6000 bytes, sha256 "))
        #expect(record.list("reasons").count == 33)
        #expect(record.list("reasons").last == "[8 more]")
    }

    @Test func `no event exceeds the size of an entry`() throws {
        var event = Self.full()
        let worst = String(repeating: "\u{1}", count: 100_000)
        for path: WritableKeyPath<AuditEvent, String?> in [
            \.decision, \.connection, \.agent, \.proof, \.person, \.task, \.source, \.plane, \.service, \.operation,
            \.method, \.host, \.path, \.pathSHA256, \.argumentSHA256, \.provenance, \.address, \.grant, \.revision,
            \.cause, \.durability, \.detail, \.role,
        ] {
            event[keyPath: path] = worst
        }
        event.actors = [String](repeating: worst, count: 20)
        event.reasons = [String](repeating: worst, count: 10)
        event.labels = [String](repeating: worst, count: 10)
        event.obligations = [String](repeating: worst, count: 10)
        let bytes = Array(Self.text(event).utf8)
        #expect(bytes.count <= AuditEvent.largestRecord)
        #expect(AuditRecord(bytes) != nil)
    }

    @Test func `numbers stay where every JSON reader is exact`() throws {
        var event = AuditEvent(kind: .decision, time: .max)
        event.bytesUp = .min
        let record = try #require(AuditRecord(Array(Self.text(event).utf8)))
        #expect(record.number("time_us") == 9_007_199_254_740_991)
        #expect(record.number("bytes_up") == -9_007_199_254_740_991)
    }

    @Test(arguments: [
        "", "{", "{}", "[]", "{\"a\":1} ", " {\"a\":1}", "{\"a\": 1}", "{\"b\":1,\"a\":1}", "{\"a\":1,\"a\":2}",
        "{\"a\":01}", "{\"a\":-0}", "{\"a\":1.0}", "{\"a\":1e3}", "{\"a\":99999999999999999999}", "{\"a\":null}",
        "{\"a\":{}}", "{\"a\":\"\n\"}", "{\"a\":\"\\u000A\"}", "{\"a\":\"\\u0041\"}", "{\"a\":\"\\/\"}",
        "{\"a\":\"\\ud800\"}", "{\"a\":[1]}", "{\"a\":\"x\"", "{\"a\":1,}",
    ])
    func `a record that is not canonical is no record`(text: String) {
        #expect(AuditRecord(Array(text.utf8)) == nil)
    }
}
