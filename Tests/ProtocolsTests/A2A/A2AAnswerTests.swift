// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Addresses
import Protocols
import Testing

@Suite("Answers and cards of agents") struct A2AAnswerTests {
    static func reader(_ method: String = "SendMessage", _ params: String? = nil) throws -> A2AAnswerReader {
        let params = params ?? #"{"message":\#(A2ARequestTests.message)}"#
        return A2AAnswerReader(try A2ARequestTests.read(A2ARequestTests.rpc(method, params)))
    }

    static func outcome(_ reader: A2AAnswerReader, _ body: String, isEvent: Bool = false) -> String {
        do throws(A2ARefusal) {
            switch try reader.read(Array(body.utf8), isEvent: isEvent) {
            case .error(let error): return "error \(error.code.text)"
            case .failure: return "failure"
            case .result(let result):
                return (result.tasks.map { "\($0.id)@\($0.context ?? "-")" } + result.texts).joined(separator: " ")
            }
        } catch { return error.code }
    }

    static func rpc(_ result: String, id: String = "1") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"result":\#(result)}"#
    }

    @Test(
        "A result is of the method's form",
        arguments: [
            (rpc(#"{"task":{"id":"t","contextId":"c","status":{"state":"TASK_STATE_WORKING"}}}"#), false, "t@c"),
            (rpc(#"{"message":{"messageId":"m","role":"ROLE_AGENT","parts":[{"text":"hi"}]}}"#), false, "hi"),
            (
                rpc(
                    #"{"kind":"task","id":"t","contextId":"c","status":{"state":"working","message":{"parts":[{"kind":"text","text":"so"}]}}}"#
                ), false, "t@c text so"
            ),
            (
                rpc(#"{"kind":"message","messageId":"m","role":"agent","parts":[{"kind":"text","text":"hi"}]}"#), false,
                "text hi"
            ),
            (rpc(#"{"statusUpdate":{"taskId":"t","contextId":"c","status":{}}}"#), true, "t@c"),
            (
                rpc(#"{"artifactUpdate":{"taskId":"t","artifact":{"parts":[{"text":"x"},{"raw":"AAAA"}]}}}"#), true,
                "t@- x"
            ),
            (
                rpc(
                    #"{"kind":"status-update","taskId":"t","contextId":"c","final":true,"status":{"state":"completed"}}"#
                ), true, "t@c"
            ),
            (rpc(#"{"statusUpdate":{"taskId":"t","status":{}}}"#), false, "a2a_answer_form"),
            (rpc(#"{"task":{"id":"t"},"message":{}}"#), false, "a2a_answer_form"),
            (rpc(#"{"task":{"id":"t","ID":"u"}}"#), false, "a2a_answer_form"),
            (rpc(#"{"task":{"id":"t","context_id":"u"}}"#), false, "a2a_answer_form"),
            (rpc(#"{"task":{"id":"t","id":"u"}}"#), false, "json_duplicate_name"),
            (rpc("[]"), false, "a2a_answer_form"), (rpc(#"{"kind":"other"}"#), false, "a2a_answer_form"),
            (rpc(#"{"task":{"id":"t"}}"#, id: "2"), false, "a2a_answer_id"),
            (rpc(#"{"task":{"id":"t"}}"#, id: #""1""#), false, "a2a_answer_id"),
            (rpc(#"{"task":{"id":"t"}}"#, id: "null"), false, "rpc_null_id"),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"Task not found"}}"#, false, "error -32001"),
            (#"{"jsonrpc":"2.0","id":1,"error":{"code":-32001,"message":"no"},"result":null}"#, false, "error -32001"),
            (#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}"#, false, "error -32700"),
            (#"{"jsonrpc":"2.0","id":1,"method":"SendMessage","params":{}}"#, false, "a2a_answer_form"),
        ])
    func results(_ body: String, _ isEvent: Bool, _ expected: String) throws {
        #expect(Self.outcome(try Self.reader(), body, isEvent: isEvent) == expected)
    }

    @Test func `A list is left with the caller's own tasks, and counts those only`() throws {
        let request = try A2ARequestTests.read(A2ARequestTests.rpc("ListTasks", "{}"))
        let reader = A2AAnswerReader(request) { $0 == "mine" }
        let body = Self.rpc(
            #"{"tasks":[{"id":"mine","contextId":"c"},{"id":"theirs","contextId":7}],"totalSize":2,"pageSize":2,"nextPageToken":"n"}"#
        )
        guard case .result(let result) = try reader.read(Array(body.utf8), isEvent: false) else {
            Issue.record("no result")
            return
        }
        #expect(
            result.value.text
                == #"{"nextPageToken":"n","pageSize":1,"tasks":[{"contextId":"c","id":"mine"}],"totalSize":1}"#)
    }

    // MARK: Cards

    static let card = #"""
        {"name":"Agent","description":"Does\u200b things","version":"1.0","url":"http://agent.test:9000/a2a",
         "preferredTransport":"JSONRPC","protocolVersion":"0.3.0","capabilities":{"streaming":false},
         "supportedInterfaces":[
           {"url":"http://agent.test:9000/a2a","protocolBinding":"JSONRPC","protocolVersion":"1.0"},
           {"url":"https://agent.test/rest","protocolBinding":"HTTP+JSON","protocolVersion":"1.0"},
           {"url":"http://agent.test:9001","protocolBinding":"GRPC","protocolVersion":"1.0"},
           {"url":"https://evil.test/a2a","protocolBinding":"JSONRPC","protocolVersion":"1.0"},
           {"url":"javascript:alert(1)","protocolBinding":"JSONRPC"},
           {"url":"http://agent.test/../x","protocolBinding":"JSONRPC"},
           {"url":"http://agent.test@evil.test/","protocolBinding":"JSONRPC"}],
         "skills":[{"id":"translate","name":"T","description":"","tags":[]},{"id":"pay","name":"P","security":[{"k":[]}]},
           {"id":"tasks/get","name":"trick"},{"id":"pa\u200by","name":"trick"},{"id":"translate","name":"again"}],
         "securitySchemes":{"k":{"type":"apiKey"}},"security":[{"k":[]}],"documentationUrl":"javascript:x",
         "provider":{"organization":"O","url":"data:text/html,x"},"signatures":[{"protected":"a","signature":"b"}],"odd":1}
        """#

    private static func rewritten(_ text: String, visible: Set<String> = ["translate", "pay"]) throws -> A2ACard {
        try A2ACard(
            try JSONValue(parsing: text),
            terms: A2ACard.Terms(
                entrance: "https://gate.test/s/agent", base: "", isOwnHost: { "\($0.endpoint.host)" == "agent.test" },
                isVisible: { visible.contains($0) }))
    }

    @Test func `A card leads to the gate only, and shows what the caller may call`() throws {
        let card = try Self.rewritten(Self.card, visible: ["translate"])
        let urls = card.object["supportedInterfaces"]?.array?.compactMap { $0["url"]?.string }
        #expect(urls == ["https://gate.test/s/agent/a2a", "https://gate.test/s/agent/rest"])
        #expect(card.object["url"]?.string == "https://gate.test/s/agent/a2a")
        #expect(card.droppedInterfaces == 5)
        #expect(card.unnamedSkills == 3)
        #expect(card.object["skills"]?.array?.map { $0["name"]?.string } == ["T"])
        let text = JSONValue.object(card.object).text
        for word in ["evil", "javascript", "data:", "signatures", "security", "odd", "trick", "\u{200b}"] {
            #expect(!text.utf8.contains(word.utf8), "\(word)")
        }
    }

    @Test func `A card that knows another place only is read by its paths`() throws {
        let card = try Self.rewritten(
            #"{"name":"A","url":"http://localhost:9999/","skills":[]}"#)
        #expect(card.object["url"]?.string == "https://gate.test/s/agent/")
    }

    @Test(arguments: [
        "[]", #"{"skills":{}}"#, #"{"skills":[{"name":"x"}]}"#, #"{"supportedInterfaces":[1]}"#, #"{"Skills":[]}"#,
    ])
    func `What is no card is none`(_ text: String) throws {
        #expect(throws: A2ARefusalReason.card) { try Self.rewritten(text) }
    }

    @Test func `What is signed is what a reader of version 1 sees`() throws {
        let card = try Self.rewritten(Self.card, visible: ["translate"])
        let signed = try JSONValue(parsing: card.signedBytes)
        #expect(
            signed.object?.names
                == ["capabilities", "description", "name", "provider", "skills", "supportedInterfaces", "version"])
        #expect(signed["capabilities"]?.text == #"{"streaming":false}"#)
        #expect(signed["skills"]?.text == #"[{"id":"translate","name":"T"}]"#)
        #expect(card.signed(("p", "s"))["signatures"]?.text == #"[{"protected":"p","signature":"s"}]"#)
    }

    @Test("Random cuts and changes of messages never get past what is read", arguments: 0..<8)
    func mutations(_ seed: UInt64) throws {
        var state = 0x9e37_79b9_7f4a_7c15 &+ seed &* 0x1234_5677
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(max(bound, 1)))
        }
        let texts = [
            A2ARequestTests.rpc(
                "SendMessage", #"{"message":\#(A2ARequestTests.message),"configuration":{"blocking":true}}"#),
            A2ARequestTests.rpc(
                "tasks/pushNotificationConfig/set",
                #"{"taskId":"t","pushNotificationConfig":{"url":"https://a.test/x?y"}}"#),
            Self.rpc(#"{"task":{"id":"t","contextId":"c","history":[{"messageId":"m","parts":[{"text":"x"}]}]}}"#),
            Self.card,
        ].map { Array($0.utf8) }
        let reader = try Self.reader()
        for round in 0..<600 {
            var bytes = texts[round % texts.count]
            for _ in 0...next(3) {
                guard !bytes.isEmpty else { break }
                let place = next(bytes.count)
                switch next(4) {
                case 0: bytes[place] = UInt8(next(256))
                case 1: bytes.remove(at: place)
                case 2: bytes.insert(Array(#"{}[]",:\u"#.utf8)[next(9)], at: place)
                default: bytes = Array(bytes.prefix(place))
                }
            }
            if let request = try? A2ARequestReader().read(
                method: "POST", path: "/", query: nil, fields: [MCPField("content-type", "application/json")],
                body: bytes)
            {
                // What is sent is read to be the very same.
                let again = try A2ARequestReader().read(
                    method: "POST", path: "/", query: nil, fields: [MCPField("content-type", "application/json")],
                    body: request.body)
                #expect(again.body == request.body)
                #expect(again.tasks == request.tasks)
                #expect(again.webhooks == request.webhooks)
            }
            _ = try? reader.read(bytes, isEvent: round % 2 == 0)
            _ = (try? JSONValue(parsing: bytes)).flatMap { try? Self.rewritten($0.text) }
        }
    }
}

extension String.UTF8View {
    fileprivate func contains(_ other: String.UTF8View) -> Bool {
        let text = Array(self)
        let word = Array(other)
        guard word.count <= text.count else { return false }
        return (0...(text.count - word.count)).contains { text[$0..<($0 + word.count)].elementsEqual(word) }
    }
}
